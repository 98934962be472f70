"""VGG: depth from 3×3 convolutions alone (Simonyan and Zisserman 2015)."""

from typing import Any

from gradus.zoo.entry import IMAGENET, Entry, document

SOURCE = "Simonyan and Zisserman 2015"
WIDTHS = (64, 128, 256, 512, 512)
# Convolutions of 3×3 in each of the five stages.
A, B, D, E = (1, 1, 2, 2, 2), (2, 2, 2, 2, 2), (2, 2, 3, 3, 3), (2, 2, 4, 4, 4)
_HEAD = [
    "flatten",
    {"type": "linear", "units": 4096, "activation": "relu"},
    "dropout",
    {"type": "linear", "units": 4096, "activation": "relu"},
    "dropout",
    {"type": "linear", "units": 1000},
]


def _convs(width: int, count: int, *, normalized: bool) -> list[Any]:
    conv: dict[str, Any] = {"type": "conv2d", "filters": width}
    body: list[Any] = (
        [conv, {"type": "batch_norm", "activation": "relu"}]
        if normalized
        else [{**conv, "activation": "relu"}]
    )
    return body if count == 1 else [{"type": "repeat", "times": count, "body": body}]


def vgg(
    name: str,
    depths: tuple[int, ...],
    *,
    normalized: bool = False,
    response: bool = False,
    pointwise: bool = False,
) -> dict[str, Any]:
    """One of the nets A to E.

    Args:
        depths: 3×3 convolutions of each stage.
        normalized: batch normalization after each convolution.
        response: local response normalization after the first convolution (A-LRN).
        pointwise: a 1×1 convolution at the end of the last three stages (C).
    """
    layers: list[Any] = []
    for stage, (width, count) in enumerate(zip(WIDTHS, depths, strict=True)):
        layers += _convs(width, count, normalized=normalized)
        if response and stage == 0:
            layers.append("local_response_norm")
        if pointwise and stage >= 2:
            layers.append({"type": "conv2d", "filters": width, "kernel": 1, "activation": "relu"})
        layers.append("max_pool2d")
    return document(name, IMAGENET, [*layers, *_HEAD])


def _entry(name: str, title: str, parameters: int, spec: dict[str, Any]) -> Entry:
    return Entry(name, title, SOURCE, parameters, spec)


VGG = (
    _entry("vgg11", "VGG-11 (A)", 132_863_336, vgg("VGG-11", A)),
    _entry("vgg11_lrn", "VGG-11 (A-LRN)", 132_863_336, vgg("VGG-11 with LRN", A, response=True)),
    _entry("vgg13", "VGG-13 (B)", 133_047_848, vgg("VGG-13", B)),
    _entry("vgg16_c", "VGG-16 (C)", 133_638_952, vgg("VGG-16 C", B, pointwise=True)),
    _entry("vgg16", "VGG-16 (D)", 138_357_544, vgg("VGG-16", D)),
    _entry("vgg19", "VGG-19 (E)", 143_667_240, vgg("VGG-19", E)),
    _entry("vgg11_bn", "VGG-11, normalized", 132_868_840, vgg("VGG-11 BN", A, normalized=True)),
    _entry("vgg13_bn", "VGG-13, normalized", 133_053_736, vgg("VGG-13 BN", B, normalized=True)),
    _entry("vgg16_bn", "VGG-16, normalized", 138_365_992, vgg("VGG-16 BN", D, normalized=True)),
    _entry("vgg19_bn", "VGG-19, normalized", 143_678_248, vgg("VGG-19 BN", E, normalized=True)),
)

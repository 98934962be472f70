"""Residual networks, for ImageNet and for CIFAR (He et al. 2016)."""

from typing import Any

from gradus.zoo.entry import CIFAR, IMAGENET, Entry, document

SOURCE = "He et al. 2016"
_RELU = {"type": "batch_norm", "activation": "relu"}


def _conv(filters: Any, kernel: int = 3, stride: Any = 1) -> dict[str, Any]:
    conv: dict[str, Any] = {"type": "conv2d", "filters": filters, "kernel": kernel}
    if stride != 1:
        conv["stride"] = stride
    if kernel > 1:
        conv["padding"] = "symmetric"
    return {**conv, "bias": False}


def _basic(shortcut: str) -> dict[str, Any]:
    body = [_conv("$width", stride="$stride"), _RELU, _conv("$width"), "batch_norm"]
    residual = {"type": "residual", "shortcut": shortcut, "body": body}
    return {"params": ["width", "stride"], "layers": [residual, "relu"]}


def _bottleneck() -> dict[str, Any]:
    """`first` and `middle` are the strides of its 1×1 and of its 3×3 convolution."""
    body = [
        _conv("$width", 1, "$first"),
        _RELU,
        _conv("$width", 3, "$middle"),
        _RELU,
        _conv("4 * $width", 1),
        "batch_norm",
    ]
    layers = [{"type": "residual", "body": body}, "relu"]
    return {"params": ["width", "first", "middle"], "layers": layers}


def _use(block: str, width: int, **strides: int) -> dict[str, Any]:
    return {"type": "block", "use": block, "with": {"width": width, **strides}}


def _stage(block: str, width: int, count: int, *strides: dict[str, int]) -> list[Any]:
    """The first unit with the first of `strides`, the others with the second."""
    first, unit = (_use(block, width, **each) for each in strides)
    if count < 3:
        return [first, *[unit] * (count - 1)]
    return [first, {"type": "repeat", "times": count - 1, "body": [unit]}]


def _stages(
    block: str, widths: tuple[int, ...], counts: tuple[int, ...], *, stride_first: bool = False
) -> list[Any]:
    found = []
    for index, (width, count) in enumerate(zip(widths, counts, strict=True)):
        stride = 2 if index else 1
        strides = [_strides(block, each, stride_first) for each in (stride, 1)]
        found += _stage(block, width, count, *strides)
    return found


def _strides(block: str, stride: int, first: bool) -> dict[str, int]:
    if block == "basic":
        return {"stride": stride}
    return {"first": stride, "middle": 1} if first else {"first": 1, "middle": stride}


def resnet(
    name: str, counts: tuple[int, ...], block: str, stride_first: bool = False
) -> dict[str, Any]:
    """A residual network for ImageNet.

    Args:
        counts: blocks in each of the four stages.
        block: basic (two 3×3) or bottleneck (1×1, 3×3, 1×1 four times as wide).
        stride_first: whether a bottleneck halves in its 1×1 convolution, as the paper has it;
            common code halves in the 3×3. The counts are the same.
    """
    blocks = {"basic": _basic("auto"), "bottleneck": _bottleneck()}
    stem = [
        _conv(64, 7, 2),
        _RELU,
        {"type": "max_pool2d", "size": 3, "stride": 2, "padding": "symmetric"},
    ]
    head = ["global_avg_pool", {"type": "linear", "units": 1000}]
    layers = [*stem, *_stages(block, (64, 128, 256, 512), counts, stride_first=stride_first), *head]
    return document(name, IMAGENET, layers, {block: blocks[block]})


def cifar_resnet(depth: int, shortcut: str = "pad") -> dict[str, Any]:
    """A residual network of 6 n + 2 layers for CIFAR; its shortcuts pad (the paper's A), project
    where the shapes differ (`project`, B) or everywhere (`project_always`, C)."""
    count = (depth - 2) // 6
    layers = [_conv(16), _RELU, *_stages("basic", (16, 32, 64), (count,) * 3)]
    head = ["global_avg_pool", {"type": "linear", "units": 10}]
    title = f"ResNet-{depth} for CIFAR"
    return document(title, CIFAR, [*layers, *head], {"basic": _basic(shortcut)})


def preactivated_resnet(depth: int) -> dict[str, Any]:
    """9 n + 2 layers for CIFAR whose normalization and ReLU stand before each convolution.

    The first block of a stage shares its activation with the shortcut, which is projected.
    """
    count = (depth - 2) // 9
    tail = [
        _conv("$width", 1),
        _RELU,
        _conv("$width", 3, "$stride"),
        _RELU,
        _conv("4 * $width", 1),
    ]
    plain = [each if isinstance(each, str) else dict(each) for each in tail]
    plain[2] = _conv("$width", 3)
    blocks = {
        "entry": {
            "params": ["width", "stride"],
            "layers": [_RELU, {"type": "residual", "shortcut": "project", "body": tail}],
        },
        "unit": {
            "params": ["width"],
            "layers": [{"type": "residual", "body": [_RELU, *plain]}],
        },
    }
    layers: list[Any] = [_conv(16)]
    for index, width in enumerate((16, 32, 64)):
        unit = {"type": "block", "use": "unit", "with": {"width": width}}
        layers.append(_use("entry", width, stride=2 if index else 1))
        layers.append({"type": "repeat", "times": count - 1, "body": [unit]})
    head = [_RELU, "global_avg_pool", {"type": "linear", "units": 10}]
    return document(f"ResNet-{depth} for CIFAR, pre-activated", CIFAR, [*layers, *head], blocks)


_IMAGENET = {
    18: ((2, 2, 2, 2), "basic", 11_689_512),
    34: ((3, 4, 6, 3), "basic", 21_797_672),
    50: ((3, 4, 6, 3), "bottleneck", 25_557_032),
    101: ((3, 4, 23, 3), "bottleneck", 44_549_160),
    152: ((3, 8, 36, 3), "bottleneck", 60_192_808),
}
_CIFAR = {
    20: 269_722,
    32: 464_154,
    44: 658_586,
    56: 853_018,
    110: 1_727_962,
    1202: 19_421_274,
}

_HALVES = (
    "A stage halves in the 3×3 convolution of its first unit, as common code does (`middle: 2`); the "
    "paper halves in the 1×1 before it (`first: 2`), with as many parameters."
)

RESNET = (
    *(
        Entry(
            f"resnet{depth}",
            f"ResNet-{depth}",
            SOURCE,
            parameters,
            resnet(f"ResNet-{depth}", counts, block),
            _HALVES if block == "bottleneck" else "",
        )
        for depth, (counts, block, parameters) in _IMAGENET.items()
    ),
    *(
        Entry(
            f"resnet{depth}_cifar",
            f"ResNet-{depth} for CIFAR",
            SOURCE,
            parameters,
            cifar_resnet(depth),
            "Shortcuts take every second cell and add channels of zeros.",
        )
        for depth, parameters in _CIFAR.items()
    ),
    Entry(
        "resnet1001_cifar",
        "ResNet-1001 for CIFAR, pre-activated",
        "He et al. 2016, Identity Mappings",
        10_327_706,
        preactivated_resnet(1001),
    ),
)

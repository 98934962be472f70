"""Inception v2 to v4 (Ioffe and Szegedy 2015; Szegedy et al. 2016 and 2017)."""

from typing import Any

from gradus.zoo.entry import IMAGENET, Entry, document

LARGE = (3, 299, 299)
MEAN = {"type": "avg_pool2d", "size": 3, "stride": 1, "padding": "same"}
KEEP = {"type": "max_pool2d", "size": 3, "stride": 1, "padding": "same"}
HALVE = {"type": "max_pool2d", "size": 3, "stride": 2}
Kernel = int | tuple[int, int]
Filters = int | str  # a number, or a param of a block


def _block(params: list[str], *, bias: bool = False, **fields: Any) -> dict[str, Any]:
    """A convolution, normalized, with ReLU, as a block of the document."""
    conv = {"type": "conv2d", "filters": "$filters", **fields, **({} if bias else {"bias": False})}
    normal = {"type": "batch_norm", "eps": 0.001, "activation": "relu"}
    return {"params": params, "layers": [conv, normal]}


BLOCKS = {
    "conv": _block(["filters", "kernel"], kernel="$kernel"),
    "inner": _block(["filters", "kernel"], kernel="$kernel", padding="valid"),
    "halve": _block(["filters"], kernel=3, stride=2, padding="valid"),
}
# The first normalized net was released with a bias in each convolution.
V2_BLOCKS = {
    "conv": _block(["filters", "kernel"], bias=True, kernel="$kernel"),
    "halve": _block(["filters", "kernel"], bias=True, kernel="$kernel", stride=2),
}


def _use(block: str, **values: Any) -> list[Any]:
    use = {"type": "block", "use": block}
    return [{**use, "with": values} if values else use]


def conv(filters: Filters, kernel: Kernel = 1) -> list[Any]:
    """A convolution that keeps height and width."""
    return _use(
        "conv", filters=filters, kernel=list(kernel) if isinstance(kernel, tuple) else kernel
    )


def inner(filters: int, kernel: int = 1) -> list[Any]:
    """A convolution without padding."""
    return _use("inner", filters=filters, kernel=kernel)


def halved(filters: int) -> list[Any]:
    """A 3×3 convolution that halves height and width."""
    return _use("halve", filters=filters)


def branches(*ways: list[Any]) -> dict[str, Any]:
    return {"type": "branches", "branches": list(ways)}


def chain(*steps: tuple[Filters, Kernel]) -> list[Any]:
    """Convolutions one after the other, each given by its filters and its kernel."""
    return [layer for filters, kernel in steps for layer in conv(filters, kernel)]


def split(filters: int) -> dict[str, Any]:
    """1×3 and 3×1 side by side on the same maps."""
    return branches(conv(filters, (1, 3)), conv(filters, (3, 1)))


def times(count: int, module: dict[str, Any]) -> dict[str, Any]:
    return {"type": "repeat", "times": count, "body": [module]}


def _v2_module(
    one: int | None, three: tuple[int, int], double: tuple[int, int], pool: list[Any]
) -> dict[str, Any]:
    """1×1, 3×3, two 3×3 for a 5×5, and a pool; without the first it halves height and width."""
    ways = [] if one is None else [conv(one)]
    last = conv if one is not None else _v2_halved
    first, second = double
    ways.append([*conv(three[0]), *last(three[1], 3)])
    ways.append([*conv(first), *conv(second, 3), *last(second, 3)])
    return branches(*ways, pool)


def _v2_halved(filters: int, kernel: int = 3) -> list[Any]:
    return _use("halve", filters=filters, kernel=kernel)


def _pooled(kind: dict[str, Any], filters: int) -> list[Any]:
    return [kind, *conv(filters)]


_POOL = {**HALVE, "padding": "same"}
V2 = document(
    "Inception v2",
    IMAGENET,
    [
        *_v2_halved(64, 7),
        _POOL,
        *conv(64),
        *conv(192, 3),
        _POOL,
        _v2_module(64, (64, 64), (64, 96), _pooled(MEAN, 32)),
        _v2_module(64, (64, 96), (64, 96), _pooled(MEAN, 64)),
        _v2_module(None, (128, 160), (64, 96), [_POOL]),
        _v2_module(224, (64, 96), (96, 128), _pooled(MEAN, 128)),
        _v2_module(192, (96, 128), (96, 128), _pooled(MEAN, 128)),
        _v2_module(160, (128, 160), (128, 160), _pooled(MEAN, 128)),
        _v2_module(96, (128, 192), (160, 192), _pooled(MEAN, 128)),
        _v2_module(None, (128, 192), (192, 256), [_POOL]),
        _v2_module(352, (192, 320), (160, 224), _pooled(MEAN, 128)),
        _v2_module(352, (192, 320), (192, 224), _pooled(KEEP, 128)),
        "global_avg_pool",
        {"type": "linear", "units": 1000},
    ],
    V2_BLOCKS,
)


def _v3_a(pooled: Filters) -> dict[str, Any]:
    return branches(
        conv(64),
        chain((48, 1), (64, 5)),
        chain((64, 1), (96, 3), (96, 3)),
        [MEAN, *conv(pooled)],
    )


def _v3_c(width: Filters) -> dict[str, Any]:
    """7×7 as 1×7 and 7×1, once and twice."""
    long: list[tuple[Filters, Kernel]] = [(width, 1), (width, (7, 1)), (width, (1, 7))]
    return branches(
        conv(192),
        chain((width, 1), (width, (1, 7)), (192, (7, 1))),
        chain(*long, (width, (7, 1)), (192, (1, 7))),
        [MEAN, *conv(192)],
    )


_V3_E = branches(
    conv(320),
    [*conv(384), split(384)],
    [*chain((448, 1), (384, 3)), split(384)],
    [MEAN, *conv(192)],
)


V3_BLOCKS = {
    **BLOCKS,
    "a": {"params": ["pooled"], "layers": [_v3_a("$pooled")]},
    "c": {"params": ["width"], "layers": [_v3_c("$width")]},
    "e": {"layers": [_V3_E]},
}


def inception_v3(*, heads: bool) -> dict[str, Any]:
    """Inception v3, with or without its further head."""
    layers: list[Any] = [
        *halved(32),
        *inner(32, 3),
        *conv(64, 3),
        HALVE,
        *inner(80),
        *inner(192, 3),
        HALVE,
        *[layer for pooled in (32, 64, 64) for layer in _use("a", pooled=pooled)],
        branches(halved(384), [*chain((64, 1), (96, 3)), *halved(96)], [HALVE]),
        *[layer for width in (128, 160, 160) for layer in _use("c", width=width)],
        {**_use("c", width=192)[0], "name": "last_c"},
    ]
    reduction = branches(
        [*conv(192), *halved(320)],
        [*chain((192, 1), (192, (1, 7)), (192, (7, 1))), *halved(192)],
        [HALVE],
    )
    end = [
        *_use("e"),
        *_use("e"),
        "global_avg_pool",
        "dropout",
        {"type": "linear", "units": 1000},
    ]
    if not heads:
        return document("Inception v3", LARGE, [*layers, reduction, *end], V3_BLOCKS)
    head = [
        {"type": "avg_pool2d", "size": 5, "stride": 3, "from": "last_c"},
        *conv(128),
        *inner(768, 5),
        "global_avg_pool",
        {"type": "linear", "name": "head", "units": 1000},
    ]
    layers = [*layers, *head, {**reduction, "from": "last_c"}, *end]
    found = document("Inception v3 with its head", LARGE, layers, V3_BLOCKS)
    further = {"type": "cross_entropy", "input": "head", "weight": 0.4}
    return {**found, "train": {"losses": ["cross_entropy", further]}}


_V4_A = branches(
    conv(96),
    chain((64, 1), (96, 3)),
    chain((64, 1), (96, 3), (96, 3)),
    [MEAN, *conv(96)],
)
_V4_B = branches(
    conv(384),
    chain((192, 1), (224, (1, 7)), (256, (7, 1))),
    chain((192, 1), (192, (7, 1)), (224, (1, 7)), (224, (7, 1)), (256, (1, 7))),
    [MEAN, *conv(128)],
)
_V4_C = branches(
    conv(256),
    [*conv(384), split(256)],
    [*chain((384, 1), (448, (3, 1)), (512, (1, 3))), split(256)],
    [MEAN, *conv(256)],
)
V4 = document(
    "Inception v4",
    LARGE,
    [
        *halved(32),
        *inner(32, 3),
        *conv(64, 3),
        branches([HALVE], halved(96)),
        branches(
            [*conv(64), *inner(96, 3)],
            [*chain((64, 1), (64, (1, 7)), (64, (7, 1))), *inner(96, 3)],
        ),
        branches(halved(192), [HALVE]),
        times(4, _V4_A),
        branches(halved(384), [*chain((192, 1), (224, 3)), *halved(256)], [HALVE]),
        times(7, _V4_B),
        branches(
            [*conv(192), *halved(192)],
            [*chain((256, 1), (256, (1, 7)), (320, (7, 1))), *halved(320)],
            [HALVE],
        ),
        times(3, _V4_C),
        "global_avg_pool",
        {"type": "dropout", "rate": 0.2},
        {"type": "linear", "units": 1000},
    ],
    BLOCKS,
)

INCEPTION = (
    Entry(
        "inception_v2",
        "Inception v2 (BN-Inception)",
        "Ioffe and Szegedy 2015",
        11_295_240,
        V2,
        "Each 5×5 as two 3×3, normalized, with biases as released.",
    ),
    Entry(
        "inception_v3",
        "Inception v3",
        "Szegedy et al. 2016",
        23_834_568,
        inception_v3(heads=False),
    ),
    Entry(
        "inception_v3_heads",
        "Inception v3, as trained",
        "Szegedy et al. 2016",
        27_161_264,
        inception_v3(heads=True),
        "With its further head, whose loss weighs 0.4.",
    ),
    Entry("inception_v4", "Inception v4", "Szegedy et al. 2017", 42_679_816, V4),
)

"""Inception v2 to v4 (Ioffe and Szegedy 2015; Szegedy et al. 2016 and 2017)."""

from typing import Any

from gradus.zoo.entry import IMAGENET, Entry, document

LARGE = (3, 299, 299)
HALVE = {"type": "max_pool2d", "size": 3, "stride": 2}
Kernel = int | tuple[int, int]


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


def conv(filters: int, kernel: Kernel = 1) -> list[Any]:
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


def chain(*steps: tuple[int, Kernel]) -> list[Any]:
    """Convolutions one after the other, each given by its filters and its kernel."""
    return [layer for filters, kernel in steps for layer in conv(filters, kernel)]


def module(version: str, **fields: Any) -> dict[str, Any]:
    return {"type": "inception", "version": version, **fields}


def times(count: int, module: dict[str, Any]) -> dict[str, Any]:
    return {"type": "repeat", "times": count, "body": [module]}


def _v2_module(
    one: int, three: tuple[int, int], double: tuple[int, int], pooled: int, **fields: Any
) -> dict[str, Any]:
    """1×1, 3×3, two 3×3 for a 5×5, and a pool."""
    names = ("one", "reduce_three", "three", "reduce_double", "double", "pooled")
    widths = dict(zip(names, (one, *three, *double, pooled), strict=True))
    return module("v2", widths=widths, bias=True, **fields)


def _v2_reduction(three: tuple[int, int], double: tuple[int, int]) -> dict[str, Any]:
    names = ("reduce_three", "three", "reduce_double", "double")
    widths = dict(zip(names, (*three, *double), strict=True))
    return module("v2_reduction", widths=widths, bias=True)


_POOL = {**HALVE, "padding": "same"}
V2 = document(
    "Inception v2",
    IMAGENET,
    [
        *_use("halve", filters=64, kernel=7),
        _POOL,
        *conv(64),
        *conv(192, 3),
        _POOL,
        _v2_module(64, (64, 64), (64, 96), 32),
        _v2_module(64, (64, 96), (64, 96), 64),
        _v2_reduction((128, 160), (64, 96)),
        _v2_module(224, (64, 96), (96, 128), 128),
        _v2_module(192, (96, 128), (96, 128), 128),
        _v2_module(160, (128, 160), (128, 160), 128),
        _v2_module(96, (128, 192), (160, 192), 128),
        _v2_reduction((128, 192), (192, 256)),
        _v2_module(352, (192, 320), (160, 224), 128),
        _v2_module(352, (192, 320), (192, 224), 128, pool="max"),
        "global_avg_pool",
        {"type": "linear", "units": 1000},
    ],
    V2_BLOCKS,
)


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
        *[module("v3_a", widths={"pooled": pooled}) for pooled in (32, 64, 64)],
        module("v3_b"),
        *[module("v3_c", widths={"narrow": narrow}) for narrow in (128, 160, 160)],
        module("v3_c", widths={"narrow": 192}, name="last_c"),
    ]
    reduction = module("v3_d")
    end = [
        module("v3_e"),
        module("v3_e"),
        "global_avg_pool",
        "dropout",
        {"type": "linear", "units": 1000},
    ]
    if not heads:
        return document("Inception v3", LARGE, [*layers, reduction, *end], BLOCKS)
    head = [
        {"type": "avg_pool2d", "size": 5, "stride": 3, "from": "last_c"},
        *conv(128),
        *inner(768, 5),
        "global_avg_pool",
        {"type": "linear", "name": "head", "units": 1000},
    ]
    layers = [*layers, *head, {**reduction, "from": "last_c"}, *end]
    found = document("Inception v3 with its head", LARGE, layers, BLOCKS)
    further = {"type": "cross_entropy", "input": "head", "weight": 0.4}
    return {**found, "train": {"losses": ["cross_entropy", further]}}


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
        times(4, module("v4_a")),
        module("v4_reduction_a"),
        times(7, module("v4_b")),
        module("v4_reduction_b"),
        times(3, module("v4_c")),
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

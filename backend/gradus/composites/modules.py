"""The modules of the Inception family: which ways each has, and its published widths.

A way is a list of layers as a document would hold them. Sizes come by name from `widths`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Kernel = int | tuple[int, int]
Widths = Mapping[str, int]
Way = list[Any]
ROW, COLUMN = (1, 7), (7, 1)  # 7×7 as two


class Style(NamedTuple):
    """How the convolutions and the pool of one module are written."""

    normalized: bool
    bias: bool
    large: int  # side of what the papers have as 5×5
    pool: str

    def conv(self, filters: int, kernel: Kernel = 1, **fields: Any) -> Way:
        side = list(kernel) if isinstance(kernel, tuple) else kernel
        conv = {"type": "conv2d", "filters": filters, "kernel": side, "bias": self.bias, **fields}
        if not self.normalized:
            return [{**conv, "activation": "relu"}]
        return [conv, {"type": "batch_norm", "eps": 0.001, "activation": "relu"}]

    def chain(self, *steps: tuple[int, Kernel]) -> Way:
        return [layer for filters, kernel in steps for layer in self.conv(filters, kernel)]

    def halved(self, filters: int, padding: str = "valid") -> Way:
        """A 3×3 convolution that halves height and width."""
        return self.conv(filters, 3, stride=2, padding=padding)

    def split(self, filters: int) -> Way:
        """1×3 and 3×1 side by side on the same maps."""
        ways = [self.conv(filters, (1, 3)), self.conv(filters, (3, 1))]
        return [{"type": "branches", "branches": ways}]

    def pooled(self, filters: int = 0) -> Way:
        """A pool that keeps height and width, and a 1×1 convolution behind it."""
        pool = {"type": self.pool, "size": 3, "stride": 1, "padding": "same"}
        return [pool, *(self.conv(filters) if filters else [])]

    def pool_halved(self, padding: str = "valid") -> Way:
        return [{"type": self.pool, "size": 3, "stride": 2, "padding": padding}]


def _v1_naive(style: Style, w: Widths) -> list[Way]:
    kernels: list[tuple[int, Kernel]] = [(w["one"], 1), (w["three"], 3), (w["five"], style.large)]
    return [*(style.conv(*each) for each in kernels), style.pooled()]


def _v1(style: Style, w: Widths) -> list[Way]:
    return [
        style.conv(w["one"]),
        style.chain((w["reduce_three"], 1), (w["three"], 3)),
        style.chain((w["reduce_five"], 1), (w["five"], style.large)),
        style.pooled(w["pooled"]),
    ]


def _v2(style: Style, w: Widths) -> list[Way]:
    return [
        style.conv(w["one"]),
        style.chain((w["reduce_three"], 1), (w["three"], 3)),
        style.chain((w["reduce_double"], 1), (w["double"], 3), (w["double"], 3)),
        style.pooled(w["pooled"]),
    ]


def _v2_reduction(style: Style, w: Widths) -> list[Way]:
    return [
        [*style.conv(w["reduce_three"]), *style.halved(w["three"], "same")],
        [
            *style.chain((w["reduce_double"], 1), (w["double"], 3)),
            *style.halved(w["double"], "same"),
        ],
        style.pool_halved("same"),
    ]


def _v3_a(style: Style, w: Widths) -> list[Way]:
    return [
        style.conv(w["one"]),
        style.chain((w["reduce_five"], 1), (w["five"], style.large)),
        style.chain((w["reduce_double"], 1), (w["double"], 3), (w["double"], 3)),
        style.pooled(w["pooled"]),
    ]


def _v3_b(style: Style, w: Widths) -> list[Way]:
    double = style.chain((w["reduce_double"], 1), (w["double"], 3))
    return [
        style.halved(w["three"]),
        [*double, *style.halved(w["double"])],
        style.pool_halved(),
    ]


def _v3_c(style: Style, w: Widths) -> list[Way]:
    narrow, wide = w["narrow"], w["wide"]
    long: list[tuple[int, Kernel]] = [(narrow, 1), (narrow, COLUMN), (narrow, ROW)]
    return [
        style.conv(wide),
        style.chain((narrow, 1), (narrow, ROW), (wide, COLUMN)),
        style.chain(*long, (narrow, COLUMN), (wide, ROW)),
        style.pooled(wide),
    ]


def _v3_d(style: Style, w: Widths) -> list[Way]:
    seven = w["seven"]
    return [
        [*style.conv(w["reduce_three"]), *style.halved(w["three"])],
        [*style.chain((seven, 1), (seven, ROW), (seven, COLUMN)), *style.halved(seven)],
        style.pool_halved(),
    ]


def _v3_e(style: Style, w: Widths) -> list[Way]:
    return [
        style.conv(w["one"]),
        [*style.conv(w["split"]), *style.split(w["split"])],
        [*style.chain((w["reduce_double"], 1), (w["split"], 3)), *style.split(w["split"])],
        style.pooled(w["pooled"]),
    ]


def _v4_a(style: Style, w: Widths) -> list[Way]:
    return [
        style.conv(w["one"]),
        style.chain((w["reduce"], 1), (w["three"], 3)),
        style.chain((w["reduce"], 1), (w["three"], 3), (w["three"], 3)),
        style.pooled(w["pooled"]),
    ]


def _v4_b(style: Style, w: Widths) -> list[Way]:
    reduce, middle, wide = w["reduce"], w["middle"], w["wide"]
    long: list[tuple[int, Kernel]] = [(reduce, 1), (reduce, COLUMN), (middle, ROW)]
    return [
        style.conv(w["one"]),
        style.chain((reduce, 1), (middle, ROW), (wide, COLUMN)),
        style.chain(*long, (middle, COLUMN), (wide, ROW)),
        style.pooled(w["pooled"]),
    ]


def _v4_c(style: Style, w: Widths) -> list[Way]:
    long = style.chain((w["reduce"], 1), (w["middle"], (3, 1)), (w["wide"], (1, 3)))
    return [
        style.conv(w["one"]),
        [*style.conv(w["reduce"]), *style.split(w["split"])],
        [*long, *style.split(w["split"])],
        style.pooled(w["pooled"]),
    ]


def _v4_reduction_a(style: Style, w: Widths) -> list[Way]:
    double = style.chain((w["reduce_double"], 1), (w["middle"], 3))
    return [style.halved(w["three"]), [*double, *style.halved(w["wide"])], style.pool_halved()]


def _v4_reduction_b(style: Style, w: Widths) -> list[Way]:
    seven = style.chain((w["reduce_seven"], 1), (w["reduce_seven"], ROW), (w["seven"], COLUMN))
    return [
        [*style.conv(w["three"]), *style.halved(w["three"])],
        [*seven, *style.halved(w["seven"])],
        style.pool_halved(),
    ]


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its ways, the widths it was first published with, and its pool."""

    ways: Callable[[Style, Widths], Sequence[Way]]
    widths: Widths
    pool: str = "avg_pool2d"
    has_large: bool = False  # whether it holds a 5×5


def _widths(**sizes: int) -> dict[str, int]:
    return sizes


_V1 = _widths(one=64, reduce_three=96, three=128, reduce_five=16, five=32, pooled=32)
_V2 = _widths(one=64, reduce_three=64, three=64, reduce_double=64, double=96, pooled=32)
_V3_A = _widths(one=64, reduce_five=48, five=64, reduce_double=64, double=96, pooled=32)
MODULES: dict[str, Module] = {
    "v1_naive": Module(_v1_naive, _widths(one=64, three=128, five=32), "max_pool2d", True),
    "v1": Module(_v1, _V1, "max_pool2d", True),
    "v2": Module(_v2, _V2),
    "v2_reduction": Module(
        _v2_reduction,
        _widths(reduce_three=128, three=160, reduce_double=64, double=96),
        "max_pool2d",
    ),
    "v3_a": Module(_v3_a, _V3_A, has_large=True),
    "v3_b": Module(_v3_b, _widths(three=384, reduce_double=64, double=96), "max_pool2d"),
    "v3_c": Module(_v3_c, _widths(narrow=128, wide=192)),
    "v3_d": Module(_v3_d, _widths(reduce_three=192, three=320, seven=192), "max_pool2d"),
    "v3_e": Module(_v3_e, _widths(one=320, split=384, reduce_double=448, pooled=192)),
    "v4_a": Module(_v4_a, _widths(one=96, reduce=64, three=96, pooled=96)),
    "v4_b": Module(_v4_b, _widths(one=384, reduce=192, middle=224, wide=256, pooled=128)),
    "v4_c": Module(
        _v4_c, _widths(one=256, reduce=384, middle=448, wide=512, split=256, pooled=256)
    ),
    "v4_reduction_a": Module(
        _v4_reduction_a,
        _widths(three=384, reduce_double=192, middle=224, wide=256),
        "max_pool2d",
    ),
    "v4_reduction_b": Module(
        _v4_reduction_b, _widths(three=192, reduce_seven=256, seven=320), "max_pool2d"
    ),
}

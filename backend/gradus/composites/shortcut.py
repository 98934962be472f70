"""The way past a residual body, made of plain layers once the shapes on both sides are known."""

from collections.abc import Sequence

from gradus.layers import LAYERS, Layer, Misfit
from gradus.layers.conv import Conv2d
from gradus.layers.linear import Linear
from gradus.layers.norm import BatchNorm
from gradus.layers.pool import AvgPool2d
from gradus.layers.shape import Pad
from gradus.planned import Shape


class Shortcut(Layer):
    """Stands in an expanded network until its shapes are known; no document can name it.

    `kind` is auto or project (identity where the shapes agree, else a projection), pad, or
    project_always.
    """

    inputs = (2, 2)  # what the body reads, and what it gives

    kind: str = "auto"
    normalized: bool = False

    def layers(self, start: Shape, end: Shape) -> list[Layer]:
        """The layers that turn shape `start` into `end`: none where they agree, unless it always
        projects.

        Raises Misfit where no shortcut of this kind leads there.
        """
        if start == end and self.kind != "project_always":
            return []
        self._check(start, end)
        strides = tuple(
            -(-size // smaller) for size, smaller in zip(start[1:], end[1:], strict=True)
        )
        return self._pad(start, end, strides) if self.kind == "pad" else self._project(end, strides)

    def _check(self, start: Shape, end: Shape) -> None:
        ranks = len(start) == len(end) and len(start) in (1, 3)
        steps = ranks and all(
            -(-size // -(-size // smaller)) == smaller <= size
            for size, smaller in zip(start[1:], end[1:], strict=True)
        )
        if not steps or (self.kind == "pad" and start[0] > end[0]):
            raise Misfit(
                "shape.shortcut",
                expected=str(list(end)),
                got=str(list(start)),
                kind="pad" if self.kind == "pad" else "project",
                first=list(start),
                second=list(end),
            )

    def _project(self, end: Shape, strides: Sequence[int]) -> list[Layer]:
        if not strides:
            way: Layer = Linear(units=end[0], bias=False)
        else:
            way = Conv2d(filters=end[0], kernel=(1, 1), stride=(strides[0], strides[1]), bias=False)
        return [way, BatchNorm()] if self.normalized else [way]

    def _pad(self, start: Shape, end: Shape, strides: Sequence[int]) -> list[Layer]:
        layers: list[Layer] = []
        if any(stride > 1 for stride in strides):
            # A mean over one cell takes every s-th cell.
            layers.append(AvgPool2d(size=(1, 1), stride=(strides[0], strides[1])))
        if end[0] > start[0]:
            sides = ((0, 0),) * (len(start) - 1)
            layers.append(Pad(sides=sides, channels=(0, end[0] - start[0])))
        return layers


def is_normalized(body: Sequence[object]) -> bool:
    """Whether a written body ends in a batch normalization, as its projection then does too."""
    last = body[-1] if body else None
    word = last.get("type") if isinstance(last, dict) else last
    return word == "batch_norm" and word in LAYERS

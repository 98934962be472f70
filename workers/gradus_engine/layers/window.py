"""Padding around a line [N, C, L] or a picture [N, C, H, W] before a window slides over it."""

from collections.abc import Sequence

from gradus.layers.window import sides
from gradus.planned import Shape


class Border:
    """Cells added on each side. What is equal on both sides torch pads itself, at no cost."""

    def __init__(
        self,
        padding: str | Sequence[int],
        shape: Shape,
        kernel: Sequence[int],
        stride: Sequence[int],
        dilation: Sequence[int] | None = None,
    ) -> None:
        axes = zip(shape[1:], kernel, stride, dilation or (1,) * len(kernel), strict=True)
        added = [sides(padding, axis, *sizes) for axis, sizes in enumerate(axes)]
        self.symmetric = tuple(before for before, _ in added)
        # In torch's order: the last axis first, on each before and behind.
        self.pad = tuple(cells for both in reversed(added) for cells in both)
        self.even = all(before == behind for before, behind in added)
        self.none = not any(self.pad)
        # Whether some window may lie on padding alone.
        self.hollow = any(max(both) >= side for both, side in zip(added, kernel, strict=True))

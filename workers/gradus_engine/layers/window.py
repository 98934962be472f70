"""Padding around a picture [N, C, H, W] before a window slides over it."""

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
        dilation: Sequence[int] = (1, 1),
    ) -> None:
        field = padding if isinstance(padding, str) else (padding[0], padding[1])
        height, width = (
            sides(field, axis, shape[1 + axis], kernel[axis], stride[axis], dilation[axis])
            for axis in (0, 1)
        )
        self.symmetric = (height[0], width[0])
        # In torch's order: left, right, top, bottom.
        self.pad = (*width, *height)
        self.even = height[0] == height[1] and width[0] == width[1]
        self.none = not any(self.pad)
        # Whether some window may lie on padding alone.
        self.hollow = max(width) >= kernel[1] or max(height) >= kernel[0]

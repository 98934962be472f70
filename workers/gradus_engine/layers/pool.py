"""Pooling: a window or a whole map becomes one number. N samples, C channels."""

from collections.abc import Callable
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.layers.window import Border

LEAST = float("-inf")


class Pool(nn.Module):
    """A window slid over a line or a picture: [N, C, …] → [N, C, …'].

    A window that lies on padding alone gives 0.
    """

    compute: ClassVar[Callable[..., Tensor]]

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.size = tuple(plan.fields["size"])
        self.stride = tuple(plan.fields["stride"])
        self.border = Border(plan.fields["padding"], plan.input_shapes[0], self.size, self.stride)

    def slide(self, x: Tensor, value: float) -> Tensor:
        """The pool over `x` with `value` in the cells around it."""
        padded = x if self.border.none else F.pad(x, self.border.pad, value=value)
        return type(self).compute(padded, self.size, self.stride)


class MaxPool(Pool):
    """The largest value of each window. Padding never wins."""

    def forward(self, x: Tensor) -> Tensor:
        y = self.slide(x, LEAST)
        return y.masked_fill(y == LEAST, 0) if self.border.hollow else y


class AvgPool(Pool):
    """The mean of each window over the cells inside."""

    scale: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__(plan)
        # In double precision, so that a network of doubles loses nothing by it.
        share = self.slide(torch.ones(1, 1, *plan.input_shapes[0][1:], dtype=torch.float64), 0)
        self.register_buffer("scale", torch.where(share > 0, 1 / share, 0), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.slide(x, 0)
        return y if self.border.none else y * self.scale


class MaxPool1d(MaxPool):
    """[N, C, L] → [N, C, L']."""

    compute = F.max_pool1d


class MaxPool2d(MaxPool):
    """[N, C, H, W] → [N, C, H', W']."""

    compute = F.max_pool2d


class AvgPool1d(AvgPool):
    """[N, C, L] → [N, C, L']."""

    compute = F.avg_pool1d


class AvgPool2d(AvgPool):
    """[N, C, H, W] → [N, C, H', W']."""

    compute = F.avg_pool2d


class AdaptivePool2d(nn.Module):
    """Even windows, as many as the output has cells: [N, C, H, W] → [N, C, h, w]."""

    compute: ClassVar[Callable[..., Tensor]]

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.size = tuple(plan.fields["size"])

    def forward(self, x: Tensor) -> Tensor:
        return type(self).compute(x, self.size)


class AdaptiveAvgPool2d(AdaptivePool2d):
    """The mean of each window."""

    compute = F.adaptive_avg_pool2d


class AdaptiveMaxPool2d(AdaptivePool2d):
    """The largest value of each window."""

    compute = F.adaptive_max_pool2d


class GlobalAvgPool(nn.Module):
    """The mean of each map, over the cells that a mask [N, …] counts: [N, C, …] → [N, C]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        cells = x.flatten(2)
        if mask is None:
            return cells.mean(2)
        counts = _counted(mask, x)
        return (cells * counts).sum(2) / counts.sum(2).clamp(min=1)


class GlobalMaxPool(nn.Module):
    """The largest value of each map, of those that a mask [N, …] counts: [N, C, …] → [N, C]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        cells = x.flatten(2)
        if mask is None:
            return cells.amax(2)
        y = cells.masked_fill(_counted(mask, x) == 0, LEAST).amax(2)
        return y.masked_fill(y == LEAST, 0)


def _counted(mask: Tensor, x: Tensor) -> Tensor:
    """1 for each cell that counts, else 0: [N, 1, L]."""
    return (mask != 0).to(x.dtype).flatten(1).unsqueeze(1)

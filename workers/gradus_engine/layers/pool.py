"""Pooling: a window or a whole map becomes one number. N samples, C channels."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.layers.window import Border

LEAST = float("-inf")


class MaxPool2d(nn.Module):
    """The largest value of each window: [N, C, H, W] → [N, C, H', W']. Padding never wins.

    A window that lies on padding alone gives 0.
    """

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.size = tuple(plan.fields["size"])
        self.stride = tuple(plan.fields["stride"])
        self.border = Border(plan.fields["padding"], plan.input_shapes[0], self.size, self.stride)

    def forward(self, x: Tensor) -> Tensor:
        if self.border.none:
            return F.max_pool2d(x, self.size, self.stride)
        y = F.max_pool2d(F.pad(x, self.border.pad, value=LEAST), self.size, self.stride)
        return y.masked_fill(y == LEAST, 0) if self.border.hollow else y


class AvgPool2d(nn.Module):
    """The mean of each window over the cells inside the picture: [N, C, H, W] → [N, C, H', W'].

    A window that lies on padding alone gives 0.
    """

    scale: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.size = tuple(plan.fields["size"])
        self.stride = tuple(plan.fields["stride"])
        shape = plan.input_shapes[0]
        self.border = Border(plan.fields["padding"], shape, self.size, self.stride)
        inside = F.pad(torch.ones(1, 1, *shape[1:]), self.border.pad)
        share = F.avg_pool2d(inside, self.size, self.stride)
        self.register_buffer("scale", torch.where(share > 0, 1 / share, 0), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        if self.border.none:
            return F.avg_pool2d(x, self.size, self.stride)
        return F.avg_pool2d(F.pad(x, self.border.pad), self.size, self.stride) * self.scale


class GlobalAvgPool(nn.Module):
    """The mean of each map: [N, C, …] → [N, C]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(2).mean(2)


class GlobalMaxPool(nn.Module):
    """The largest value of each map: [N, C, …] → [N, C]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(2).amax(2)

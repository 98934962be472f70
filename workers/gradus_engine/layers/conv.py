"""Convolution along one axis and over pictures. N samples, C channels, F filters."""

from collections.abc import Callable
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.layers.activations import function
from gradus_engine.layers.window import Border


class Convolution(nn.Module):
    """Cross-correlation, as every network library means it; `flip` turns the kernels round first."""

    compute: ClassVar[Callable[..., Tensor]]

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        fields = plan.fields
        filters, shape, kernel = fields["filters"], plan.input_shapes[0], fields["kernel"]
        self.weight = nn.Parameter(torch.empty(filters, shape[0] // fields["groups"], *kernel))
        self.bias = nn.Parameter(torch.empty(filters)) if fields["bias"] else None
        self.function = function(fields["activation"])
        self.stride = tuple(fields["stride"])
        self.dilation = tuple(fields["dilation"])
        self.groups = fields["groups"]
        self.border = Border(fields["padding"], shape, kernel, self.stride, self.dilation)
        self.flip = tuple(range(2, 2 + len(kernel))) if fields["flip"] else None

    def forward(self, x: Tensor) -> Tensor:
        padding = self.border.symmetric
        if not self.border.even:
            x, padding = F.pad(x, self.border.pad), (0,) * len(padding)
        weight = self.weight.flip(self.flip) if self.flip else self.weight
        maps = type(self).compute(
            x, weight, self.bias, self.stride, padding, self.dilation, self.groups
        )
        return self.function(maps)


class Conv1d(Convolution):
    """[N, C, L] → [N, F, L']."""

    compute = F.conv1d


class Conv2d(Convolution):
    """[N, C, H, W] → [N, F, H', W']."""

    compute = F.conv2d

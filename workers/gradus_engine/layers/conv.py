"""Convolution over pictures. N samples, C channels, F filters."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.layers.activations import function
from gradus_engine.layers.window import Border


class Conv2d(nn.Module):
    """Cross-correlation [N, C, H, W] → [N, F, H', W'], as every network library means it."""

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

    def forward(self, x: Tensor) -> Tensor:
        padding = self.border.symmetric
        if not self.border.even:
            x, padding = F.pad(x, self.border.pad), (0, 0)
        maps = F.conv2d(x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)
        return self.function(maps)

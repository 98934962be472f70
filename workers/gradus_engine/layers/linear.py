"""The fully connected layer."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.layers.activations import function


class Linear(nn.Module):
    """activation(W x + b) over the last axis: [N, …, inputs] → [N, …, units]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        units = plan.fields["units"]
        self.weight = nn.Parameter(torch.empty(units, plan.input_shapes[0][-1]))
        self.bias = nn.Parameter(torch.empty(units)) if plan.fields["bias"] else None
        self.function = function(plan.fields["activation"])

    def forward(self, x: Tensor) -> Tensor:
        return self.function(F.linear(x, self.weight, self.bias))

"""The position-wise feed-forward net of a Transformer."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.planned import LayerPlan
from gradus_engine.initial import Compound
from gradus_engine.layers.activations import function


class FeedForward(Compound):
    """W₂ a(W₁ x + b₁) + b₂ over the last axis: [N, …, D] → the same (Vaswani et al. 2017)."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.function = function(plan.fields["activation"])
        self.has_bias: bool = plan.fields["bias"]
        for parameter in plan.parameters:
            self.register_parameter(parameter.name, nn.Parameter(torch.empty(parameter.shape)))

    def start(self, name: str, values: Tensor, generator: torch.Generator) -> None:
        matrix = self.get_parameter(f"{name.partition('_')[0]}_weight")
        bound = 1 / math.sqrt(matrix.shape[1])
        values.uniform_(-bound, bound, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        return self._linear("output", self.function(self._linear("hidden", x)))

    def _linear(self, name: str, x: Tensor) -> Tensor:
        bias = self.get_parameter(f"{name}_bias") if self.has_bias else None
        return F.linear(x, self.get_parameter(f"{name}_weight"), bias)

"""Layers that join several inputs of one shape, or along one axis."""

import torch
from torch import Tensor, nn

from gradus.planned import LayerPlan


class Add(nn.Module):
    """x₁ + x₂ + …, number by number."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, *inputs: Tensor) -> Tensor:
        total = inputs[0]
        for other in inputs[1:]:
            total = total + other
        return total


class Multiply(nn.Module):
    """x₁ · x₂ · …, number by number."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, *inputs: Tensor) -> Tensor:
        product = inputs[0]
        for other in inputs[1:]:
            product = product * other
        return product


class Mean(Add):
    """(x₁ + … + xₙ) / n, number by number."""

    def forward(self, *inputs: Tensor) -> Tensor:
        return super().forward(*inputs) / len(inputs)


class Concat(nn.Module):
    """[x₁, x₂, …] along `axis`, counted without the batch."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.axis: int = plan.fields["axis"] + 1

    def forward(self, *inputs: Tensor) -> Tensor:
        return torch.cat(inputs, self.axis)

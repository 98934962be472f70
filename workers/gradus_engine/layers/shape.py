"""Layers that only rearrange."""

from torch import Tensor, nn

from gradus.planned import LayerPlan


class Flatten(nn.Module):
    """All numbers of a sample in one row: [N, …] → [N, product of …]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)

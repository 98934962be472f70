"""Functions of a point's coordinates."""

import torch
from torch import Tensor, nn

from gradus.planned import LayerPlan

TERMS = ("x", "y", "x2", "y2", "sin_x", "sin_y", "xy")


class Features(nn.Module):
    """φ(x, y) for the chosen terms: [N, 2] → [N, terms]."""

    columns: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        columns = [TERMS.index(name) for name in plan.fields["terms"]]
        self.register_buffer("columns", torch.tensor(columns), persistent=False)

    def forward(self, points: Tensor) -> Tensor:
        # All terms by pairs of columns and then a choice: half the operations of one term each.
        product = points[:, :1] * points[:, 1:]
        terms = torch.cat([points, points * points, torch.sin(points), product], dim=1)
        return terms.index_select(1, self.columns)

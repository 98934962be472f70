"""Functions of a point's coordinates."""

import torch
from torch import Tensor, nn

from gradus.layers.features import centres, powers
from gradus.planned import LayerPlan

TERMS = ("x", "y", "x2", "y2", "sin_x", "sin_y", "xy")


class Features(nn.Module):
    """φ(x, y) for the chosen terms, then products and bumps: [N, 2] → [N, features]."""

    columns: Tensor
    exponents: Tensor
    centres: Tensor

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        columns = [TERMS.index(name) for name in plan.fields["terms"]]
        self.register_buffer("columns", torch.tensor(columns), persistent=False)
        exponents = torch.tensor(powers(plan.fields["degree"])).reshape(-1, 2)
        self.register_buffer("exponents", exponents, persistent=False)
        places = torch.tensor(centres(plan.fields["radial"]), dtype=torch.float64).reshape(-1, 2)
        self.register_buffer("centres", places, persistent=False)
        self.width: float = plan.fields["width"]

    def forward(self, points: Tensor) -> Tensor:
        # All terms by pairs of columns and then a choice: half the operations of one term each.
        product = points[:, :1] * points[:, 1:]
        terms = torch.cat([points, points * points, torch.sin(points), product], dim=1)
        chosen = terms.index_select(1, self.columns)
        if not len(self.exponents) and not len(self.centres):
            return chosen
        return torch.cat([chosen, self.products(points), self.bumps(points)], dim=1)

    def products(self, points: Tensor) -> Tensor:
        """xⁱyʲ: [N, 2] → [N, products]."""
        return (points[:, None] ** self.exponents).prod(2)

    def bumps(self, points: Tensor) -> Tensor:
        """exp(−d² / (2 width²)) for the distance d from each centre: [N, 2] → [N, centres]."""
        away = (points[:, None] - self.centres.to(points.dtype)).square().sum(2)
        return torch.exp(-away / (2 * self.width**2))

"""Drawing from a distribution whose numbers are learned."""

import torch
from torch import Tensor

from gradus.planned import LayerPlan
from gradus_engine.draws import Drawn


class SampleNormal(Drawn):
    """μ + exp(log σ² / 2) ε while training, μ otherwise; and both numbers as they came."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, mean: Tensor, log_variance: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        if not self.training:
            return mean, mean, log_variance
        return mean + torch.exp(log_variance / 2) * self.drawn(mean), mean, log_variance

    def drawn(self, x: Tensor) -> Tensor:
        """This step's ε."""
        generator = self.draws.generator("sample", x.device)
        return torch.empty_like(x).normal_(generator=generator)

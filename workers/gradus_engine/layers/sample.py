"""Drawing from a distribution whose numbers are learned."""

import torch
from torch import Tensor

from gradus.planned import LayerPlan
from gradus_engine.draws import Stochastic


class SampleNormal(Stochastic):
    """μ + exp(log σ² / 2) ε while training, μ otherwise; and both numbers as they came."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()

    def forward(self, mean: Tensor, log_variance: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        if not self.training:
            return mean, mean, log_variance
        generator = self.draws.generator("sample", mean.device)
        noise = torch.empty_like(mean).normal_(generator=generator)
        return mean + torch.exp(log_variance / 2) * noise, mean, log_variance

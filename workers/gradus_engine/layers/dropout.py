"""Dropout."""

import torch
from torch import Tensor

from gradus.planned import LayerPlan
from gradus_engine.draws import Stochastic


class Dropout(Stochastic):
    """m ∘ x / (1 − rate) while training, x otherwise (Srivastava et al. 2014, inverted)."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.rate: float = plan.fields["rate"]

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return x
        generator = self.draws.generator("dropout", x.device)
        mask = torch.empty_like(x).bernoulli_(1 - self.rate, generator=generator)
        return x * mask.div_(1 - self.rate)

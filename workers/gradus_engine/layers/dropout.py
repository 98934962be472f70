"""Noise that is there only while a network trains."""

import torch
from torch import Tensor

from gradus.planned import LayerPlan
from gradus_engine.draws import Drawn


class Dropout(Drawn):
    """m ∘ x / (1 − rate) while training, x otherwise (Srivastava et al. 2014, inverted)."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.rate: float = plan.fields["rate"]

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return x
        return x * self.drawn(x)

    def drawn(self, x: Tensor) -> Tensor:
        """1 / (1 − rate) for what is kept at this step, else 0."""
        return self.mask(x).div_(1 - self.rate)

    def mask(self, x: Tensor) -> Tensor:
        """1 for what is kept at this step, else 0, in the shape of x."""
        generator = self.draws.generator("dropout", x.device)
        return torch.empty_like(x).bernoulli_(1 - self.rate, generator=generator)


class Dropout2d(Drawn):
    """The same mask for all cells of a map: [N, C, …] → the same (Tompson et al. 2015)."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.rate: float = plan.fields["rate"]

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return x
        return x * self.drawn(x)

    def drawn(self, x: Tensor) -> Tensor:
        """1 / (1 − rate) for each map that is kept at this step, else 0: [N, C, 1, …]."""
        mask = self.mask(x)
        return mask.div_(1 - self.rate).view(*mask.shape, *[1] * (x.dim() - 2))

    def mask(self, x: Tensor) -> Tensor:
        """1 for each map that is kept at this step, else 0: [N, C]."""
        generator = self.draws.generator("dropout", x.device)
        return x.new_empty(x.shape[:2]).bernoulli_(1 - self.rate, generator=generator)


class GaussianNoise(Drawn):
    """x + n with normal n while training, x otherwise."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.std: float = plan.fields["std"]

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.std == 0:
            return x
        return x + self.drawn(x)

    def drawn(self, x: Tensor) -> Tensor:
        """This step's noise."""
        generator = self.draws.generator("noise", x.device)
        return torch.empty_like(x).normal_(0, self.std, generator=generator)

"""Update rules over one flat vector of parameters.

Each keeps what it needs to say its last update again, so that a probe can ask for it without any
cost to training.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import torch
from torch import Tensor

from gradus_engine.flat import FlatParameters


class Optimizer(Protocol):
    """One update rule; `vectors` and `count` are its whole state."""

    count: int
    vectors: dict[str, Tensor]

    def update(self, rate: float) -> None:
        """Move the values against their gradients with learning rate `rate`."""

    def last_update(self) -> Tensor:
        """What the last call of `update` added to the values."""


class SGD:
    """Gradient descent with momentum μ and dampening τ, as in PyTorch.

    b ← μ b + (1 − τ) g, b = g at the first step; θ ← θ − η b, or θ − η (g + μ b) with Nesterov.
    """

    def __init__(self, flat: FlatParameters, fields: Mapping[str, Any]) -> None:
        self._flat = flat
        self._momentum: float = fields["momentum"]
        self._dampening: float = fields["dampening"]
        self._nesterov: bool = fields["nesterov"]
        self._rate = 0.0
        self.count = 0
        self.vectors: dict[str, Tensor] = {}
        if self._momentum:
            self.vectors["momentum"] = torch.zeros_like(flat.values)

    def update(self, rate: float) -> None:
        """Move the values against their gradients with learning rate `rate`."""
        gradients = self._flat.gradients
        if self._momentum:
            dampening = self._dampening if self.count else 0.0
            self.vectors["momentum"].mul_(self._momentum).add_(gradients, alpha=1 - dampening)
        self.count += 1
        self._rate = rate
        self._flat.values.add_(self._direction(), alpha=-rate)

    def _direction(self) -> Tensor:
        if not self._momentum:
            return self._flat.gradients
        momentum = self.vectors["momentum"]
        if self._nesterov:
            return self._flat.gradients.add(momentum, alpha=self._momentum)
        return momentum

    def last_update(self) -> Tensor:
        """What the last call of `update` added to the values."""
        return self._direction() * -self._rate


class Adam:
    """Adam (Kingma and Ba 2015), with both moments corrected for their start at zero.

    m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − η m̂ / (√v̂ + ε).
    """

    def __init__(self, flat: FlatParameters, fields: Mapping[str, Any]) -> None:
        self._flat = flat
        self._beta1, self._beta2 = fields["betas"]
        self._eps: float = fields["eps"]
        self._rate = 0.0
        self.count = 0
        self.vectors: dict[str, Tensor] = {
            "first": torch.zeros_like(flat.values),
            "second": torch.zeros_like(flat.values),
        }

    def update(self, rate: float) -> None:
        """Move the values against their gradients with learning rate `rate`."""
        gradients = self._flat.gradients
        self.vectors["first"].lerp_(gradients, 1 - self._beta1)
        self.vectors["second"].mul_(self._beta2).addcmul_(
            gradients, gradients, value=1 - self._beta2
        )
        self.count += 1
        self._rate = rate
        self._add_to(self._flat.values)

    def _add_to(self, values: Tensor) -> None:
        first_correction = 1 - self._beta1**self.count
        second_correction = 1 - self._beta2**self.count
        scale = self.vectors["second"].sqrt().div_(second_correction**0.5).add_(self._eps)
        values.addcdiv_(self.vectors["first"], scale, value=-self._rate / first_correction)

    def last_update(self) -> Tensor:
        """What the last call of `update` added to the values."""
        update = torch.zeros_like(self._flat.values)
        if self.count:
            self._add_to(update)
        return update


OPTIMIZERS: dict[str, type[SGD] | type[Adam]] = {"sgd": SGD, "adam": Adam}


def optimizer(flat: FlatParameters, fields: Mapping[str, Any]) -> Optimizer:
    """The optimizer that a plan names, over `flat`."""
    return OPTIMIZERS[fields["type"]](flat, fields)

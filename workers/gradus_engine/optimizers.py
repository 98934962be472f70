"""Update rules over one flat vector of parameters.

Each keeps what it needs to say its last update again, so that a probe can ask for it without any
cost to training. Adam, and momentum, are PyTorch's fused kernels on the vectors themselves: one pass
through memory. The classes of `torch.optim` lead to the same kernels, by many times the calls that
the update of a small net costs.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from gradus_engine.decay import Decayed, decay_rates
from gradus_engine.flat import FlatParameters
from gradus_engine.rule import Descent


class SGD(Descent):
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
        self._rate = rate
        if self._momentum:
            torch._fused_sgd_(
                [self._flat.values],
                [self._flat.gradients],
                [self.vectors["momentum"]],
                weight_decay=0.0,
                momentum=self._momentum,
                lr=rate,
                dampening=self._dampening,
                nesterov=self._nesterov,
                maximize=False,
                is_first_step=self.count == 0,
            )
        else:
            self._flat.values.add_(self._flat.gradients, alpha=-rate)
        self.count += 1

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


class Adam(Descent):
    """Adam (Kingma and Ba 2015), with both moments corrected for their start at zero.

    m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − η m̂ / (√v̂ + ε).
    """

    def __init__(self, flat: FlatParameters, fields: Mapping[str, Any]) -> None:
        self._flat = flat
        self._beta1, self._beta2 = fields["betas"]
        self._eps: float = fields["eps"]
        self._rate = 0.0
        self.count = 0
        self._steps = torch.zeros((), dtype=torch.float32, device=flat.values.device)
        self.vectors: dict[str, Tensor] = {
            "first": torch.zeros_like(flat.values),
            "second": torch.zeros_like(flat.values),
        }

    def update(self, rate: float) -> None:
        """Move the values against their gradients with learning rate `rate`."""
        self.count += 1
        self._rate = rate
        torch._fused_adam_(
            [self._flat.values],
            [self._flat.gradients],
            [self.vectors["first"]],
            [self.vectors["second"]],
            [],
            [self._steps.fill_(self.count)],
            lr=rate,
            beta1=self._beta1,
            beta2=self._beta2,
            weight_decay=0.0,
            eps=self._eps,
            amsgrad=False,
            maximize=False,
        )

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


class Adagrad(Descent):
    """s ← s + g²; θ ← θ − η / (1 + (t − 1) λ) · g / (√s + ε) (Duchi et al. 2011)."""

    def __init__(self, flat: FlatParameters, fields: Mapping[str, Any]) -> None:
        self._flat = flat
        self._decay: float = fields["lr_decay"]
        self._eps: float = fields["eps"]
        self._rate = 0.0
        self.count = 0
        self.vectors: dict[str, Tensor] = {"sum": torch.full_like(flat.values, fields["start"])}

    def update(self, rate: float) -> None:
        """Move the values against their gradients with learning rate `rate`."""
        gradients = self._flat.gradients
        self.vectors["sum"].addcmul_(gradients, gradients)
        self.follow(1, rate)
        self._add_to(self._flat.values)

    def follow(self, count: int, rate: float) -> None:
        """Take it that `count` updates were made elsewhere, the last with learning rate `rate`."""
        super().follow(count, rate / (1 + (self.count + count - 1) * self._decay))

    def _add_to(self, values: Tensor) -> None:
        scale = self.vectors["sum"].sqrt().add_(self._eps)
        values.addcdiv_(self._flat.gradients, scale, value=-self._rate)

    def last_update(self) -> Tensor:
        """What the last call of `update` added to the values."""
        update = torch.zeros_like(self._flat.values)
        if self.count:
            self._add_to(update)
        return update


class Adadelta(Descent):
    """Δ = √(u + ε) / √(s + ε) · g with running means s of g² and u of Δ²; θ ← θ − η Δ (Zeiler 2012)."""

    def __init__(self, flat: FlatParameters, fields: Mapping[str, Any]) -> None:
        self._flat = flat
        self._rho: float = fields["rho"]
        self._eps: float = fields["eps"]
        self._rate = 0.0
        self.count = 0
        # The move is kept, since the mean that scaled it has gone on when somebody asks.
        self.vectors: dict[str, Tensor] = {
            name: torch.zeros_like(flat.values) for name in ("square", "moved", "move")
        }

    def update(self, rate: float) -> None:
        """Move the values against their gradients with learning rate `rate`."""
        gradients, rho, eps = self._flat.gradients, self._rho, self._eps
        square, moved, move = (self.vectors[name] for name in ("square", "moved", "move"))
        square.mul_(rho).addcmul_(gradients, gradients, value=1 - rho)
        torch.mul(moved.add(eps).sqrt_().div_(square.add(eps).sqrt_()), gradients, out=move)
        moved.mul_(rho).addcmul_(move, move, value=1 - rho)
        self.count += 1
        self._rate = rate
        self._flat.values.add_(move, alpha=-rate)

    def last_update(self) -> Tensor:
        """What the last call of `update` added to the values."""
        return self.vectors["move"] * -self._rate


class RMSprop(Descent):
    """s ← α s + (1 − α) g²; Δ = μ Δ + g / (√s + ε); θ ← θ − η Δ (Tieleman and Hinton 2012).

    Centered takes the squared running mean of g from s, which makes it a variance.
    """

    def __init__(self, flat: FlatParameters, fields: Mapping[str, Any]) -> None:
        self._flat = flat
        self._alpha: float = fields["alpha"]
        self._eps: float = fields["eps"]
        self._momentum: float = fields["momentum"]
        self._rate = 0.0
        self.count = 0
        names = ["square", *["mean"] * fields["centered"], *["momentum"] * (self._momentum > 0)]
        self.vectors: dict[str, Tensor] = {name: torch.zeros_like(flat.values) for name in names}

    def update(self, rate: float) -> None:
        """Move the values against their gradients with learning rate `rate`."""
        gradients, alpha = self._flat.gradients, self._alpha
        self.vectors["square"].mul_(alpha).addcmul_(gradients, gradients, value=1 - alpha)
        if "mean" in self.vectors:
            self.vectors["mean"].lerp_(gradients, 1 - alpha)
        if "momentum" in self.vectors:
            self.vectors["momentum"].mul_(self._momentum).addcdiv_(gradients, self._scale())
        self.count += 1
        self._rate = rate
        self._add_to(self._flat.values)

    def _scale(self) -> Tensor:
        square = self.vectors["square"]
        if "mean" in self.vectors:
            square = square.addcmul(self.vectors["mean"], self.vectors["mean"], value=-1)
        return square.sqrt().add_(self._eps)

    def _add_to(self, values: Tensor) -> None:
        if "momentum" in self.vectors:
            values.add_(self.vectors["momentum"], alpha=-self._rate)
        else:
            values.addcdiv_(self._flat.gradients, self._scale(), value=-self._rate)

    def last_update(self) -> Tensor:
        """What the last call of `update` added to the values."""
        update = torch.zeros_like(self._flat.values)
        if self.count:
            self._add_to(update)
        return update


def _plain(flat: FlatParameters, fields: Mapping[str, Any]) -> SGD:
    """θ ← θ − η g: what the perceptron's own gradient is followed by."""
    return SGD(flat, {"momentum": 0.0, "dampening": 0.0, "nesterov": False})


Rule = Callable[[FlatParameters, Mapping[str, Any]], Descent]
OPTIMIZERS: dict[str, Rule] = {
    "sgd": SGD,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": Adam,
    "perceptron": _plain,
}


def optimizer(
    flat: FlatParameters,
    fields: Mapping[str, Any],
    weight_decay: float = 0.0,
    own: Mapping[str, float] | None = None,
) -> Descent | Decayed:
    """The optimizer that a plan names, over `flat`.

    Args:
        weight_decay: of matrices and kernels, beside the gradient. A rule with a decay of its own,
            such as AdamW, has it on everything instead.
        own: other decays for some layers, by their full path.
    """
    rule = OPTIMIZERS[fields["type"]](flat, fields)
    everywhere = "weight_decay" in fields
    part = flat.values if everywhere else flat.weights
    decay = decay_rates(
        flat, part, fields["weight_decay"] if everywhere else weight_decay, own or {}
    )
    return rule if decay is None else Decayed(flat, part, rule, decay)

"""Functions of single numbers, and softmax over the channels. N samples, C channels."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.layers import LAYERS
from gradus.planned import LayerPlan
from gradus_engine.draws import Drawn

Function = Callable[[Tensor], Tensor]


def identity(x: Tensor) -> Tensor:
    """y = x."""
    return x


def step(x: Tensor) -> Tensor:
    """y = 1 if x > 0 else 0; nothing flows back through it."""
    return (x > 0).to(x.dtype)


def softmax(x: Tensor) -> Tensor:
    """Shares along the first axis after the batch: [N, C, …] → [N, C, …]."""
    return F.softmax(x, dim=1)


def log_softmax(x: Tensor) -> Tensor:
    """Logarithms of the shares along the first axis after the batch: [N, C, …] → [N, C, …]."""
    return F.log_softmax(x, dim=1)


def leaky_relu(fields: Mapping[str, Any]) -> Function:
    """y = x if x > 0 else negative_slope · x."""
    return partial(F.leaky_relu, negative_slope=fields["negative_slope"])


def elu(fields: Mapping[str, Any]) -> Function:
    """y = x if x > 0 else alpha (exp(x) − 1) (Clevert et al. 2016)."""
    return partial(F.elu, alpha=fields["alpha"])


def gelu(fields: Mapping[str, Any]) -> Function:
    """y = x Φ(x) (Hendrycks and Gimpel 2016)."""
    return partial(F.gelu, approximate=fields["approximate"])


FUNCTIONS: dict[str, Callable[[Mapping[str, Any]], Function]] = {
    "identity": lambda fields: identity,
    "step": lambda fields: step,
    "sigmoid": lambda fields: torch.sigmoid,
    "tanh": lambda fields: torch.tanh,
    "relu": lambda fields: torch.relu,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "gelu": gelu,
    "silu": lambda fields: F.silu,
    "softmax": lambda fields: softmax,
    "log_softmax": lambda fields: log_softmax,
}


def function(name: str) -> Function:
    """The function behind an `activation` field, with the defaults of the layer of that name."""
    return FUNCTIONS[name](LAYERS[name]().resolved())


class Activation(nn.Module):
    """A layer that applies one function to its input."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.function = FUNCTIONS[plan.type](plan.fields)

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


class Prelu(nn.Module):
    """x if x > 0 else a x with learned a, one or one a channel (He et al. 2015)."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        count = plan.input_shapes[0][0] if plan.fields["slopes"] == "channel" else 1
        self.weight = nn.Parameter(torch.full((count,), float(plan.fields["start"])))

    def forward(self, x: Tensor) -> Tensor:
        slopes = self.weight.view(-1, *[1] * (x.dim() - 2))
        return torch.where(x > 0, x, slopes * x)


class Rrelu(Drawn):
    """x if x > 0 else a x; a is drawn for each number while training, the mean after (Xu et al. 2015)."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.lower: float = plan.fields["lower"]
        self.upper: float = plan.fields["upper"]

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return F.leaky_relu(x, (self.lower + self.upper) / 2)
        return torch.where(x > 0, x, self.drawn(x) * x)

    def drawn(self, x: Tensor) -> Tensor:
        """This step's slopes."""
        generator = self.draws.generator("slope", x.device)
        return torch.empty_like(x).uniform_(self.lower, self.upper, generator=generator)


class Maxout(nn.Module):
    """The largest of every `pieces` neighbouring channels: [N, C, …] → [N, C / pieces, …]."""

    def __init__(self, plan: LayerPlan) -> None:
        super().__init__()
        self.pieces: int = plan.fields["pieces"]

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(len(x), -1, self.pieces, *x.shape[2:]).amax(2)

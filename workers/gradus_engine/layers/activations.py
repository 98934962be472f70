"""Functions of single numbers, and softmax over the channels. N samples, C channels."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradus.layers import LAYERS
from gradus.planned import LayerPlan

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

"""What normalization does to a channel. N samples, C channels."""

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from gradus_engine.insides.look import MOST_UNITS, Look
from gradus_engine.layers.activations import identity


def scaling(look: Look) -> Mapping[str, Tensor]:
    """`before` and `after` [C, 2], mean and standard deviation over samples and places, and
    `scale` [C, 2], γ and β, where there are such. A sequence [L, D] has D channels.
    """
    x = look.read[0]
    module: Any = copy.copy(look.module)
    if hasattr(module, "function"):
        module.function = identity  # what comes after normalization is no part of it
    axis = -1 if x.dim() == 3 and look.plan.type == "layer_norm" else 1
    shown = {"before": _moments(x, axis), "after": _moments(module(x), axis)}
    weight, bias = getattr(look.module, "weight", None), getattr(look.module, "bias", None)
    if isinstance(weight, Tensor) and isinstance(bias, Tensor) and weight.dim() == 1:
        shown["scale"] = torch.stack([weight, bias], 1)[:MOST_UNITS]
    return shown


def _moments(x: Tensor, axis: int) -> Tensor:
    channels = x.movedim(axis, 0)[:MOST_UNITS].flatten(1)
    return torch.stack([channels.mean(1), channels.std(1, unbiased=False)], 1)

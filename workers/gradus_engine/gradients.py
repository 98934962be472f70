"""What is done to the gradients of a step before they are followed: one vector, in place."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


def clip(gradients: Tensor, fields: Mapping[str, Any]) -> None:
    """Bound the Euclidean norm of all gradients (Pascanu et al. 2013), or the size of each."""
    if "value" in fields:
        gradients.clamp_(-fields["value"], fields["value"])
        return
    # A tensor, not a number: asking for the number would wait for the device.
    norm = torch.linalg.vector_norm(gradients)
    gradients.mul_((fields["norm"] / norm.clamp(min=1e-12)).clamp(max=1.0))


def add_noise(gradients: Tensor, fields: Mapping[str, Any], steps: int, seed: int) -> None:
    """Add `noise_of` this step to the gradients."""
    gradients.add_(noise_of(gradients, fields, steps, seed))


def noise_of(gradients: Tensor, fields: Mapping[str, Any], steps: int, seed: int) -> Tensor:
    """Normal noise of variance η / (1 + steps)^γ, as long as the gradients (Neelakantan et al. 2015)."""
    generator = torch.Generator(gradients.device).manual_seed(seed)
    noise = torch.empty_like(gradients).normal_(generator=generator)
    variance = fields["eta"] / (1 + steps) ** fields["gamma"]
    return noise.mul_(variance**0.5)

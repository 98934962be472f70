"""What several layers give to one."""

from collections.abc import Mapping

import torch
from torch import Tensor

from gradus_engine.insides.look import Look


def norms(look: Look) -> Mapping[str, Tensor]:
    """`ways` [inputs] and `sum` [1]: root mean squares of what comes in and of what they make."""
    return {"ways": torch.stack([_rms(x) for x in look.read]), "sum": _rms(look.given)[None]}


def _rms(x: Tensor) -> Tensor:
    return x.square().mean().sqrt()

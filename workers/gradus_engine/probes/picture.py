"""An answer to a probe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

FLOAT16_MAX = 65504


@dataclass(frozen=True, slots=True)
class Picture:
    """Named arrays of what a network showed after `step`, and what is needed to read them."""

    kind: str
    step: int
    arrays: Mapping[str, NDArray[Any]]
    meta: Mapping[str, Any] = field(default_factory=dict)


def numbers(tensor: Tensor) -> NDArray[np.float32]:
    """A tensor in host memory, float32."""
    array: NDArray[np.float32] = tensor.detach().to("cpu", torch.float32).numpy()
    return array


def half(tensor: Tensor) -> NDArray[np.float16]:
    """The same in float16; what that cannot hold is clipped."""
    return numbers(tensor).clip(-FLOAT16_MAX, FLOAT16_MAX).astype(np.float16)

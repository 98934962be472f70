"""One part of a dataset, whole on the device."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Part:
    """Inputs [N, *input] and targets: class indices [N] (int64) or values [N, *target]."""

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return self.inputs.shape[0]

    def take(self, indices: Tensor) -> "Part":
        """The samples at `indices` [M], in that order."""
        return Part(self.inputs.index_select(0, indices), self.targets.index_select(0, indices))

    def head(self, count: int) -> "Part":
        """The first `count` samples, or all where there are fewer."""
        return Part(self.inputs[:count], self.targets[:count])

    def to(self, device: torch.device, dtype: torch.dtype) -> "Part":
        """The same on `device`, with floating-point tensors in `dtype`."""
        moved = (self.inputs.to(device), self.targets.to(device))
        return Part(*(each.to(dtype) if each.is_floating_point() else each for each in moved))

"""All trainable parameters of a network in one vector.

An optimizer then costs a handful of operations a step however many layers there are, which for
small nets is most of the time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Place:
    """Where one parameter lies in the vector."""

    start: int
    end: int
    shape: torch.Size


class FlatParameters:
    """Values and gradients, each one vector; the network's parameters become views into them.

    Matrices and kernels come first, so that what penalties touch is one slice: biases, slopes and
    normalization scales (one axis) are not pulled towards zero.
    """

    def __init__(self, parameters: Iterable[tuple[str, nn.Parameter]]) -> None:
        named = [(name, p) for name, p in parameters if p.requires_grad]
        named.sort(key=lambda pair: pair[1].dim() < 2)
        total = sum(parameter.numel() for _, parameter in named)
        like = named[0][1] if named else torch.empty(0)
        self.values = torch.empty(total, dtype=like.dtype, device=like.device)
        self.gradients = torch.zeros_like(self.values)
        self.places: dict[str, Place] = {}
        self._lay_out(named)
        weights = sum(parameter.numel() for _, parameter in named if parameter.dim() > 1)
        self.weights = self.values[:weights]
        self.weight_gradients = self.gradients[:weights]

    def _lay_out(self, named: list[tuple[str, nn.Parameter]]) -> None:
        start = 0
        for name, parameter in named:
            place = Place(start, start + parameter.numel(), parameter.shape)
            self.places[name] = place
            view = self.slice(self.values, name)
            view.copy_(parameter.detach())
            parameter.data = view
            # With a gradient in place, autograd adds into it instead of allocating one.
            parameter.grad = self.slice(self.gradients, name)
            start = place.end

    def slice(self, vector: Tensor, name: str) -> Tensor:
        """The part of `vector` (as long as `values`) that belongs to one parameter, in its shape."""
        place = self.places[name]
        return vector[place.start : place.end].view(place.shape)

    def __len__(self) -> int:
        return self.values.numel()

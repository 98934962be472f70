"""The gradient of a step as a function of tensors alone, so that it can be compiled or recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Size, Tensor, nn
from torch.func import functional_call

from gradus_engine.build import Network
from gradus_engine.draws import Drawn, Draws, Stochastic

if TYPE_CHECKING:
    from gradus_engine.session import Session

Form = tuple[Size, tuple[int, ...], torch.dtype]


class NotStatic(ValueError):
    """Why the step of a session is no function of tensors."""


def form(tensor: Tensor) -> Form:
    """What has to be alike in all that is given in one place: shape, strides, type."""
    return tensor.shape, tensor.stride(), tensor.dtype


class Whole(nn.Module):
    """A network and what it is judged by as one module, below which all tensors can be given."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.network = session.network
        self._objective = session.objective

    def forward(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        return self._objective(self.network, inputs, targets)


class StaticGradient:
    """The gradient of a session's loss for batches of the form that `session.example()` has now.

    A call reads `tensors(inputs, targets)`: the batch, what layers draw at this step, parameters
    and buffers, always in one order. Buffers (running statistics) are written in place.
    Raises NotStatic where layers draw what cannot be asked for ahead.
    """

    def __init__(self, session: Session) -> None:
        self._whole = Whole(session)
        layers = session.network.layers
        held: dict[str, Tensor] = dict(layers.own_parameters())
        self._parameters = frozenset(held)
        held |= dict(layers.named_buffers())
        self._learned = list(session.flat.places)
        self._names = [*self._learned, *sorted(held.keys() - session.flat.places.keys())]
        self._held = [held[name].detach() for name in self._names]
        self._draws: list[tuple[Drawn, Tensor]] = []
        inputs, targets = session.example()
        self._forms = form(inputs), form(targets)
        # Once, to meet what is drawn; running statistics stay as they are.
        named = zip(self._names, self._held, strict=True)
        given = [each if name in self._parameters else each.clone() for name, each in named]
        self._compute([inputs, targets, *given], self._meet)

    def _meet(self, layer: Drawn, x: Tensor) -> Tensor:
        self._draws.append((layer, torch.empty_like(x)))
        return torch.ones_like(x)

    @property
    def forms(self) -> list[Form]:
        """Of everything that a call reads."""
        return [*self._forms, *(form(x) for _, x in self._draws), *map(form, self._held)]

    @property
    def changing(self) -> int:
        """How many of the first tensors are others at every step: batch and draws."""
        return 2 + len(self._draws)

    @property
    def buffers(self) -> list[Tensor]:
        """What a call may write to."""
        named = zip(self._names, self._held, strict=True)
        return [each for name, each in named if name not in self._parameters]

    def fits(self, inputs: Tensor, targets: Tensor) -> bool:
        """Whether a batch has the form for which this was made; an epoch's last may be short."""
        return form(inputs) == self._forms[0] and form(targets) == self._forms[1]

    def tensors(self, inputs: Tensor, targets: Tensor) -> list[Tensor]:
        """What a call reads at the step under way."""
        drawn = [layer.drawn(like) for layer, like in self._draws]
        return [inputs, targets, *drawn, *self._held]

    def __call__(self, tensors: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """The batch's output, its loss (a scalar), and all gradients in one vector [P]."""
        drawn = iter(tensors[2 : self.changing])
        return self._compute(tensors, lambda layer, x: next(drawn))

    def _compute(
        self, tensors: Sequence[Tensor], draw: Callable[[Drawn, Tensor], Tensor]
    ) -> tuple[Tensor, Tensor, Tensor]:
        inputs, targets, *given = tensors
        held = given[len(given) - len(self._names) :]
        below = {
            name: nn.Parameter(each, name in self._learned) if name in self._parameters else each
            for name, each in zip(self._names, held, strict=True)
        }
        learned = [below[name] for name in self._learned]
        below = {f"network.layers.{name}": each for name, each in below.items()}
        with torch.enable_grad(), _drawing(self._whole.network, draw):
            output, loss = functional_call(self._whole, below, (inputs, targets))
            found = torch.autograd.grad(loss, learned, materialize_grads=True)
        return output.detach(), loss.detach(), torch.cat([each.reshape(-1) for each in found])


class _NoDraws(Draws):
    """In place of a layer's own, where all that it draws has to be given."""

    def generator(self, purpose: str, device: torch.device) -> torch.Generator:
        raise NotStatic(f"{self.path} draws its {purpose} in the middle of a step")


@contextmanager
def _drawing(network: Network, draw: Callable[[Drawn, Tensor], Tensor]) -> Iterator[None]:
    """Have `draw` answer for the layers that draw."""
    layers = [each for each in network.modules() if isinstance(each, Stochastic)]
    own = [layer.draws for layer in layers]
    for layer, draws in zip(layers, own, strict=True):
        layer.draws = _NoDraws(draws.seed, draws.path, draws.moment)
        if isinstance(layer, Drawn):
            vars(layer)["drawn"] = partial(draw, layer)
    try:
        yield
    finally:
        for layer, draws in zip(layers, own, strict=True):
            layer.draws = draws
            vars(layer).pop("drawn", None)

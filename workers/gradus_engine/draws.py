"""Randomness of layers while they train, a function of seed, purpose, layer and step alone."""

from abc import abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gradus.seeds import derive


@dataclass(slots=True)
class Moment:
    """The step that a network is computing; one object shared by all of its layers.

    `call` tells apart several passes through the layers within one step.
    """

    step: int = 0
    call: str = ""


@dataclass(frozen=True, slots=True)
class Draws:
    """Where one layer gets its generators from: a fresh one for every step."""

    seed: int
    path: str
    moment: Moment

    def generator(self, purpose: str, device: torch.device) -> torch.Generator:
        """A generator on `device` that depends on nothing but seed, purpose, path and step."""
        generator = torch.Generator(device)
        path = self.moment.call + self.path
        generator.manual_seed(derive(self.seed, purpose, path, self.moment.step))
        return generator


class Stochastic(nn.Module):
    """A layer that draws while it trains; `build` gives it its `draws`."""

    draws: Draws


class Drawn(Stochastic):
    """One whose numbers depend on nothing but the shape of what it reads, so that others can ask
    for them ahead."""

    @abstractmethod
    def drawn(self, x: Tensor) -> Tensor:
        """What this step draws for x: factors, summands or slopes in its shape, or a factor a map."""

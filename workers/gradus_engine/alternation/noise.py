"""Normal noise for calls: a function of seed, place and step alone."""

from dataclasses import dataclass

import torch
from torch import Tensor

from gradus.seeds import derive


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise of one pass. `place` tells apart passes of one step, and passes that do not train."""

    seed: int
    place: str
    step: int

    def draw(
        self, call: str, input: str, count: int, shape: tuple[int, ...], like: Tensor
    ) -> Tensor:
        """Standard normal numbers [count, *shape] on the device and in the type of `like`."""
        path = f"{self.place}/{call}/{input}"
        generator = torch.Generator(like.device)
        generator.manual_seed(derive(self.seed, "noise", path, self.step))
        noise = torch.empty((count, *shape), dtype=like.dtype, device=like.device)
        return noise.normal_(generator=generator)

"""Which samples make the next batch.

The whole state is the number of samples drawn so far: it names the epoch, the place within it and,
with the seed, the order of that epoch. So the batch size may change at any step.
"""

import torch
from torch import Tensor

from gradus.seeds import derive
from gradus_engine.datasets.part import Part

# Up to this size a whole epoch is gathered at once: slicing it costs a third of gathering a batch.
GATHER_BYTES = 64 * 2**20


class Sampler:
    """Draws batches of `part` in an order that is shuffled anew for every epoch."""

    def __init__(self, part: Part, order: str, seed: int) -> None:
        if order != "shuffled":
            raise ValueError(f"order {order!r} is not known here; use 'shuffled'")
        self._part = part
        self._seed = seed
        self._whole = part.inputs.nbytes + part.targets.nbytes <= GATHER_BYTES
        self._epoch = -1
        self._indices = torch.empty(0, dtype=torch.long)
        self._gathered = part

    def draw(self, samples: int, count: int) -> tuple[Tensor, Tensor]:
        """At most `count` samples after the first `samples`; the last batch of an epoch may be short."""
        epoch, start = divmod(samples, len(self._part))
        if epoch != self._epoch:
            self._begin(epoch)
        end = min(start + count, len(self._part))
        if self._whole:
            return self._gathered.inputs[start:end], self._gathered.targets[start:end]
        chosen = self._part.take(self._indices[start:end])
        return chosen.inputs, chosen.targets

    def _begin(self, epoch: int) -> None:
        self._epoch = epoch
        generator = torch.Generator().manual_seed(derive(self._seed, "order", step=epoch))
        order = torch.randperm(len(self._part), generator=generator)
        self._indices = order.to(self._part.inputs.device)
        if self._whole:
            self._gathered = self._part.take(self._indices)

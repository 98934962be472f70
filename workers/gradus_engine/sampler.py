"""Which samples make the next batch.

The whole state is the number of samples drawn so far: it names the epoch, the place within it and,
with the seed, the order of that epoch. So the batch size may change at any step.
"""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradus.seeds import derive
from gradus_engine.datasets.part import Part

# Up to this size a whole epoch is gathered at once: slicing it costs a third of gathering a batch.
GATHER_BYTES = 64 * 2**20


def _shuffled(labels: Tensor, generator: torch.Generator) -> Tensor:
    return torch.randperm(len(labels), generator=generator)


def _sorted(labels: Tensor, generator: torch.Generator) -> Tensor:
    """Class by class, or by the value of a regression; the same in every epoch."""
    return torch.argsort(labels, stable=True)


def _stratified(labels: Tensor, generator: torch.Generator) -> Tensor:
    """Shuffled, each class (or each tenth of the values) spread evenly over the epoch."""
    shuffled = torch.randperm(len(labels), generator=generator)
    strata = _strata(labels)[shuffled]
    places = torch.empty(len(labels), dtype=torch.float64)
    for stratum in torch.unique(strata):
        own = (strata == stratum).nonzero().flatten()
        offset = torch.rand((), generator=generator, dtype=torch.float64)
        places[own] = (torch.arange(len(own), dtype=torch.float64) + offset) / len(own)
    return shuffled[torch.argsort(places, stable=True)]


def _strata(labels: Tensor) -> Tensor:
    if not labels.is_floating_point():
        return labels
    return torch.argsort(torch.argsort(labels, stable=True)) * 10 // len(labels)


ORDERS: dict[str, Callable[[Tensor, torch.Generator], Tensor]] = {
    "shuffled": _shuffled,
    "sorted": _sorted,
    "stratified": _stratified,
}


class Sampler:
    """Draws batches of `part` in an order that is made anew for every epoch.

    `targets` are the classes [N] or values [N, …] that orders other than shuffled go by, `format`
    is how a batch lies in memory.
    """

    def __init__(
        self,
        part: Part,
        targets: Tensor,
        order: str,
        seed: int,
        format: torch.memory_format = torch.contiguous_format,
    ) -> None:
        self.part = part
        self._labels = targets.cpu().reshape(len(part), -1)[:, 0]
        self._order = ORDERS[order]
        self._seed = seed
        self._format = format
        self._whole = part.inputs.nbytes + part.targets.nbytes <= GATHER_BYTES
        self._epoch = -1
        self._generator = torch.Generator()
        self._indices = torch.empty(0, dtype=torch.long)
        self._gathered: Part | None = None

    def draw(self, samples: int, count: int) -> tuple[Tensor, Tensor]:
        """At most `count` samples after the first `samples`; the last batch of an epoch may be short."""
        epoch, start = divmod(samples, len(self.part))
        if epoch != self._epoch:
            self._begin(epoch)
        end = min(start + count, len(self.part))
        if self._whole:
            if self._gathered is None:
                self._gathered = self._taken(self._indices)
            return self._gathered.inputs[start:end], self._gathered.targets[start:end]
        chosen = self._taken(self._indices[start:end])
        return chosen.inputs, chosen.targets

    def first(self, count: int) -> tuple[Tensor, Tensor]:
        """The first `count` samples of the part itself, lying in memory as a batch does."""
        device = self.part.inputs.device
        chosen = self._taken(torch.arange(min(count, len(self.part)), device=device))
        return chosen.inputs, chosen.targets

    def _taken(self, indices: Tensor) -> Part:
        chosen = self.part.take(indices)
        return Part(chosen.inputs.contiguous(memory_format=self._format), chosen.targets)

    def ahead(
        self, samples: int, count: int, batches: int, end: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The samples of at most `batches` batches of `count`, and where each of them ends.

        The first begins after `samples`, the last reaches `end` at most in whole batches.
        """
        rows: list[NDArray[np.int64]] = []
        ends: list[NDArray[np.int64]] = []
        first = samples
        while batches > 0 and samples < end:
            epoch, start = divmod(samples, len(self.part))
            if epoch != self._epoch:
                self._begin(epoch)
            left = min(len(self.part) - start, end - samples)
            wanted = min(batches, -(-left // count))
            stop = min(start + wanted * count, len(self.part))
            rows.append(self._indices.numpy()[start:stop])
            bounds = np.arange(count, count * wanted + 1, count, dtype=np.int64)
            bounds[-1] = stop - start
            ends.append(bounds + (samples - first))
            batches -= wanted
            samples += stop - start
        if len(rows) == 1:
            return rows[0], ends[0]
        return np.concatenate(rows), np.concatenate(ends)

    def _begin(self, epoch: int) -> None:
        self._epoch = epoch
        self._generator.manual_seed(derive(self._seed, "order", step=epoch))
        indices = self._order(self._labels, self._generator)
        self._indices = indices.to(self.part.inputs.device)
        self._gathered = None

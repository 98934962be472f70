"""Values of single steps, kept on the device until a block is over."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradus_engine.metrics import hits

# Outputs wait for their accuracy until this many numbers have gathered: one operation over many
# steps costs a toy net nothing, one a step a twentieth of its time.
PENDING = 2**20


class Record:
    """Loss, penalty and accuracy of each step since the last `take`."""

    def __init__(self, accuracy: bool) -> None:
        self._accuracy = accuracy
        self._clear()

    def _clear(self) -> None:
        self._losses: list[Tensor] = []
        self._penalties: list[Tensor] = []
        self._accuracies: list[Tensor] = []
        self._outputs: list[Tensor] = []
        self._targets: list[Tensor] = []
        self._pending = 0
        self._stretches: list[Mapping[str, NDArray[np.float32]]] = []

    def add_penalty(self, penalty: Tensor) -> None:
        """The penalty of the step under way, a scalar."""
        self._penalties.append(penalty)

    def add(self, loss: Tensor, output: Tensor, targets: Tensor) -> None:
        """One step: its loss (scalar), outputs [N, …] and encoded targets [N, …]."""
        self._losses.append(loss)
        if self._accuracy:
            self._outputs.append(output)
            self._targets.append(targets)
            self._pending += output.numel()
            if self._pending > PENDING:
                self._settle()

    def add_stretch(self, values: Mapping[str, NDArray[np.float32]]) -> None:
        """Several steps at once: the series of those whose values are known already."""
        self._stretches.append(values)

    def _settle(self) -> None:
        if not self._outputs:
            return
        right = hits(torch.cat(self._outputs), torch.cat(self._targets)).float()
        sizes = [len(output) for output in self._outputs]
        if len(set(sizes)) == 1:
            self._accuracies.append(right.view(-1, sizes[0]).mean(1))
        else:
            self._accuracies.append(torch.stack([r.mean() for r in torch.split(right, sizes)]))
        self._outputs, self._targets, self._pending = [], [], 0

    def take(self) -> dict[str, NDArray[np.float64]]:
        """Each series with one value a step; waits for the device and begins anew."""
        self._settle()
        series: dict[str, NDArray[np.float64]] = {}
        if self._losses:
            series["train/loss"] = numbers(torch.stack(self._losses))
        if self._accuracies:
            series["train/accuracy"] = numbers(torch.cat(self._accuracies))
        if self._penalties:
            series["train/penalty"] = numbers(torch.stack(self._penalties))
        for name in {name for stretch in self._stretches for name in stretch}:
            values = [stretch[name] for stretch in self._stretches if name in stretch]
            series[name] = np.concatenate(values).astype(np.float64)
        self._clear()
        return series


def numbers(values: Tensor) -> NDArray[np.float64]:
    """Values in host memory; waits for the device."""
    return values.to("cpu", torch.float64).numpy()

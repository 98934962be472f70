"""Sessions whose batches are shared out among processes."""

import json
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from gradus.controls import Changes
from gradus.plan import plan_resolved
from gradus.planned import Plan
from gradus_engine.initial import Weights
from gradus_engine.ranks.group import END, STEP, VALUES, Group
from gradus_engine.session import Session, State


class Part(Session):
    """Computes the gradient of its own part of each batch, and follows the sum of all."""

    group: Group

    def descend(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The whole batch's output and loss, with its gradient in place."""
        count, group = len(inputs), self.group
        own = slice(group.rank * count // group.count, (group.rank + 1) * count // group.count)
        self.flat.gradients.zero_()
        loss = torch.zeros((), dtype=self.flat.values.dtype, device=self.device)
        shape = self.plan.network.shapes[self.plan.network.output]
        outputs = torch.zeros(count, *shape, dtype=loss.dtype, device=self.device)
        if own.start < own.stop:
            output, mean = self.objective(self.network, inputs[own], targets[own])
            weighted = mean * ((own.stop - own.start) / count)
            if weighted.requires_grad:
                torch.autograd.backward(weighted)
            loss, outputs[own] = weighted.detach(), output.detach()
        group.sum(self.flat.gradients)
        group.sum(loss)
        if self.objective.classes:  # only the accuracy of a step reads them
            group.sum(outputs)
        return outputs, loss


class First(Part):
    """Rank 0, which holds the run. The others are started with its first step and end with it."""

    def __init__(
        self,
        plan: Plan,
        *,
        device: str | torch.device = "cpu",
        threads: int | None = None,
        state: State | None = None,
        weights: Weights | None = None,
    ) -> None:
        here, wanted = torch.cuda.device_count(), plan.train.devices
        if torch.device(device).type == "cuda" and here < wanted:
            raise ValueError(f"this machine has {here} GPUs, and train.devices asks for {wanted}")
        super().__init__(
            plan, device=device, threads=threads, state=state, weights=weights, tier="eager"
        )
        self._others: Sequence[subprocess.Popen[bytes]] = ()
        self._finalizer: Callable[[], object] | None = None

    @property
    def others(self) -> Sequence[int]:
        """The process numbers of the other ranks."""
        return [process.pid for process in self._others]

    def _step(self) -> Sequence[int]:
        if not self._others:
            self._gather()
        rate = self.learning_rate * self.rate_share
        self.group.tell(STEP, rate, self.batch_size, self.l1, self.l2)
        return super()._step()

    def apply(self, changes: Changes) -> None:
        super().apply(changes)
        if changes.weights and self._others:
            self.group.tell(VALUES)
            self.group.share(self.flat.values)

    def _gather(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="gradus-ranks-"))
        tensors, meta = self.state()
        save_file(tensors, folder / "state.safetensors")
        begin = {"resolved": self.plan.resolved, "meta": meta}
        (folder / "begin.json").write_text(json.dumps(begin))
        count = self.plan.train.devices
        command = [sys.executable, "-m", "gradus_engine.ranks", str(folder), str(count)]
        cuda = self.device.type == "cuda"
        self._others = [
            subprocess.Popen(
                [*command, str(rank), f"cuda:{rank}" if cuda else "cpu"], stdin=subprocess.DEVNULL
            )
            for rank in range(1, count)
        ]
        self._finalizer = weakref.finalize(self, _end, self._others, folder)
        self.group = Group(folder, 0, count, self.device)

    def end(self) -> None:
        """The other processes have nothing more to do; those of a run that is dropped end too."""
        if self._finalizer is not None:
            self._finalizer()

    def identity(self) -> dict[str, Any]:
        return {**super().identity(), "devices": self.plan.train.devices}


def _end(processes: Sequence[subprocess.Popen[bytes]], folder: Path) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)


class Other(Part):
    """A rank that does as the first says."""

    @property
    def rate_share(self) -> float:
        """Rank 0 says the rate as it is to be used."""
        return 1.0

    def follow(self) -> None:
        """Take step after step until rank 0 ends. Raises RankLost when it is gone."""
        self.activate()
        while True:
            word, numbers = self.group.hear()
            if word == END:
                return
            if word == VALUES:
                self.group.share(self.flat.values)
            if word == STEP:
                self.learning_rate, size, self.l1, self.l2 = numbers
                self.batch_size = int(size)
                self._step()
                self.take_record()


def other(folder: Path, rank: int, count: int, device: torch.device) -> Other:
    """The session of one other rank, where the first stood when it started this one."""
    begin = json.loads((folder / "begin.json").read_text())
    state = load_file(folder / "state.safetensors"), begin["meta"]
    session = Other(plan_resolved(begin["resolved"]), device=device, state=state, tier="eager")
    # Each rank draws its own noise for its own samples.
    session.network.moment.call = f"rank{rank}/"
    session.group = Group(folder, rank, count, device)
    return session

"""What the processes of one run say to each other. Any of them that is lost ends the group."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch._C._distributed_c10d import FileStore, PrefixStore, ProcessGroupGloo

# A step of the slowest rank, with its first, in which kernels are chosen.
STEP_LIMIT = timedelta(minutes=2)
# Between two steps a run may be paused; that the first is gone shows by its connection.
PAUSE_LIMIT = timedelta(days=30)
END, STEP, VALUES = 0, 1, 2


class RankLost(Exception):
    """A process that computed a part of a run's batches is gone; nothing of its step counts."""


class Group:
    """Ranks of one run, which meet through a file in a folder of their own.

    Each run has groups of its own, so that a process can hold several. What is said of a step
    travels over the host's memory, gradients by NCCL where there are GPUs.
    """

    def __init__(self, folder: Path, rank: int, count: int, device: torch.device) -> None:
        self.rank, self.count = rank, count
        with lost():
            store = FileStore(str(folder / "meeting"), count)
            said, sums = PrefixStore("said", store), PrefixStore("sums", store)
            self._said: Any = ProcessGroupGloo(said, rank, count, PAUSE_LIMIT)
            self._sums: Any
            if device.type == "cuda":
                torch.cuda.set_device(device)
                nccl: Any = dist.ProcessGroupNCCL  # only in builds for GPUs
                self._sums = nccl(sums, rank, count, nccl.Options())
            else:
                self._sums = ProcessGroupGloo(sums, rank, count, STEP_LIMIT)

    def tell(self, word: int, *numbers: float) -> None:
        """Rank 0 says what comes next, with up to four numbers."""
        padding = [0.0] * (4 - len(numbers))
        # In double precision, or the others would follow another learning rate.
        self._spread(torch.tensor([word, *numbers, *padding], dtype=torch.float64))

    def hear(self) -> tuple[int, list[float]]:
        """What rank 0 says next."""
        said = torch.zeros(5, dtype=torch.float64)
        self._spread(said)
        word, *numbers = said.tolist()
        return int(word), numbers

    def _spread(self, tensor: Tensor) -> None:
        with lost():
            self._said.broadcast(tensor, 0).wait()

    def sum(self, tensor: Tensor) -> None:
        """Replace `tensor` by its sum over all ranks."""
        with lost():
            self._sums.allreduce([tensor]).wait()

    def share(self, tensor: Tensor) -> None:
        """Replace `tensor` by what rank 0 has in its place."""
        with lost():
            self._sums.broadcast(tensor, 0).wait()


@contextmanager
def lost() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise RankLost(str(error)) from error

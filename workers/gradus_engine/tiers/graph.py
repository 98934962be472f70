"""The gradient of a step as a CUDA graph: its kernels are recorded once and started by one call.

Not run on a GPU yet where this was written: `pytest -m gpu` does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gradus_engine.tiers.gradient import StaticGradient
from gradus_engine.tiers.quick import Tier

if TYPE_CHECKING:
    from gradus_engine.session import Session

WARM_STEPS = 3  # libraries choose and load their kernels in the first, which may not be recorded
PAIRS, STEPS = 5, 10


class GraphGradient:
    """Replays the kernels of a step on batches and draws that are copied to where it reads them."""

    tier: Tier = "graph"

    def __init__(self, gradient: StaticGradient, session: Session, key: str) -> None:
        self.key = key
        self.fits = gradient.fits
        self._tensors = gradient.tensors
        given = gradient.tensors(*session.example())
        self._given = [each.clone() for each in given[: gradient.changing]]
        # Parameters and buffers are read and written where the session has them.
        self._read = [*self._given, *given[gradient.changing :]]
        buffers = [(each, each.clone()) for each in gradient.buffers]
        self._graph = torch.cuda.CUDAGraph()
        self._record(gradient, session.flat.gradients)
        for each, before in buffers:
            each.copy_(before)

    def _record(self, gradient: StaticGradient, gradients: Tensor) -> None:
        stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(WARM_STEPS):
                gradient(self._read)
        torch.cuda.current_stream().wait_stream(stream)
        # Other threads, of checkpoints and pictures, may use the device meanwhile.
        with torch.cuda.graph(self._graph, capture_error_mode="thread_local"):
            self._output, self._loss, found = gradient(self._read)
            gradients.copy_(found)

    def __call__(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The batch's output and its loss, a scalar, with its gradient in place."""
        now = self._tensors(inputs, targets)
        for place, each in zip(self._given, now, strict=False):
            place.copy_(each)
        self._graph.replay()
        # The next replay writes into the same memory.
        return self._output.clone(), self._loss.clone()


def gain(session: Session, gradient: StaticGradient, key: str) -> tuple[float, float]:
    """How many times as fast a gradient is by a graph, and the seconds of a plain one.

    Running statistics are put back. Raises RuntimeError where it cannot be recorded.
    """
    quick, batch = GraphGradient(gradient, session, key), session.example()
    buffers = [(each, each.clone()) for each in gradient.buffers]
    pairs = [
        (_seconds(lambda: session.descend(*batch)), _seconds(lambda: quick(*batch)))
        for _ in range(PAIRS)
    ]
    for each, before in buffers:
        each.copy_(before)
    return median(one / two for one, two in pairs), median(one for one, _ in pairs)


def _seconds(take: Callable[[], object]) -> float:
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(STEPS):
        take()
    torch.cuda.synchronize()
    return (time.perf_counter() - began) / STEPS

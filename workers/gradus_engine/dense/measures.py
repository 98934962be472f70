"""Loss and metrics of a whole part by the compiled loop, without touching training."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch

from gradus_engine.build import Network
from gradus_engine.datasets.part import Part
from gradus_engine.dense import codes
from gradus_engine.dense.arrays import Indices, Rows, Vector
from gradus_engine.dense.chain import Chain, padded
from gradus_engine.dense.reading import Reading, reading
from gradus_engine.evaluation import counted
from gradus_engine.flat import FlatParameters
from gradus_engine.metrics import METRICS

CHUNK = 64  # samples at a time: the rows of a small network then stay in the first cache
COUNTED = frozenset({"accuracy", "error"})  # by the loop itself


class Loop(Protocol):
    """`kernel.measure`."""

    def __call__(self, *arguments: Any) -> None: ...


class Measures:
    """Binds the loop's forward pass to a session's network and the parts that it is asked for."""

    def __init__(self, chain: Chain, network: Network, flat: FlatParameters) -> None:
        from gradus_engine.dense.kernel import measure

        self._loop: Loop = measure
        self._chain, self._network = chain, network
        self._values: Vector = flat.values.numpy()
        self._terms = chain.terms()
        self._units = int(chain.layers[-1, codes.UNITS])
        self._parts: dict[str, tuple[Reading, Indices]] = {}
        self._room: tuple[Vector, ...] = ()
        self._draws = _at_rest(chain)
        self._means = np.zeros(2)

    def of(self, name: str, part: Part, metrics: Sequence[str]) -> dict[str, float]:
        """Mean loss and metrics of a part, which never changes under its name."""
        if name not in self._parts:
            self._parts[name] = self._read(part)
        read, rows = self._parts[name]
        others = [metric for metric in metrics if metric not in COUNTED and metric in METRICS]
        outputs = np.empty((len(rows) if others else 0, self._units), np.float32)
        self._loop(
            read.inputs,
            read.values,
            read.classes,
            read.labels,
            rows,
            self._chain.layers,
            self._chain.numbers,
            self._terms,
            self._values,
            self._draws,
            *self._room,
            outputs,
            self._means,
        )
        loss, right = self._means.tolist()
        known = {"accuracy": right, "error": 1 - right}
        if others:
            known |= counted(others, torch.from_numpy(outputs), part.targets)
        return {"loss": loss, **{metric: known[metric] for metric in metrics if metric in known}}

    def _read(self, part: Part) -> tuple[Reading, Indices]:
        read = reading(self._network, self._chain.before, part, accuracy=True)
        if not self._room:
            rows = (self._chain.rows + codes.WIDTH) * CHUNK
            sizes = rows, self._units * CHUNK, padded(read.inputs.shape[1]) * CHUNK
            self._room = tuple(np.zeros(size, np.float32) for size in sizes)
        return read, np.arange(len(read.inputs))


def _at_rest(chain: Chain) -> Rows:
    """What layers that draw do to every sample when a network does not train: [units, CHUNK]."""
    units = chain.draws[-1].start + chain.draws[-1].units if chain.draws else 0
    given = np.zeros((units, CHUNK), np.float32)
    for draw in chain.draws:
        given[draw.start : draw.start + draw.units] = draw.rest
    return given

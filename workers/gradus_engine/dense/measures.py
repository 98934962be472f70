"""Loss and outputs of a whole part by the compiled loop, without touching training."""

from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from gradus_engine.build import Network
from gradus_engine.datasets.part import Part
from gradus_engine.dense import codes
from gradus_engine.dense.arrays import Rows, Vector
from gradus_engine.dense.chain import Chain, padded
from gradus_engine.dense.reading import Reading, reading
from gradus_engine.flat import FlatParameters

CHUNK = 64  # samples at a time: the rows of a small network then stay in the first cache


class Loop(Protocol):
    """`kernel.measure`."""

    def __call__(self, *arguments: Any) -> float: ...


class Measures:
    """Binds the loop's forward pass to a session's network and the parts that it is asked for."""

    def __init__(self, chain: Chain, network: Network, flat: FlatParameters) -> None:
        from gradus_engine.dense.kernel import measure

        self._loop: Loop = measure
        self._chain, self._network, self._flat = chain, network, flat
        self._terms = chain.terms()
        self._units = int(chain.layers[-1, codes.UNITS])
        self._readings: dict[str, Reading] = {}
        self._room: tuple[Vector, ...] = ()
        self._draws = _at_rest(chain)

    def of(self, name: str, part: Part) -> tuple[float, Tensor]:
        """Mean loss and outputs [N, units] of a part, which never changes under its name."""
        if name not in self._readings:
            self._readings[name] = reading(self._network, self._chain.before, part)
        read = self._readings[name]
        if not self._room:
            rows = (self._chain.rows + codes.WIDTH) * CHUNK
            sizes = rows, self._units * CHUNK, padded(read.inputs.shape[1]) * CHUNK
            self._room = tuple(np.zeros(size, np.float32) for size in sizes)
        outputs = np.empty((len(read.inputs), self._units), np.float32)
        loss = self._loop(
            read.inputs,
            read.values,
            read.classes,
            self._chain.layers,
            self._chain.numbers,
            self._terms,
            self._flat.values.numpy(),
            self._draws,
            *self._room,
            outputs,
        )
        return loss, torch.from_numpy(outputs)


def _at_rest(chain: Chain) -> Rows:
    """What layers that draw do to every sample when a network does not train: [units, CHUNK]."""
    units = chain.draws[-1].start + chain.draws[-1].units if chain.draws else 0
    given = np.zeros((units, CHUNK), np.float32)
    for draw in chain.draws:
        given[draw.start : draw.start + draw.units] = draw.rest
    return given

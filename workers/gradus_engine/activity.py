"""How alive a network is: which units answer, which are dead, which have come to their limits.

N samples, U units (channels of a map), P places of a map.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from gradus.planned import Plan
from gradus_engine.build import Network
from gradus_engine.datasets.part import Part
from gradus_engine.evaluation import evaluating

MOST_SAMPLES = 256
FEWEST_SAMPLES = 4
# As many outputs as are held at once, and as many as are looked at in all.
CHUNK_BYTES = 64 * 2**20
WHOLE_BYTES = 2**30

# Beyond these values less than a tenth of the greatest slope is left.
LIMITS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": lambda y: (y < 0.026) | (y > 0.974),
    "tanh": lambda y: y.abs() > 0.949,
}
# A unit that is 0 for every sample gets no gradient, whatever it is asked for.
MORTAL = frozenset({"relu"})
ONE_SIDED = frozenset({"relu", "leaky_relu", "prelu", "rrelu", "elu", "gelu", "silu"})

FUNCTIONS = ONE_SIDED | LIMITS.keys()


@dataclass(frozen=True, slots=True)
class Activity:
    """Shares of a layer's units: `dead` of units, `active` and `saturated` of single answers.

    None where the layer's function knows no such state.
    """

    layer: str
    function: str
    dead: float | None
    active: float | None
    saturated: float | None


def activities(
    network: Network, plan: Plan, part: Part, among: Collection[str] = FUNCTIONS
) -> list[Activity]:
    """The layers with a function `among` these, over the first samples of a part.

    How many is fixed by plan and part alone, so that two moments of a run can be compared.
    """
    functions = {
        layer.name: name
        for layer in plan.network.layers
        if (name := str(layer.fields.get("activation", layer.type))) in among
    }
    if not functions:
        return []
    inputs = part.head(sample_count(plan)).inputs
    sums = {name: _Sums(function) for name, function in functions.items()}
    with evaluating(network):
        for chunk in torch.split(inputs, _chunk(plan)):
            outputs = network.outputs(chunk, list(functions))
            for name, values in outputs.items():
                sums[name].add(values)
    return [sums[name].told(name) for name in functions]


def sample_count(plan: Plan) -> int:
    """As many samples as are looked at; fewer of a network whose outputs are many."""
    fitting = WHOLE_BYTES // max(1, plan.totals.activation_bytes)
    return min(MOST_SAMPLES, max(FEWEST_SAMPLES, fitting))


def _chunk(plan: Plan) -> int:
    return max(1, min(MOST_SAMPLES, CHUNK_BYTES // max(1, plan.totals.activation_bytes)))


class _Sums:
    """What some samples after the other say of one layer."""

    def __init__(self, function: str) -> None:
        self._function = function
        self._alive: Tensor | None = None
        self._positive = 0
        self._limited = 0
        self._answers = 0

    def add(self, values: Tensor) -> None:
        """Outputs [N, U, …] of some samples."""
        units = values.flatten(2).movedim(1, 0).flatten(1) if values.dim() > 2 else values.T
        positive = units > 0  # [U, N · P]
        # What is no number any more is not dead; that is told otherwise.
        alive = (positive | units.isnan()).any(1)
        self._alive = alive if self._alive is None else self._alive | alive
        self._positive += int(positive.sum())
        self._answers += units.numel()
        if self._function in LIMITS:
            self._limited += int(LIMITS[self._function](units).sum())

    def told(self, layer: str) -> Activity:
        one_sided = self._function in ONE_SIDED
        dead = None
        if self._function in MORTAL and self._alive is not None:
            dead = 1 - float(self._alive.double().mean())
        return Activity(
            layer,
            self._function,
            dead,
            self._positive / self._answers if one_sided else None,
            self._limited / self._answers if self._function in LIMITS else None,
        )

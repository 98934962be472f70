"""A planned network as the table that the compiled loop reads, where it is a chain of dense layers."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradus.layers import LAYERS
from gradus.planned import LayerPlan, LossPlan, NetworkPlan, Plan, TrainPlan
from gradus_engine.dense import codes
from gradus_engine.dense.arrays import Indices, Vector
from gradus_engine.flat import FlatParameters

# Up to this many products a step the loop is faster on one core than PyTorch's matrices (see
# docs/benchmarks.md); beyond it a library has caught up.
MOST_PRODUCTS = 16_000_000

# Computed once for all samples where they come before everything that learns or draws.
FIXED = frozenset({"features", "flatten", "reshape", "permute", "select", "pad", *codes.FUNCTIONS})

_FIELDS = {
    "linear": {"units", "activation", "bias", "init", "trainable", "weight_decay"},
    "prelu": {"slopes", "start", "trainable", "weight_decay"},
    "dropout": {"rate"},
    "gaussian_noise": {"std"},
    "rrelu": {"lower", "upper"},
    "maxout": {"pieces"},
    "leaky_relu": {"negative_slope"},
    "elu": {"alpha"},
    "gelu": {"approximate"},
}
_TRAIN = frozenset(
    [
        "epochs",
        "batch_size",
        "optimizer",
        "losses",
        "metrics",
        "order",
        "schedule",
        "clip",
        "gradient_noise",
        "l1",
        "l2",
        "tier",
        "precision",
        "on_nan",
        "seed",
        "early_stopping",
        "weight_decay",
        "ensemble",  # each member is a session of its own
    ]
)


@dataclass(frozen=True, slots=True)
class Draw:
    """A layer that draws while it trains, and where its numbers lie in a step's rows."""

    layer: str
    start: int
    units: int
    rest: float  # what stands for the numbers while it does not train


@dataclass(frozen=True, slots=True)
class Chain:
    """What the loop has to know of a network.

    `before` is the last of the layers that are computed once for all samples. `layers` has a row a
    layer with the columns of `codes`, `numbers` a slope or scale for each.
    """

    before: str
    layers: Indices
    numbers: Vector
    rows: int  # of the buffer: what is read, and what each layer gives
    draws: tuple[Draw, ...]
    loss: int
    number: float
    weight: float

    def terms(self) -> NDArray[np.float64]:
        """What the loop has to know of a step, so far as the network and its loss say it."""
        terms = np.zeros(codes.TERMS)
        terms[codes.LOSS] = self.loss
        terms[codes.NUMBER], terms[codes.LOSS_WEIGHT] = self.number, self.weight
        return terms


def padded(count: int) -> int:
    """`count` rounded up to whole lanes."""
    return -(-count // codes.WIDTH) * codes.WIDTH


@dataclass(frozen=True, slots=True)
class Columns:
    """What the loop has to know of one of several networks, whose losses stand apart."""

    layers: Indices
    numbers: Vector
    rows: int
    inputs: int
    units: int


def columns(network: NetworkPlan, flat: FlatParameters) -> Columns | None:
    """The table of a network that reads and gives vectors and draws nothing; else None."""
    inputs = math.prod(next(iter(network.inputs.values())))
    table = _Table(flat, inputs)
    if not _one_way(network) or not all(table.add(layer) for layer in network.layers):
        return None
    return table.columns(inputs)


def chain(plan: Plan, flat: FlatParameters) -> Chain | None:
    """The table of a plan's network, or None where the loop does not know how to train it."""
    if not _trainable(plan):
        return None
    layers = plan.network.layers
    fixed = 0
    while fixed < len(layers) and layers[fixed].type in FIXED:
        fixed += 1
    table = _Table(flat, math.prod(layers[fixed - 1].output if fixed else _input(plan)))
    if not all(table.add(layer) for layer in layers[fixed:]):
        return None
    loss = plan.train.losses[0]
    before = layers[fixed - 1].name if fixed else next(iter(plan.network.inputs))
    return table.chain(before, loss)


def pays(plan: Plan) -> bool:
    """Whether a step has so few products that the loop is faster than PyTorch."""
    return plan.totals.multiply_adds * plan.train.batch_size <= MOST_PRODUCTS


def _input(plan: Plan) -> Sequence[int]:
    return next(iter(plan.network.inputs.values()))


def _trainable(plan: Plan) -> bool:
    """Whether all that stands outside the layers is known: a field added later must be left out."""
    network, train = plan.network, plan.train
    return (
        _one_way(network)
        and len(plan.networks) == 1
        and train.precision == "float32"
        and _known(train)
        and len(train.losses) == 1
        and train.losses[0].input == network.output
        and train.losses[0].target == "target"
        and known_loss(train.losses[0])
    )


def _one_way(network: NetworkPlan) -> bool:
    """Whether each layer reads the one before and nothing else."""
    reads = [next(iter(network.inputs)), *(layer.name for layer in network.layers)]
    one_way = all(
        layer.inputs == (before,) and not layer.extras
        for before, layer in zip(reads, network.layers, strict=False)
    )
    alone = len(network.inputs) == 1 and not network.dtypes and not network.ties
    return one_way and alone and network.output == reads[-1]


def _known(train: TrainPlan) -> bool:
    others = [field for field in fields(train) if field.name not in _TRAIN]
    known = codes.OPTIMIZERS.get(train.optimizer["type"])
    if known is None or any(getattr(train, each.name) != each.default for each in others):
        return False
    return set(train.optimizer) <= {"type", "learning_rate", "weight_decay", *known}


def known_loss(loss: LossPlan) -> bool:
    return loss.type in codes.LOSSES and set(loss.fields) <= {"half", "delta"}


def loss_code(loss: LossPlan, units: int) -> tuple[int, float]:
    """What stands for a loss of an output of so many units, and the number that it needs."""
    kind = "class_hinge" if loss.type == "hinge" and units > 1 else loss.type
    number = loss.fields.get("delta", 0.5 if loss.fields.get("half") else 1.0)
    return codes.LOSSES[kind], number


class _Table:
    """Layers one after another; each reads the rows that the one before gives."""

    def __init__(self, flat: FlatParameters, inputs: int) -> None:
        self._flat = flat
        self._reads, self._units, self._rows = 0, inputs, inputs
        self._layers: list[list[int]] = []
        self._numbers: list[float] = []
        self._draws: list[Draw] = []
        self._drawn = 0

    def add(self, layer: LayerPlan) -> bool:
        """Append a layer; False for one that the loop does not know."""
        if len(layer.input_shapes[0]) != 1 and layer.type != "flatten":
            return False
        known = _FIELDS.get(layer.type, set())
        if any(value for name, value in layer.fields.items() if name not in known):
            return False
        if layer.type == "flatten":
            return len(layer.input_shapes[0]) == 1
        if layer.type in codes.FUNCTIONS:
            self._append(
                codes.ACTIVATION, self._units, function=_function(layer.type, layer.fields)
            )
            return True
        build = _KINDS.get(layer.type)
        return build is not None and build(self, layer)

    def chain(self, before: str, loss: LossPlan) -> Chain | None:
        """All of it; None where nothing learns."""
        if not self._layers:
            return None
        code, number = loss_code(loss, self._units)
        return Chain(
            before,
            np.array(self._layers, dtype=np.int64),
            np.array(self._numbers, dtype=np.float32),
            self._rows,
            tuple(self._draws),
            code,
            number,
            loss.weight,
        )

    def columns(self, inputs: int) -> Columns | None:
        """The table without a loss; None where something draws or nothing is there."""
        if not self._layers or self._draws:
            return None
        layers = np.array(self._layers, dtype=np.int64)
        numbers = np.array(self._numbers, dtype=np.float32)
        return Columns(layers, numbers, self._rows, inputs, self._units)

    def linear(self, layer: LayerPlan) -> bool:
        weight = self._flat.places.get(f"{layer.name}.weight")
        if weight is None:
            return False
        bias = self._flat.places.get(f"{layer.name}.bias")
        name = layer.fields["activation"]
        function = _function(name, LAYERS[name]().resolved())
        begins = codes.NONE if bias is None else bias.start
        self._append(codes.LINEAR, layer.output[0], weight.start, begins, function)
        return True

    def prelu(self, layer: LayerPlan) -> bool:
        slopes = self._flat.places.get(f"{layer.name}.weight")
        if slopes is None:
            return False
        apart = 1 if slopes.shape.numel() > 1 else 0
        self._append(codes.PRELU, self._units, slopes.start, apart)
        return True

    def maxout(self, layer: LayerPlan) -> bool:
        self._append(codes.MAXOUT, layer.output[0])
        return True

    def drawn(self, kind: int, layer: LayerPlan, rest: float) -> bool:
        self._draws.append(Draw(layer.name, self._drawn, self._units, rest))
        self._append(kind, self._units, draws=self._drawn)
        self._drawn += self._units
        return True

    def _append(
        self,
        kind: int,
        units: int,
        weight: int = 0,
        bias: int = codes.NONE,
        function: tuple[int, float] = (codes.IDENTITY, 0.0),
        draws: int = 0,
    ) -> None:
        sums, gives = self._rows, self._rows + (units if kind == codes.LINEAR else 0)
        code, number = function
        self._layers.append(
            [kind, self._units, units, weight, bias, code, self._reads, sums, gives, draws]
        )
        self._numbers.append(number)
        self._reads, self._units, self._rows = gives, units, gives + units


def _function(name: str, given: Mapping[str, Any]) -> tuple[int, float]:
    if name == "gelu" and given["approximate"] == "tanh":
        name = "gelu_tanh"
    number = given.get("negative_slope", given.get("alpha", 0.0))
    return codes.FUNCTIONS[name], float(number)


_KINDS: dict[str, Callable[[_Table, LayerPlan], bool]] = {
    "linear": _Table.linear,
    "prelu": _Table.prelu,
    "maxout": _Table.maxout,
    "dropout": lambda table, layer: (
        not layer.fields["rate"] or table.drawn(codes.SCALE, layer, 1.0)
    ),
    "gaussian_noise": lambda table, layer: (
        not layer.fields["std"] or table.drawn(codes.SHIFT, layer, 0.0)
    ),
    "rrelu": lambda table, layer: table.drawn(
        codes.SLOPES, layer, (layer.fields["lower"] + layer.fields["upper"]) / 2
    ),
}

"""Advice on starts from which a layer learns badly or not at all."""

from math import prod, sqrt

from gradus.advice.written import Written
from gradus.planned import LayerPlan, NetworkPlan, ParameterPlan
from gradus.problems import Problem, problem

_RECTIFIERS = frozenset({"relu", "leaky_relu", "elu", "gelu", "silu", "prelu", "rrelu"})
_SQUASHING = frozenset({"sigmoid", "tanh"})
_JOINS = frozenset({"add", "mean", "concat"})
# A row of a table is told apart from the others by who reads it.
_TABLES = frozenset({"embedding", "embedding_bag", "positional_encoding"})
_NOT_NEGATIVE = frozenset({"relu", "sigmoid", "softmax"})
# Deviation of a weighted sum over inputs of mean square 1, from which most units sit on a plateau.
_SATURATED = 5.0


def starts(network: NetworkPlan, written: Written) -> list[Problem]:
    """Hidden layers whose units start dead, saturated or all alike."""
    readers = _Readers(network)
    found = []
    for layer in network.layers:
        weight = next((each for each in layer.parameters if "weight" in each.name), None)
        if "init" not in layer.fields or weight is None or not layer.fields.get("trainable", True):
            continue
        if layer.type in _TABLES:
            continue
        activation = readers.activation(layer)
        hidden, many = readers.is_hidden(layer), _units(layer, weight) > 1
        if activation == "relu" and hidden and _is_dead(layer, readers):
            code = "advice.dead_start"
        elif hidden and many and _is_even(layer) and not readers.joins(layer):
            code = "advice.symmetric_start"
        elif weight.name != "weight":
            continue
        elif activation in _SQUASHING and _spread(layer, prod(weight.shape[1:])) > _SATURATED:
            code = "advice.saturated_start"
        else:
            continue
        better = "he" if activation in _RECTIFIERS else "xavier"
        fix = written.with_field(layer, "init", better)
        found.append(
            problem(
                code, layer.source, layer=layer.name, fix=fix, activation=activation, better=better
            )
        )
    return found


def _units(layer: LayerPlan, weight: ParameterPlan) -> int:
    return int(layer.fields.get("units") or weight.shape[0])


def _is_even(layer: LayerPlan) -> bool:
    """Whether all weights start with the same value."""
    return layer.fields["init"]["type"] in ("zeros", "constant")


class _Readers:
    """Which layers read which, as far as starts ask."""

    def __init__(self, network: NetworkPlan) -> None:
        self._layers = {layer.name: layer for layer in network.layers}
        self._readers: dict[str, list[LayerPlan]] = {name: [] for name in self._layers}
        self._hidden: set[str] = set()
        for layer in reversed(network.layers):
            learns = any(not each.buffer for each in layer.parameters)
            if learns or layer.name in self._hidden:
                self._hidden.update(layer.inputs)
            for name in layer.inputs:
                self._readers.setdefault(name, []).append(layer)

    def is_hidden(self, layer: LayerPlan) -> bool:
        """Whether anything that learns stands behind the layer."""
        return layer.name in self._hidden

    def activation(self, layer: LayerPlan) -> str:
        """The layer's own, or that which alone reads it."""
        own = str(layer.fields.get("activation", "identity"))
        readers = self._readers[layer.name]
        return readers[0].type if own == "identity" and len(readers) == 1 else own

    def joins(self, layer: LayerPlan) -> bool:
        """Whether what it gives is added to something else: from 0 on, that is a usual start."""
        return any(each.type in _JOINS for each in self._readers[layer.name])

    def reads_no_negative(self, layer: LayerPlan) -> bool:
        read = [self._layers.get(name) for name in layer.inputs]
        return all(
            each is not None
            and (each.type in _NOT_NEGATIVE or each.fields.get("activation") in _NOT_NEGATIVE)
            for each in read
        )


def _is_dead(layer: LayerPlan, readers: _Readers) -> bool:
    """Whether no unit can ever be more than 0, and so never learns."""
    init = layer.fields["init"]
    largest = {
        "zeros": 0.0,
        "constant": float(init.get("value", 1.0)),
        "uniform": float(init.get("high", 1.0)),
    }.get(init["type"], 1.0)
    return init["type"] == "zeros" or (largest <= 0 and readers.reads_no_negative(layer))


def _spread(layer: LayerPlan, inputs: int) -> float:
    """Deviation of a unit's weighted sum at the start, over inputs of mean square 1."""
    init = layer.fields["init"]
    if init["type"] == "normal":
        return float(init["std"]) * sqrt(inputs)
    if init["type"] == "uniform":
        low, high = float(init["low"]), float(init["high"])
        return sqrt((low**2 + low * high + high**2) / 3 * inputs)
    return 0.0

"""Functions of single numbers, and softmax over the channels."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from gradus.export.onnx.graph import Graph
from gradus.layers import LAYERS
from gradus.planned import LayerPlan

Fields = Mapping[str, Any]


def _identity(g: Graph, x: str, fields: Fields) -> str:
    return x


def _step(g: Graph, x: str, fields: Fields) -> str:
    return g.as_float(g.op("Greater", x, g.number(0.0)))


def _sigmoid(g: Graph, x: str, fields: Fields) -> str:
    return g.op("Sigmoid", x)


def _tanh(g: Graph, x: str, fields: Fields) -> str:
    return g.op("Tanh", x)


def _relu(g: Graph, x: str, fields: Fields) -> str:
    return g.op("Relu", x)


def _leaky_relu(g: Graph, x: str, fields: Fields) -> str:
    return g.op("LeakyRelu", x, alpha=float(fields["negative_slope"]))


def _elu(g: Graph, x: str, fields: Fields) -> str:
    return g.op("Elu", x, alpha=float(fields["alpha"]))


def _gelu(g: Graph, x: str, fields: Fields) -> str:
    """Written out: ONNX has it as one operation only since its version 20."""
    if fields["approximate"] == "tanh":
        cubed = g.times(x, x, x, g.number(0.044715))
        bent = g.op("Tanh", g.times(g.add(x, cubed), g.number(math.sqrt(2 / math.pi))))
    else:
        bent = g.op("Erf", g.times(x, g.number(math.sqrt(0.5))))
    return g.times(x, g.add(bent, g.number(1.0)), g.number(0.5))


def _silu(g: Graph, x: str, fields: Fields) -> str:
    return g.times(x, g.op("Sigmoid", x))


def _softmax(g: Graph, x: str, fields: Fields) -> str:
    return g.op("Softmax", x, axis=1)


def _log_softmax(g: Graph, x: str, fields: Fields) -> str:
    return g.op("LogSoftmax", x, axis=1)


FUNCTIONS: dict[str, Callable[[Graph, str, Fields], str]] = {
    "identity": _identity,
    "step": _step,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _relu,
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "gelu": _gelu,
    "silu": _silu,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
}


def activated(g: Graph, x: str, name: str) -> str:
    """The function behind an `activation` field, with the defaults of the layer of that name."""
    return FUNCTIONS[name](g, x, LAYERS[name]().resolved())


def activation(g: Graph, layer: LayerPlan, x: str) -> str:
    return FUNCTIONS[layer.type](g, x, layer.fields)


def prelu(g: Graph, layer: LayerPlan, x: str) -> str:
    # The slopes stand in the weights already: how many, and what they began with, says nothing new.
    layer.fields["slopes"], layer.fields["start"]
    return g.op("PRelu", x, g.channels(g.own("weight"), len(layer.input_shapes[0]) - 1))


def rrelu(g: Graph, layer: LayerPlan, x: str) -> str:
    """The mean slope, as in prediction."""
    return g.op("LeakyRelu", x, alpha=(layer.fields["lower"] + layer.fields["upper"]) / 2)


def maxout(g: Graph, layer: LayerPlan, x: str) -> str:
    pieces = layer.fields["pieces"]
    sizes = g.sizes(0, layer.input_shapes[0][0] // pieces, pieces, g.shape(x, 2))
    return g.op("ReduceMax", g.like(x, sizes), g.row([2]), keepdims=0)

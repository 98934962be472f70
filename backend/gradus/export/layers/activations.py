"""Functions of single numbers, softmax, and the layers of this family with fields of their own."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from gradus.export.code import Code, Raw, call, function, module, unless
from gradus.planned import LayerPlan

Fields = Mapping[str, Any]
X = Raw("{0}")  # what it reads

STEP = '''
class Step(nn.Module):
    """1 for positive numbers, 0 otherwise."""

    def forward(self, x):
        return (x > 0).to(x.dtype)
'''
MAXOUT = '''
class Maxout(nn.Module):
    """The largest of every few neighbouring channels."""

    def __init__(self, pieces):
        super().__init__()
        self.pieces = pieces

    def forward(self, x):
        return x.reshape(len(x), -1, self.pieces, *x.shape[2:]).amax(2)
'''


def _leaky_relu(fields: Fields) -> Code:
    slope = fields["negative_slope"]
    return function(call("F.leaky_relu", X, slope), call("nn.LeakyReLU", slope))


def _elu(fields: Fields) -> Code:
    alpha = unless(fields["alpha"], 1.0)
    return function(call("F.elu", X, alpha=alpha), call("nn.ELU", alpha=alpha))


def _gelu(fields: Fields) -> Code:
    how = unless(fields["approximate"], "none")
    return function(call("F.gelu", X, approximate=how), call("nn.GELU", approximate=how))


FUNCTIONS: dict[str, Callable[[Fields], Code]] = {
    "identity": lambda fields: function("{0}", "nn.Identity()"),
    "step": lambda fields: module("Step()", STEP),
    "sigmoid": lambda fields: function("torch.sigmoid({0})", "nn.Sigmoid()"),
    "tanh": lambda fields: function("torch.tanh({0})", "nn.Tanh()"),
    "relu": lambda fields: function("torch.relu({0})", "nn.ReLU()"),
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "gelu": _gelu,
    "silu": lambda fields: function("F.silu({0})", "nn.SiLU()"),
    "softmax": lambda fields: function("torch.softmax({0}, 1)", "nn.Softmax(dim=1)"),
    "log_softmax": lambda fields: function("torch.log_softmax({0}, 1)", "nn.LogSoftmax(dim=1)"),
}
# What an `activation` field means is the layer of its name with its defaults.
DEFAULTS: Fields = {"negative_slope": 0.01, "alpha": 1.0, "approximate": "none"}


def activated(code: Code, name: str) -> Code:
    """A layer with the function of its `activation` field behind it."""
    if name == "identity":
        return code
    behind = FUNCTIONS[name](DEFAULTS)
    (step,) = behind.steps
    return code.then(replace(behind, steps=(replace(step, suffix=name),)))


def activation(layer: LayerPlan) -> Code:
    return FUNCTIONS[layer.type](layer.fields)


def prelu(layer: LayerPlan) -> Code:
    shared = layer.fields["slopes"] == "shared"
    count = 1 if shared else layer.input_shapes[0][0]
    return module(call("nn.PReLU", count, init=unless(float(layer.fields["start"]), 0.25)))


def rrelu(layer: LayerPlan) -> Code:
    return module(call("nn.RReLU", layer.fields["lower"], layer.fields["upper"]))


def maxout(layer: LayerPlan) -> Code:
    return module(call("Maxout", layer.fields["pieces"]), MAXOUT)

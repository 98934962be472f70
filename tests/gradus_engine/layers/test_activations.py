"""Activations (A3): value and gradient of each against its formula."""

import math

import numpy as np
import pytest

from gradus.layers import LAYERS
from gradus.layers.activations import ActivationLayer
from tests.gradus_engine.layers.reference import assert_equals, draw, network_of

PHI = np.vectorize(lambda x: 0.5 * (1 + math.erf(x / math.sqrt(2))))


def softmax(x):
    powers = np.exp(x)
    return powers / powers.sum(axis=1, keepdims=True)


FORMULAS = {
    "identity": lambda x: x,
    "step": lambda x: (x > 0).astype(float),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "relu": lambda x: np.maximum(0, x),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "gelu": lambda x: x * PHI(x),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "softmax": softmax,
}


def test_a3_every_activation_of_the_language_has_a_formula_here():
    assert set(FORMULAS) == {n for n, layer in LAYERS.items() if issubclass(layer, ActivationLayer)}


@pytest.mark.parametrize("name", FORMULAS)
def test_a3_an_activation_layer_equals_its_formula(name):
    # A scale in front gives `step`, whose own gradient is 0, something to be differentiated by.
    network = network_of([{"type": "linear", "units": 3}, name], (4,))

    def formula(x, p):
        return FORMULAS[name](x @ p["linear_1.weight"].T + p["linear_1.bias"])

    assert_equals(network, formula, draw(6, 4))


@pytest.mark.parametrize("name", FORMULAS)
def test_a3_an_activation_field_is_the_layer_with_its_defaults(name):
    network = network_of([{"type": "linear", "units": 3, "activation": name}], (4,))

    def formula(x, p):
        return FORMULAS[name](x @ p["linear_1.weight"].T + p["linear_1.bias"])

    assert_equals(network, formula, draw(6, 4, seed=1))


@pytest.mark.parametrize(
    ("layer", "formula"),
    [
        ({"type": "leaky_relu", "negative_slope": 0.3}, lambda x: np.where(x > 0, x, 0.3 * x)),
        ({"type": "elu", "alpha": 1.7}, lambda x: np.where(x > 0, x, 1.7 * (np.exp(x) - 1))),
        (
            {"type": "gelu", "approximate": "tanh"},
            lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
        ),
    ],
)
def test_a3_the_fields_of_an_activation_are_its_constants(layer, formula):
    assert_equals(network_of([layer], (5,)), lambda x, p: formula(x), draw(3, 5))


def test_a3_softmax_shares_out_over_the_channels_of_a_picture():
    assert_equals(network_of(["softmax"], (3, 2, 2)), lambda x, p: softmax(x), draw(2, 3, 2, 2))

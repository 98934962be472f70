"""Activations: value and gradient of each against its formula."""

import math

import numpy as np
import pytest
import torch

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
    "log_softmax": lambda x: np.log(softmax(x)),
}


@pytest.mark.proves("A3.value")
def test_every_activation_of_the_language_has_a_formula_here():
    plain = {n for n, layer in LAYERS.items() if issubclass(layer, ActivationLayer)}
    assert {*FORMULAS, "prelu", "rrelu"} == plain


@pytest.mark.proves("A3.value")
@pytest.mark.parametrize("name", FORMULAS)
def test_an_activation_layer_equals_its_formula(name):
    # A scale in front gives `step`, whose own gradient is 0, something to be differentiated by.
    network = network_of([{"type": "linear", "units": 3}, name], (4,))

    def formula(x, p):
        return FORMULAS[name](x @ p["linear_1.weight"].T + p["linear_1.bias"])

    assert_equals(network, formula, draw(6, 4))


@pytest.mark.proves("A3.value")
@pytest.mark.parametrize("name", FORMULAS)
def test_an_activation_field_is_the_layer_with_its_defaults(name):
    network = network_of([{"type": "linear", "units": 3, "activation": name}], (4,))

    def formula(x, p):
        return FORMULAS[name](x @ p["linear_1.weight"].T + p["linear_1.bias"])

    assert_equals(network, formula, draw(6, 4, seed=1))


@pytest.mark.proves("A3.fields")
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
def test_the_fields_of_an_activation_are_its_constants(layer, formula):
    assert_equals(network_of([layer], (5,)), lambda x, p: formula(x), draw(3, 5))


@pytest.mark.proves("A3.value")
def test_softmax_shares_out_over_the_channels_of_a_picture():
    assert_equals(network_of(["softmax"], (3, 2, 2)), lambda x, p: softmax(x), draw(2, 3, 2, 2))


@pytest.mark.proves("A3.fields")
@pytest.mark.parametrize(("slopes", "count"), [("shared", 1), ("channel", 3)])
def test_prelu_learns_its_slopes(slopes, count):
    network = network_of([{"type": "prelu", "slopes": slopes, "start": 0.4}], (3, 2, 2))
    (weight,) = network.parameters()
    assert weight.tolist() == pytest.approx([0.4] * count)
    weight.data.copy_(torch.from_numpy(draw(count, seed=4)))

    def formula(x, p):
        return np.where(x > 0, x, p["prelu_1.weight"].reshape(1, -1, 1, 1) * x)

    assert_equals(network, formula, draw(2, 3, 2, 2))


@pytest.mark.proves("A3.fields")
def test_rrelu_draws_a_slope_for_each_number_and_rests_at_their_mean():
    network = network_of([{"type": "rrelu", "lower": 0.1, "upper": 0.5}], (2000,))
    x = torch.full((4, 2000), -1.0, dtype=torch.float64)
    slopes = -network.train()(x)
    assert 0.1 <= slopes.min() < 0.12 < 0.48 < slopes.max() <= 0.5
    assert slopes.mean().item() == pytest.approx(0.3, abs=0.01)
    assert torch.equal(slopes, -network(x))
    y = network.eval()(x)
    np.testing.assert_allclose(y.numpy(), -0.3, rtol=1e-12)


@pytest.mark.proves("A3.value")
def test_maxout_keeps_the_largest_of_neighbouring_channels():
    network = network_of([{"type": "maxout", "pieces": 3}], (6, 2, 2))
    assert_equals(network, lambda x, p: x.reshape(2, 2, 3, 2, 2).max(axis=2), draw(2, 6, 2, 2))

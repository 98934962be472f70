"""The fully connected layer."""

import numpy as np
import pytest
import torch

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of


@pytest.mark.proves("A2.neuron")
def test_a_neuron_is_the_activation_of_a_weighted_sum_plus_bias():
    network = network_of([{"type": "linear", "units": 3, "activation": "tanh"}], (4,))

    def neuron(x, p):
        return np.tanh(x @ p["linear_1.weight"].T + p["linear_1.bias"])

    assert_equals(network, neuron, draw(5, 4))


@pytest.mark.proves("A2.neuron")
def test_a_layer_without_bias_is_a_matrix():
    network = network_of([{"type": "linear", "units": 2, "bias": False}], (3,))
    assert_equals(network, lambda x, p: x @ p["linear_1.weight"].T, draw(4, 3))


@pytest.mark.proves("A2.neuron")
def test_a_matrix_applies_to_the_last_axis():
    network = network_of([{"type": "linear", "units": 2}], (3, 4))
    assert_equals(
        network, lambda x, p: x @ p["linear_1.weight"].T + p["linear_1.bias"], draw(2, 3, 4)
    )


@pytest.mark.proves("A2.neuron")
def test_two_layers_are_the_nested_formula():
    layers = [
        {"type": "linear", "units": 4, "activation": "sigmoid", "name": "hidden"},
        {"type": "linear", "units": 2, "name": "out"},
    ]
    network = network_of(layers, (3,))

    def nested(x, p):
        hidden = 1 / (1 + np.exp(-(x @ p["hidden.weight"].T + p["hidden.bias"])))
        return hidden @ p["out.weight"].T + p["out.bias"]

    assert_equals(network, nested, draw(5, 3))


@pytest.mark.proves("A2.neuron")
def test_the_neuron_worked_by_hand():
    network = network_of([{"type": "linear", "units": 1, "activation": "relu"}], (2,))
    with torch.no_grad():
        network.layers["linear_1"].weight.copy_(torch.tensor([[2.0, -1.0]]))
        network.layers["linear_1"].bias.fill_(0.5)
    # 2·3 − 1·4 + 0.5 = 2.5, and 2·1 − 1·4 + 0.5 = −1.5 → 0
    output = network(torch.tensor([[3.0, 4.0], [1.0, 4.0]], dtype=torch.float64))
    assert output.tolist() == [[2.5], [0.0]]

"""The fully connected layer."""

import math

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


@pytest.mark.proves("A2.nodes")
def test_the_net_of_nodes_1_to_9_is_computed_node_by_node():
    """Inputs are nodes 1 to 3, hidden ones 4 to 7, outputs 8 and 9; w[j, i] leads from i to j."""
    w = {(j, i): (3 * j - 5 * i) / 20 for j in range(4, 8) for i in range(1, 4)}
    w |= {(j, i): (i - j / 2) / 10 for j in (8, 9) for i in range(4, 8)}
    b = {j: j / 10 - 0.5 for j in range(4, 10)}
    a = {1: 0.9, 2: -1.2, 3: 0.4}
    for j, sources in [
        *((j, range(1, 4)) for j in range(4, 8)),
        (8, range(4, 8)),
        (9, range(4, 8)),
    ]:
        a[j] = 1 / (1 + math.exp(-sum(w[j, i] * a[i] for i in sources) - b[j]))

    sigmoid = {"type": "linear", "activation": "sigmoid"}
    layers = [{**sigmoid, "units": 4, "name": "hidden"}, {**sigmoid, "units": 2, "name": "out"}]
    network = network_of(layers, (3,))
    with torch.no_grad():
        for layer, own, read in (
            ("hidden", range(4, 8), range(1, 4)),
            ("out", (8, 9), range(4, 8)),
        ):
            weights = [[w[j, i] for i in read] for j in own]
            network.layers[layer].weight.copy_(torch.tensor(weights, dtype=torch.float64))
            network.layers[layer].bias.copy_(torch.tensor([b[j] for j in own]))
        values = network.outputs(torch.tensor([[a[1], a[2], a[3]]], dtype=torch.float64))
    assert values["hidden"][0].tolist() == pytest.approx([a[j] for j in range(4, 8)], abs=1e-7)
    assert values["out"][0].tolist() == pytest.approx([a[8], a[9]], abs=1e-7)

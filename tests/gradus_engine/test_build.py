"""From plan to module."""

import pytest
import torch

from gradus.plan import plan
from gradus_engine.build import build
from tests.gradus_engine.documents import digits_cnn, document, everything, spiral


@pytest.mark.parametrize("written", [spiral(), digits_cnn(), everything()])
def test_names_and_shapes_are_the_planned_ones(written):
    planned = plan(written)
    network = build(planned)
    expected = {
        f"{layer.name}.{tensor.name}": tensor.shape
        for layer in planned.network.layers
        for tensor in layer.parameters
    }
    assert {n: tuple(v.shape) for n, v in network.layers.state_dict().items()} == expected
    assert sum(p.numel() for p in network.parameters()) == planned.totals.parameters


def hidden(*between):
    return plan(
        document(
            [
                {"type": "linear", "units": 5, "name": "first"},
                *between,
                {"type": "linear", "name": "last"},
            ]
        )
    )


def test_an_added_layer_leaves_the_first_values_of_the_others_alone():
    plain, wider = build(hidden()), build(hidden("tanh", {"type": "linear", "units": 5}))
    for name in ("first.weight", "first.bias", "last.weight", "last.bias"):
        assert torch.equal(plain.layers.state_dict()[name], wider.layers.state_dict()[name])


def test_another_seed_gives_other_first_values():
    one, two = build(hidden(), seed=1), build(hidden(), seed=2)
    assert torch.equal(build(hidden(), seed=1).layers["first"].weight, one.layers["first"].weight)
    assert not torch.equal(one.layers["first"].weight, two.layers["first"].weight)


def test_layers_may_have_the_names_of_a_dictionary_s_methods():
    names = ["values", "keys", "type", "train", "forward"]
    network = build(plan(document([*({"type": "tanh", "name": n} for n in names), "linear"])))
    assert list(network.layers)[: len(names)] == names
    assert network(torch.zeros(3, 2)).shape == (3, 1)


def test_outputs_are_what_each_layer_gives_after_its_activation():
    network = build(plan(spiral()))
    points = torch.tensor([[1.0, 2.0], [-0.5, 3.0]])
    outputs = network.outputs(points)
    assert list(outputs) == ["input", "features_1", "linear_1", "linear_2", "linear_3"]
    assert torch.equal(outputs["input"], points)
    assert torch.equal(outputs["linear_3"], network(points))
    hidden = network.layers["linear_1"]
    by_hand = torch.tanh(outputs["features_1"] @ hidden.weight.T + hidden.bias)
    torch.testing.assert_close(outputs["linear_1"], by_hand)


def test_a_branch_reads_what_an_earlier_layer_gave():
    layers = [
        {"type": "linear", "units": 3, "name": "a"},
        {"type": "tanh", "name": "b"},
        {"type": "add", "from": ["a", "b"], "name": "sum"},
        "linear",
    ]
    outputs = build(plan(document(layers))).outputs(torch.ones(2, 2))
    torch.testing.assert_close(outputs["sum"], outputs["a"] + torch.tanh(outputs["a"]))


def test_a_frozen_layer_keeps_its_gradient_to_itself():
    network = build(plan(document([{"type": "linear", "units": 3, "trainable": False}, "linear"])))
    assert [p.requires_grad for p in network.parameters()] == [False, False, True, True]


def test_building_draws_from_no_global_generator():
    before = torch.get_rng_state()
    build(plan(everything()))
    assert torch.equal(torch.get_rng_state(), before)

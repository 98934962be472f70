"""Layers over trees and graphs, memories, and pictures in a row, as they are planned."""

from typing import Any

import pytest

from gradus.plan import plan, plan_resolved
from gradus.planned import ANY, LayerPlan
from gradus.problems import SpecError

INPUTS: dict[str, Any] = {
    "nodes": ["*", 5],
    "parents": {"shape": ["*"], "dtype": "int64"},
    "edges": ["*", "*"],
    "seen": ["*"],
    "question": [5],
    "film": ["*", 3, 8, 6],
    "still": [4, 8, 6],
}


def planned(type: str, ports: Any, **fields: Any) -> LayerPlan:
    layer = {"type": type, "from": ports, **fields}
    found = plan({"spec": "nn/1", "network": {"inputs": INPUTS, "layers": [layer]}})
    assert plan_resolved(found.resolved).hash == found.hash
    return found.network.layers[0]


TREE = {"input": "nodes", "parents": "parents"}
ASKED = ["nodes", "question"]


@pytest.mark.proves("B10.tree")
def test_a_tree_costs_four_gates_and_one_vector_of_biases() -> None:
    layer = planned("tree_lstm", TREE, units=3)
    assert layer.parameter_count == 4 * 3 * (5 + 3 + 1)
    assert layer.output == (ANY, 3)
    assert planned("tree_lstm", TREE, units=3, returns="root").output == (3,)


@pytest.mark.proves("B10.graph")
def test_a_graph_costs_one_matrix() -> None:
    layer = planned("graph_conv", ["nodes", "edges"], units=7)
    assert layer.parameter_count == 7 * 5 + 7
    assert layer.output == (ANY, 7)


@pytest.mark.proves("C9")
def test_an_episodic_memory_costs_its_gate_and_two_cells() -> None:
    layer = planned("episodic_memory", ASKED, hidden=4, passes=2)
    gate = 5 * 5 + (7 * 5 + 2) * 4 + 4 + 4 + 1
    assert layer.parameter_count == gate + 2 * 3 * 5 * (5 + 5 + 2)
    assert (layer.output, dict(layer.extras)) == ((5,), {"gates": (2, ANY)})


@pytest.mark.proves("C9")
def test_an_entity_memory_costs_its_keys_and_four_matrices() -> None:
    assert planned("entity_memory", ASKED, slots=6).parameter_count == 6 * 5 + 4 * 25 + 5
    plain = planned("entity_memory", ASKED, slots=6, activation="identity")
    assert plain.parameter_count == 6 * 5 + 4 * 25
    assert dict(plain.extras) == {"memory": (6, 5), "gates": (ANY, 6), "weights": (6,)}


@pytest.mark.proves("B5.pictures")
@pytest.mark.parametrize(("cell", "gates"), [("rnn", 1), ("gru", 3), ("lstm", 4)])
def test_convolutions_take_the_place_of_matrices(cell: str, gates: int) -> None:
    layer = planned("conv_rnn", ["film", "still"], filters=4, kernel=[3, 5], cell=cell)
    assert layer.parameter_count == gates * 4 * ((3 + 4) * 15 + 2)
    assert layer.output == (ANY, 4, 8, 6)
    assert layer.multiply_adds == gates * 4 * (3 + 4) * 15 * 8 * 6
    assert dict(layer.extras)["state"] == (4, 8, 6)


@pytest.mark.proves("C10")
def test_a_sample_shows_the_numbers_that_it_is_drawn_by() -> None:
    layer = planned("sample_normal", ["question", "question"])
    assert (layer.output, layer.parameter_count) == ((5,), 0)
    assert dict(layer.extras) == {"mean": (5,), "log_variance": (5,)}


@pytest.mark.parametrize(
    ("type", "ports", "fields", "code"),
    [
        ("tree_lstm", {"input": "nodes", "parents": "seen"}, {"units": 3}, "shape.integers"),
        ("tree_lstm", {"input": "parents", "parents": "parents"}, {"units": 3}, "shape.floats"),
        ("tree_lstm", "nodes", {"units": 3}, "reference.too_few"),
        ("tree_lstm", {**TREE, "mask": "question"}, {"units": 3}, None),
        ("tree_lstm", {**TREE, "mask": "nodes"}, {"units": 3}, "port.shape"),
        ("graph_conv", ["nodes", "seen"], {"units": 3}, "port.shape"),
        ("graph_conv", ["edges", "edges"], {"units": 3}, "shape.any_length"),
        ("episodic_memory", ["nodes", "still"], {}, "port.shape"),
        ("episodic_memory", ASKED, {"passes": 65}, "field.range"),
        ("entity_memory", ["nodes", "seen"], {}, None),
        ("entity_memory", ["question", "question"], {}, "port.shape"),
        ("entity_memory", ASKED, {"slots": 4097}, "field.range"),
        ("conv_rnn", ["still"], {"filters": 4}, "shape.rank"),
        ("conv_rnn", ["film", "still"], {"filters": 5}, "port.shape"),
        ("sample_normal", ["question", "still"], {}, "port.shape"),
    ],
)
def test_what_does_not_fit_is_refused(type: str, ports: Any, fields: Any, code: str | None) -> None:
    if code is None:  # any length may come to fit
        planned(type, ports, **fields)
        return
    with pytest.raises(SpecError) as refused:
        planned(type, ports, **fields)
    assert [each.code for each in refused.value.problems] == [code]

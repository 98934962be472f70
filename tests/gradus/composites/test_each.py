"""`each`: one body for every slice of the first axis."""

import json
from typing import Any

import pytest

from gradus.plan import plan, plan_resolved
from gradus.planned import Plan
from gradus.problems import Problem, SpecError

pytestmark = pytest.mark.proves("C8")
READ = [{"type": "gru", "name": "read", "units": 8, "returns": "last"}]


def planned(layers: list[Any], shape: Any = (5, 7, 16)) -> Plan:
    return plan({"spec": "nn/1", "network": {"input": list(shape), "layers": layers}})


def refused(layers: list[Any], shape: Any = (5, 7, 16)) -> Problem:
    with pytest.raises(SpecError) as found:
        planned(layers, shape)
    (problem,) = found.value.problems
    return problem


def test_the_body_sees_a_slice_and_the_slices_come_together_again() -> None:
    found = planned([{"type": "each", "body": READ}])
    assert [layer.output for layer in found.network.layers] == [(7, 16), (8,), (5, 8)]


def test_parameters_are_counted_once_and_products_for_every_slice() -> None:
    found, alone = planned([{"type": "each", "body": READ}]), planned(READ, (7, 16))
    assert found.totals.parameters == alone.totals.parameters
    assert found.totals.multiply_adds == 5 * alone.totals.multiply_adds
    read = next(each for each in found.network.layers if each.type == "gru")
    assert read.activation_bytes == 5 * alone.network.layers[0].activation_bytes


def test_bodies_within_bodies_multiply() -> None:
    inner = {"type": "each", "body": [{"type": "linear", "units": 3}]}
    found = planned([{"type": "each", "body": [inner]}], (4, 5, 6, 7))
    (linear,) = [each for each in found.network.layers if each.type == "linear"]
    assert (linear.output, linear.multiply_adds) == ((6, 3), 4 * 5 * 6 * 7 * 3)
    assert found.network.shapes[found.network.output] == (4, 5, 6, 3)


def test_any_number_of_slices_of_any_length() -> None:
    found = planned([{"type": "each", "body": READ}], ("*", "*", 16))
    assert found.network.shapes[found.network.output] == (0, 8)


def test_the_resolved_form_gives_the_same_plan() -> None:
    found = planned([{"type": "each", "body": READ}, "flatten", {"type": "linear", "units": 2}])
    same = plan_resolved(json.loads(json.dumps(found.resolved)))
    assert (same.hash, same.totals) == (found.hash, found.totals)


def test_layers_point_at_where_they_were_written() -> None:
    found = planned([{"type": "each", "body": READ}])
    assert [layer.source for layer in found.network.layers] == [
        "/network/layers/0",
        "/network/layers/0/body/0",
        "/network/layers/0",
    ]


def test_the_body_sees_nothing_of_what_stands_outside() -> None:
    outside = {"type": "relu", "name": "outside"}
    body = [
        {"type": "linear", "name": "inside", "units": 16},
        {"type": "add", "from": ["inside", "outside"]},
    ]
    problem = refused([outside, {"type": "each", "body": body}])
    assert (problem.code, problem.path) == (
        "reference.unknown",
        "/network/layers/1/body/1/from/1",
    )


def test_a_single_row_has_no_slices() -> None:
    problem = refused([{"type": "each", "body": ["relu"]}], (7,))
    assert (problem.code, problem.path) == ("shape.rank", "/network/layers/0")


def test_all_slices_together_are_bounded() -> None:
    wide = {"type": "linear", "units": 2**20}
    problem = refused([{"type": "each", "body": [wide]}], (2**13, 2))
    assert problem.code == "limit.elements"


def test_the_ends_of_a_body_cannot_be_written() -> None:
    assert refused(["each_start"]).code == "layer.unknown"


def test_a_body_may_be_called_again_on_another_text() -> None:
    inputs = {"one": [3, 7, 16], "other": [5, 7, 16]}
    layers = [
        {"type": "each", "name": "sentences", "body": READ, "from": "one"},
        {"type": "apply", "to": "sentences", "from": "other"},
    ]
    found = plan({"spec": "nn/1", "network": {"inputs": inputs, "layers": layers}})
    assert found.totals.parameters == planned(READ, (7, 16)).totals.parameters
    assert found.network.shapes[found.network.output] == (5, 8)

"""Inputs of a network: several by name, whole numbers, any length."""

from typing import Any

import pytest

from gradus.plan import plan, plan_json, plan_resolved
from gradus.planned import ANY, Plan
from gradus.problems import SpecError

TOKENS = {"shape": ["*"], "dtype": "int64"}


def planned(network: dict[str, Any]) -> Plan:
    return plan({"spec": "nn/1", "network": network})


def codes(network: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(SpecError) as refused:
        planned(network)
    return [(each.code, each.path) for each in refused.value.problems]


def embedding(**fields: Any) -> dict[str, Any]:
    return {"type": "embedding", "words": 50, "units": 8, **fields}


def test_several_inputs_are_read_by_name() -> None:
    found = planned(
        {
            "inputs": {"left": [4], "right": [6]},
            "layers": [
                {"type": "linear", "name": "a", "units": 3},
                {"type": "linear", "name": "b", "units": 3, "from": "right"},
                {"type": "add", "from": ["a", "b"]},
            ],
        }
    )
    assert dict(found.network.inputs) == {"left": (4,), "right": (6,)}
    assert found.network.layers[0].inputs == ("left",)
    assert found.totals.parameters == 3 * 5 + 3 * 7
    assert plan_resolved(found.resolved).hash == found.hash


def test_a_star_stands_for_any_length_through_to_the_answer() -> None:
    network = {"input": TOKENS, "layers": [embedding(), {"type": "linear", "units": 3}]}
    found = planned(network)
    assert [layer.output for layer in found.network.layers] == [(ANY, 8), (ANY, 3)]
    told = plan_json(found)
    assert told["inputs"] == {"input": ["*"]}
    assert [layer["output"] for layer in told["layers"]] == [["*", 8], ["*", 3]]
    assert plan_resolved(found.resolved).hash == found.hash


def test_costs_of_any_length_are_told_for_one_step() -> None:
    def costs(length: Any) -> int:
        tokens = {"shape": [length], "dtype": "int64"}
        layers = [embedding(), {"type": "linear", "units": 3}]
        return planned({"input": tokens, "layers": layers}).totals.multiply_adds

    assert costs("*") == costs(1) == 24


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (
            {"input": TOKENS, "layers": [embedding(), "flatten"]},
            [("shape.any_length", "/network/layers/1")],
        ),
        (
            {"input": ["*"], "layers": [{"type": "linear", "units": 2}]},
            [("shape.any_length", "/network/layers/0")],
        ),
        ({"input": [5], "layers": [embedding()]}, [("shape.integers", "/network/layers/0")]),
        (
            {"input": {"shape": [5], "dtype": "int64"}, "layers": ["relu"]},
            [("shape.floats", "/network/layers/0")],
        ),
        (
            {"input": TOKENS, "layers": [embedding(padding=50)]},
            [("embedding.padding", "/network/layers/0/padding")],
        ),
        (
            {
                "input": {"shape": [9], "dtype": "int64"},
                "layers": [
                    embedding(),
                    {"type": "positional_encoding", "kind": "learned", "longest": 8},
                ],
            },
            [("embedding.longest", "/network/layers/1/longest")],
        ),
        (
            {"input": [4], "inputs": {"left": [4]}, "layers": ["relu"]},
            [("network.both_inputs", "/network")],
        ),
        (
            {"input": [4], "layers": ["relu", {"type": "relu", "from": "relu_1.state"}]},
            [("reference.output", "/network/layers/1/from")],
        ),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(
    network: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert codes(network) == expected


def test_the_fix_of_numbers_that_stand_for_words_is_an_embedding() -> None:
    with pytest.raises(SpecError) as refused:
        planned({"input": {"shape": [5], "dtype": "int64"}, "layers": ["relu"]})
    (problem,) = refused.value.problems
    assert problem.fix is None or problem.fix[0]["value"]["type"] == "embedding"

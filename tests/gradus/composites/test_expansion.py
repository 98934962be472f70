"""Composites: what they expand to, under which names, and what their names stand for."""

from typing import Any

import pytest

from gradus.plan import plan
from gradus.planned import LayerPlan
from gradus.problems import SpecError


def layers(*entries: Any, input: tuple[int, ...] = (4,), **parts: Any) -> dict[str, LayerPlan]:
    network = {"input": list(input), "layers": list(entries)}
    planned = plan({"spec": "nn/1", "network": network, **parts})
    return {layer.name: layer for layer in planned.network.layers}


def codes(*entries: Any, **parts: Any) -> list[str]:
    with pytest.raises(SpecError) as refused:
        layers(*entries, **parts)
    return [each.code for each in refused.value.problems]


def test_repeat_numbers_its_bodies_and_chains_them() -> None:
    body = [{"type": "linear", "units": 3}, "relu"]
    found = layers({"type": "repeat", "name": "stage", "times": 2, "body": body})
    assert list(found) == [
        "stage/0/linear_1",
        "stage/0/relu_1",
        "stage/1/linear_1",
        "stage/1/relu_1",
    ]
    assert found["stage/1/linear_1"].inputs == ("stage/0/relu_1",)
    assert found["stage/1/linear_1"].source == "/network/layers/0/body/0"


def test_branches_read_one_input_and_are_joined() -> None:
    branches = [[{"type": "linear", "units": 3}], [], ["relu", {"type": "linear", "units": 2}]]
    found = layers({"type": "branches", "branches": branches})
    join = found["branches_1/concat_1"]
    assert join.inputs == ("branches_1/0/linear_1", "input", "branches_1/2/linear_1")
    assert join.output == (9,)
    assert join.source == "/network/layers/0"


def test_residual_adds_its_input() -> None:
    found = layers("relu", {"type": "residual", "body": [{"type": "linear", "units": 4}]})
    assert found["residual_1/add_1"].inputs == ("residual_1/linear_1", "relu_1")


def test_a_layer_named_like_the_join_of_a_composite_keeps_its_name() -> None:
    found = layers({"type": "residual", "body": [{"type": "relu", "name": "add_1"}]})
    assert [layer.type for layer in found.values()] == ["relu", "add"]
    assert found["residual_1/add_2"].inputs == ("residual_1/add_1", "input")


def test_residual_whose_body_changes_the_shape_is_refused() -> None:
    body = [{"type": "linear", "units": 3}]
    assert codes({"type": "residual", "shortcut": "identity", "body": body}) == ["shape.ways"]


def test_a_composites_name_stands_for_its_output() -> None:
    branches = [[{"type": "linear", "units": 3}], []]
    found = layers(
        {"type": "branches", "name": "wide", "branches": branches},
        {"type": "linear", "units": 2},
        {"type": "concat", "from": ["wide", "linear_1", "input"]},
    )
    assert found["concat_1"].inputs == ("wide/concat_1", "linear_1", "input")
    assert found["concat_1"].output == (13,)


def test_a_layer_inside_a_composite_is_reached_by_its_path() -> None:
    found = layers(
        {"type": "repeat", "name": "stage", "times": 2, "body": [{"type": "linear", "units": 4}]},
        {"type": "add", "from": ["stage/0/linear_1", "stage"]},
    )
    assert found["add_1"].inputs == ("stage/0/linear_1", "stage/1/linear_1")


def test_input_inside_a_body_is_what_the_body_reads() -> None:
    body = [{"type": "linear", "units": 3}, {"type": "concat", "from": ["linear_1", "input"]}]
    found = layers("relu", {"type": "repeat", "name": "grow", "times": 2, "body": body})
    assert found["grow/0/concat_1"].inputs == ("grow/0/linear_1", "relu_1")
    assert found["grow/1/concat_1"].inputs == ("grow/1/linear_1", "grow/0/concat_1")


def test_a_block_is_filled_with_its_arguments() -> None:
    block = {
        "params": ["width", "act"],
        "layers": [{"type": "linear", "units": "2 * ($width + 1)", "activation": "$act"}],
    }
    use = {"type": "block", "use": "wide", "with": {"width": 3, "act": "tanh"}}
    found = layers(use, {**use, "with": {"width": 5, "act": "relu"}}, blocks={"wide": block})
    assert [layer.output for layer in found.values()] == [(8,), (12,)]
    assert found["block_1/linear_1"].fields["activation"] == "tanh"
    assert found["block_2/linear_1"].source == "/blocks/wide/layers/0"


def test_a_block_passes_its_arguments_on_to_what_is_inside_it() -> None:
    blocks = {
        "outer": {
            "params": ["n"],
            "layers": [
                {
                    "type": "repeat",
                    "times": "$n",
                    "body": [{"type": "block", "use": "inner", "with": {"width": "$n * 10"}}],
                }
            ],
        },
        "inner": {"params": ["width"], "layers": [{"type": "linear", "units": "$width"}]},
    }
    found = layers({"type": "block", "use": "outer", "with": {"n": 2}}, blocks=blocks)
    assert list(found) == [
        "block_1/repeat_1/0/block_1/linear_1",
        "block_1/repeat_1/1/block_1/linear_1",
    ]
    assert {layer.output for layer in found.values()} == {(20,)}


def test_a_block_sees_nothing_of_where_it_is_used() -> None:
    block = {"layers": [{"type": "relu", "from": "outside"}]}
    found = codes(
        {"type": "relu", "name": "outside"}, {"type": "block", "use": "b"}, blocks={"b": block}
    )
    assert found == ["reference.unknown"]


def test_arguments_that_are_missing_or_unknown_are_told() -> None:
    block = {"params": ["width"], "layers": [{"type": "linear", "units": "$width"}]}
    use = {"type": "block", "use": "b", "with": {"wdith": 3}}
    found = codes(use, blocks={"b": block})
    assert set(found) == {"block.argument_missing", "block.argument_unknown"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("$other", "expression.unknown"),
        ("$n +", "expression.unreadable"),
        ("$n ** 2", "expression.unreadable"),
        ("($n", "expression.unreadable"),
        ("$n) + 1", "expression.unreadable"),
        ("$n // 0", "expression.zero"),
        ("$n * 9007199254740991", "expression.large"),
        ("__import__('os') + $n", "expression.unreadable"),
    ],
)
def test_what_is_no_arithmetic_is_refused(text: str, code: str) -> None:
    block = {"params": ["n"], "layers": [{"type": "linear", "units": text}]}
    use = {"type": "block", "use": "b", "with": {"n": 3}}
    assert code in codes(use, blocks={"b": block})


def test_naming_a_layer_moves_no_other_name() -> None:
    plain = layers("relu", "relu", "tanh")
    named = layers({"type": "relu", "name": "first"}, "relu", "tanh")
    assert list(plain)[1:] == list(named)[1:] == ["relu_2", "tanh_1"]

"""Transformer encoder and decoder: what they expand to, and their exact counts."""

from typing import Any

import pytest

from gradus.plan import plan, plan_resolved
from gradus.planned import Plan
from gradus.problems import SpecError

D = 512


def planned(*layers: Any, inputs: dict[str, Any] | None = None) -> Plan:
    forms = inputs or {"words": ["*", D]}
    return plan({"spec": "nn/1", "network": {"inputs": forms, "layers": list(layers)}})


def attention() -> int:
    return 4 * (D * D + D)


def feed(hidden: int = 2048) -> int:
    return 2 * D * hidden + hidden + D


@pytest.mark.proves("C6")
def test_an_encoder_layer_costs_what_its_parts_cost() -> None:
    found = planned({"type": "transformer_encoder", "layers": 6})
    assert found.totals.parameters == 6 * (attention() + feed() + 2 * 2 * D)


@pytest.mark.proves("C6")
def test_a_decoder_layer_attends_to_a_memory_too() -> None:
    decoder = {
        "type": "transformer_decoder",
        "layers": 6,
        "from": {"input": "words", "memory": "memory"},
    }
    found = planned(decoder, inputs={"words": ["*", D], "memory": ["*", D]})
    assert found.totals.parameters == 6 * (2 * attention() + feed() + 3 * 2 * D)
    causal = [each.fields["causal"] for each in found.network.layers if each.type == "attention"]
    assert causal == [True, False] * 6


@pytest.mark.proves("C6")
def test_the_matrices_of_attention_may_have_no_biases_as_in_the_paper() -> None:
    bare = planned({"type": "transformer_encoder", "layers": 6, "attention_bias": False})
    assert bare.totals.parameters == 6 * (attention() - 4 * D + feed() + 2 * 2 * D)
    assert plan_resolved(bare.resolved).hash == bare.hash


def test_normalization_before_each_part_ends_with_one_more() -> None:
    found = planned({"type": "transformer_encoder", "layers": 2, "norm": "before", "name": "enc"})
    assert found.totals.parameters == 2 * (attention() + feed() + 2 * 2 * D) + 2 * D
    names = [layer.name for layer in found.network.layers]
    assert names[0] == "enc/0/residual_1/layer_norm_1"
    assert found.network.output == "enc/norm"


def test_a_mask_reaches_every_attention() -> None:
    encoder = {
        "type": "transformer_encoder",
        "layers": 2,
        "from": {"input": "words", "mask": "seen"},
    }
    found = planned(encoder, inputs={"words": ["*", D], "seen": ["*"]})
    attentions = [each for each in found.network.layers if each.type == "attention"]
    assert [(each.ports, each.inputs[1]) for each in attentions] == [
        (("query", "mask"), "seen"),
        (("query", "mask"), "seen"),
    ]


def test_a_later_layer_reads_it_by_its_name() -> None:
    found = planned(
        {"type": "transformer_encoder", "name": "enc", "layers": 1},
        {"type": "linear", "units": 3, "from": "enc"},
    )
    assert found.network.layers[-1].inputs == ("enc/0/layer_norm_2",)
    assert plan_resolved(found.resolved).hash == found.hash


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"heads": 7}, "attention.heads", "/network/layers/0"),
        ({"heads": 0}, "field.range", "/network/layers/0/heads"),
        ({"from": {"mask": "words"}}, "port.missing", "/network/layers/0/from"),
        (
            {"from": {"input": "words", "memory": "words"}},
            "port.unknown",
            "/network/layers/0/from/memory",
        ),
    ],
)
def test_a_fault_points_at_what_was_written(fields: Any, code: str, path: str) -> None:
    with pytest.raises(SpecError) as refused:
        planned({"type": "transformer_encoder", "layers": 1, **fields})
    (found,) = refused.value.problems
    assert (found.code, found.path) == (code, path)
    assert found.fix is None or code in ("port.unknown", "field.range")

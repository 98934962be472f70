"""Ties: one tensor under several names, counted once."""

from typing import Any

import pytest

from gradus.plan import plan, plan_resolved
from gradus.planned import Plan
from gradus.problems import SpecError

LAYERS: list[Any] = [
    {"type": "embedding", "name": "embed", "words": 50, "units": 8},
    {"type": "gru", "name": "mix", "units": 8},
    {"type": "linear", "name": "head", "units": 50},
]
INPUT = {"shape": ["*"], "dtype": "int64"}


def planned(tie: dict[str, Any], layers: list[Any] = LAYERS) -> Plan:
    return plan({"spec": "nn/1", "network": {"input": INPUT, "layers": layers}, "tie": tie})


def test_a_tied_parameter_is_counted_once() -> None:
    found, loose = planned({"head.weight": "embed.weight"}), planned({})
    assert loose.totals.parameters - found.totals.parameters == 50 * 8
    assert loose.totals.trainable - found.totals.trainable == 50 * 8
    assert [layer.parameter_count for layer in found.network.layers][::2] == [400, 50]


def test_the_resolved_form_keeps_ties_and_has_none_where_there_are_none() -> None:
    found = planned({"head.weight": "embed.weight"})
    assert found.resolved["tie"] == {"head.weight": "embed.weight"}
    again = plan_resolved(found.resolved)
    assert (again.hash, again.totals) == (found.hash, found.totals)
    assert "tie" not in planned({}).resolved


def test_the_first_layer_holds_the_tensor_whichever_way_it_is_written() -> None:
    backwards = planned({"embed.weight": "head.weight"})
    assert backwards.network.ties == {"head.weight": "embed.weight"}
    assert backwards.hash == planned({"head.weight": "embed.weight"}).hash


def test_three_names_in_a_chain_are_one_tensor() -> None:
    again = {"type": "embedding", "name": "again", "words": 50, "units": 8, "from": "input"}
    layers = [LAYERS[0], again, *LAYERS[1:]]
    found = planned({"again.weight": "head.weight", "head.weight": "embed.weight"}, layers)
    assert set(found.network.ties) == {"again.weight", "head.weight"}
    assert set(found.network.ties.values()) == {"embed.weight"}


@pytest.mark.parametrize(
    ("tie", "code", "path"),
    [
        ({"head.weight": "mix.weight_ih_l0"}, "tie.shape", "/tie/head.weight"),
        ({"head.weight": "embed.wieght"}, "tie.unknown", "/tie/head.weight"),
        ({"nothing.weight": "embed.weight"}, "tie.unknown", "/tie/nothing.weight"),
        ({"mix.bias_ih_l0": "mix.bias_hh_l0"}, "tie.one_layer", "/tie/mix.bias_ih_l0"),
        ({"head.weight": "head.weight"}, "tie.one_layer", "/tie/head.weight"),
        ({"head.weight": 3}, "field.not_text", "/tie/head.weight"),
    ],
)
def test_what_cannot_be_one_is_refused_at_its_place(tie: Any, code: str, path: str) -> None:
    with pytest.raises(SpecError) as refused:
        planned(tie)
    assert [(each.code, each.path) for each in refused.value.problems] == [(code, path)]


def test_a_slip_in_the_second_name_has_a_fix() -> None:
    with pytest.raises(SpecError) as refused:
        planned({"head.weight": "embed.wieght"})
    (found,) = refused.value.problems
    assert found.fix is not None
    assert found.hint == "Did you mean embed.weight?"

"""The recurrent decoder as it is planned: shapes, parameters, what it refuses."""

from typing import Any

import pytest

from gradus.plan import plan, plan_resolved
from gradus.planned import ANY, LayerPlan
from gradus.problems import SpecError

INPUTS = {"target": [5, 3], "state": [4], "memory": ["*", 6], "mask": ["*"], "wide": ["*", 4]}


def planned(**fields: Any) -> LayerPlan:
    layer = {"type": "decoder_rnn", "units": 4, **fields}
    document = {"spec": "nn/1", "network": {"inputs": INPUTS, "layers": [layer]}}
    found = plan(document)
    assert plan_resolved(found.resolved).hash == found.hash
    return found.network.layers[0]


def reading(**ports: str) -> dict[str, str]:
    return {"input": "target", **ports}


@pytest.mark.proves("C6")
@pytest.mark.parametrize(("cell", "gates"), [("gru", 3), ("lstm", 4)])
def test_without_attention_it_costs_what_its_cell_costs(cell: str, gates: int) -> None:
    layer = planned(cell=cell)
    assert layer.parameter_count == gates * 4 * (3 + 4 + 2)
    assert layer.multiply_adds == 5 * gates * 4 * (3 + 4)
    assert layer.output == (5, 4)
    assert dict(layer.extras) == {"state": (4,)}


@pytest.mark.proves("B6")
def test_additive_attention_widens_the_cell_by_what_is_read() -> None:
    ports = reading(state="state", memory="memory", mask="mask")
    layer = planned(attention="additive", **{"from": ports})
    assert layer.parameter_count == 12 * (3 + 6 + 4 + 2) + 4 * 4 + 4 * 6 + 4
    assert dict(layer.extras) == {"state": (4,), "weights": (5, ANY)}


@pytest.mark.proves("B6")
def test_dot_attention_joins_state_and_context_by_one_matrix() -> None:
    layer = planned(attention="dot", **{"from": reading(memory="wide")})
    assert layer.parameter_count == 12 * (3 + 4 + 2) + 4 * (4 + 4)


@pytest.mark.proves("C6")
@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize(
    ("attention", "ports"),
    [
        ("none", {}),
        ("additive", {"memory": "memory", "mask": "mask"}),
        ("dot", {"memory": "wide", "mask": "mask"}),
    ],
)
def test_what_it_feeds_back_costs_one_matrix_at_every_step_but_the_first(
    attention: str, ports: dict[str, str], cell: str
) -> None:
    fields = {"attention": attention, "cell": cell, "from": reading(**ports)}
    given = planned(**fields)
    for share in (0, 0.5):
        fed = planned(teacher_forcing=share, **fields)
        assert fed.parameters[-1].name == "feedback_weight"
        assert fed.parameters[-1].shape == (3, 4)
        assert fed.parameter_count == given.parameter_count + 3 * 4
        assert fed.multiply_adds == given.multiply_adds + (5 - 1) * 3 * 4


@pytest.mark.parametrize("share", [1, 1.0])
def test_a_decoder_that_reads_what_it_is_given_has_one_hash_said_or_not(share: float) -> None:
    layer = {"type": "decoder_rnn", "units": 4}
    hashes = {
        plan({"spec": "nn/1", "network": {"input": [5, 3], "layers": [each]}}).hash
        for each in (layer, {**layer, "teacher_forcing": share})
    }
    assert len(hashes) == 1
    assert "teacher_forcing" not in planned(teacher_forcing=share).fields
    assert planned(teacher_forcing=0.25).fields["teacher_forcing"] == 0.25


@pytest.mark.parametrize("share", [-0.1, 1.5, "x", True, None])
def test_a_share_that_is_none_is_refused_where_it_stands(share: Any) -> None:
    with pytest.raises(SpecError) as refused:
        planned(teacher_forcing=share)
    (problem,) = refused.value.problems
    assert problem.code == ("field.range" if isinstance(share, float) else "field.not_number")
    assert problem.path == "/network/layers/0/teacher_forcing"
    assert "teacher_forcing" in problem.message


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"attention": "additive"}, "port.missing"),
        ({"from": reading(memory="memory")}, "decoder.unread"),
        ({"attention": "dot", "from": reading(memory="memory")}, "port.shape"),
        ({"attention": "additive", "from": reading(memory="state")}, "port.shape"),
        ({"from": reading(state="target")}, "port.shape"),
        ({"from": {"input": "state"}}, "port.shape"),
        ({"from": {"state": "state"}}, "port.missing"),
        ({"attention": "hard"}, "field.choice"),
        ({"units": 0}, "field.range"),
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(SpecError) as refused:
        planned(**fields)
    assert [each.code for each in refused.value.problems] == [code]

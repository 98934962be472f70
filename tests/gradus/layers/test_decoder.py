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

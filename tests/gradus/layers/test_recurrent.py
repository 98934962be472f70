"""Recurrent layers as they are planned: shapes, parameters, products, ports."""

from typing import Any

import pytest

from gradus.planned import ANY
from tests.gradus.layers.planned import planned, refusals

STEPS = [7, 3]


@pytest.mark.proves("B5")
@pytest.mark.parametrize(("type", "gates"), [("rnn", 1), ("lstm", 4), ("gru", 3)])
def test_parameters_are_those_of_torch_with_its_two_biases(type: str, gates: int) -> None:
    layer = planned({"type": type, "units": 5, "layers": 2, "bidirectional": True}, STEPS)
    shapes = {each.name: each.shape for each in layer.parameters}
    assert shapes["weight_ih_l0"] == (gates * 5, 3)
    assert shapes["weight_hh_l1_reverse"] == (gates * 5, 5)
    assert shapes["weight_ih_l1"] == (gates * 5, 10)
    assert layer.parameter_count == 2 * gates * 5 * (3 + 5 + 2) + 2 * gates * 5 * (10 + 5 + 2)
    assert layer.output == (7, 10)
    assert dict(layer.extras)["state"] == (10,)


@pytest.mark.proves("B5")
def test_products_grow_with_the_steps() -> None:
    layer = {"type": "lstm", "units": 5}
    assert planned(layer, STEPS).multiply_adds == 7 * 4 * 5 * (3 + 5)
    assert planned(layer, ["*", 3]).multiply_adds == 4 * 5 * (3 + 5)
    assert planned(layer, ["*", 3]).output == (ANY, 5)


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        ({"type": "lstm", "units": 5}, [3], "shape.rank"),
        ({"type": "lstm", "units": 5}, [3, "*"], "shape.any_length"),
        (
            {"type": "gru", "units": 5, "from": {"input": "input", "state": "input"}},
            None,
            "port.shape",
        ),
        ({"type": "gru", "units": 5, "from": {"mask": "input"}}, None, "port.missing"),
        (
            {"type": "gru", "units": 5, "from": {"input": "input", "stat": "input"}},
            None,
            "port.unknown",
        ),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: Any, code: str) -> None:
    assert refusals(layer, shape or STEPS) == [code]

"""Weights set by hand are checked against the network that they are meant for."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gradus.by_hand import misfits, parameter_shapes
from gradus.controls import Control, Set
from gradus.plan import plan
from gradus.problems import Problem

CONTROL: TypeAdapter[Control] = TypeAdapter(Control)
NETWORK = plan(
    {
        "spec": "nn/1",
        "data": {"name": "circle"},
        "network": {"layers": [{"type": "linear", "units": 3}, "batch_norm", "linear"]},
    }
).network


def asked(*weights: dict[str, Any]) -> Set:
    control = CONTROL.validate_python({"action": "set", "changes": {"weights": list(weights)}})
    assert isinstance(control, Set)
    return control


def problems(*weights: dict[str, Any]) -> tuple[Problem, ...]:
    return misfits(asked(*weights).changes.weights or (), NETWORK.layers, "/changes/weights")


def edit(name: str, *index: int, value: float = 0.5) -> dict[str, Any]:
    return {"name": name, "index": list(index), "value": value}


def test_weights_and_biases_within_their_shapes_are_taken() -> None:
    assert problems(edit("linear_1.weight", 2, 1), edit("linear_1.bias", 0)) == ()
    assert parameter_shapes(NETWORK.layers)["linear_2.weight"] == (1, 3)


def test_an_unknown_name_is_said_with_its_place_and_the_nearest_one() -> None:
    (found,) = problems(edit("linear_1.bias", 0), edit("linear_1.weigth", 0, 0))
    assert found.path == "/changes/weights/1/name"
    assert found.hint == "Did you mean linear_1.weight?"


def test_running_statistics_are_no_parameters() -> None:
    (found,) = problems(edit("batch_norm_1.running_mean", 0))
    assert found.code == "control.weight_name"


@pytest.mark.parametrize("index", [(3, 0), (0, 2), (0,), (0, 0, 0), ()])
def test_an_index_beyond_the_shape_is_said_with_the_shape(index: tuple[int, ...]) -> None:
    (found,) = problems(edit("linear_1.weight", *index))
    assert found.path == "/changes/weights/0/index"
    assert found.expected == "< [3, 2]"


@pytest.mark.parametrize(
    "weights",
    [
        [],
        [edit("linear_1.weight", 0, 0)] * 65,
        [edit("linear_1.weight", -1, 0)],
        [edit("linear_1.weight", *[0] * 9)],
        [edit("linear_1.weight", 0, 0, value=float("nan"))],
        [edit("linear_1.weight", 0, 0, value=float("inf"))],
        [edit("linear_1.weight", 0, 0, value=1.1e6)],
        [edit("w" * 401, 0)],
    ],
)
def test_what_is_out_of_bounds_is_no_control(weights: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        asked(*weights)


def test_as_many_as_are_allowed_are_one_control() -> None:
    assert len(asked(*[edit("linear_1.weight", 0, 0)] * 64).changes.weights or ()) == 64

"""The fully connected layer as it is planned."""

from typing import Any

import pytest

from gradus.plan import plan
from tests.gradus.layers.planned import planned, refusals


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        ({"type": "linear", "units": 5}, [7, 4], (7, 5)),
    ],
)
def test_output(layer: Any, shape: list[int], output: tuple[int, ...]) -> None:
    assert planned(layer, shape).output == output


def test_a_frozen_layer_has_parameters_that_do_not_train() -> None:
    document = {
        "spec": "nn/1",
        "network": {"input": [4], "layers": [{"type": "linear", "units": 2, "trainable": False}]},
    }
    totals = plan(document).totals
    assert (totals.parameters, totals.trainable) == (10, 0)


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        ({"type": "linear", "units": 3}, [3, 8, 8], "shape.rank"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]

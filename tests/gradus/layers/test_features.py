"""Features of a point as they are planned."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        ("features", [2], (2,)),
        ({"type": "features", "terms": ["x2", "xy", "sin_y"]}, [2], (3,)),
    ],
)
def test_output(layer: Any, shape: list[int], output: tuple[int, ...]) -> None:
    assert planned(layer, shape).output == output


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        ("features", [3], "shape.features"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]

"""Dropout and noise as they are planned: they keep the shape and learn nothing."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals


@pytest.mark.parametrize("layer", ["dropout", "dropout2d", "gaussian_noise"])
def test_the_shape_stays_and_nothing_is_learned(layer: str) -> None:
    found = planned(layer, [6, 4, 4])
    assert (found.output, found.parameter_count) == ((6, 4, 4), 0)


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        ("dropout2d", [6], "shape.rank"),
        ({"type": "dropout", "rate": 1}, [6], "field.range"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]

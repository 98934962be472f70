"""Activations as they are planned."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        ("softmax", [10], (10,)),
        ({"type": "maxout", "pieces": 3}, [6, 4, 4], (2, 4, 4)),
    ],
)
def test_output(layer: Any, shape: list[int], output: tuple[int, ...]) -> None:
    assert planned(layer, shape).output == output


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        ({"type": "maxout", "pieces": 3}, [4], "shape.divides"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]

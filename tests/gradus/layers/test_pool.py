"""Pooling as it is planned, worked out by hand."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        ("max_pool2d", [3, 9, 8], (3, 4, 4)),
        ({"type": "max_pool2d", "size": 3, "stride": 2}, [3, 55, 55], (3, 27, 27)),
        ({"type": "avg_pool2d", "padding": "same"}, [3, 9, 8], (3, 5, 4)),
        ("global_avg_pool", [3, 9, 8], (3,)),
        ("global_max_pool", [3, 9], (3,)),
        ("max_pool1d", [3, 9], (3, 4)),
        ({"type": "avg_pool1d", "size": 3, "stride": 1, "padding": "same"}, [3, 9], (3, 9)),
        ({"type": "adaptive_avg_pool2d", "size": [2, 3]}, [3, 9, 8], (3, 2, 3)),
        ("adaptive_max_pool2d", [3, 9, 8], (3, 1, 1)),
    ],
)
def test_output(layer: Any, shape: list[int], output: tuple[int, ...]) -> None:
    assert planned(layer, shape).output == output


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        ("global_avg_pool", [3], "shape.rank"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]


@pytest.mark.proves("B2.sizes")
@pytest.mark.parametrize("side", [7, 8, 13])
@pytest.mark.parametrize(
    ("size", "stride", "padding"), [(2, 2, 0), (3, 2, 0), (3, 2, 1), (3, 1, 1)]
)
def test_sides_are_those_of_the_formula(side: int, size: int, stride: int, padding: int) -> None:
    layer = {"type": "max_pool2d", "size": size, "stride": stride, "padding": padding}
    # ⌊(L + 2P − K) / S⌋ + 1
    after = (side + 2 * padding - size) // stride + 1
    assert planned(layer, [3, side, side]).output == (3, after, after)

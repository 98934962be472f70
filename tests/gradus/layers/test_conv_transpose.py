"""Transposed convolution as it is planned, worked out by hand."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        ({"type": "conv_transpose2d", "filters": 5, "stride": 2}, [4, 7, 9], (5, 14, 18)),
        (
            {"type": "conv_transpose2d", "filters": 5, "kernel": 4, "stride": 2, "padding": 1},
            [4, 7, 7],
            (5, 14, 14),
        ),
        (
            {"type": "conv_transpose2d", "filters": 5, "stride": 2, "padding": "valid"},
            [4, 7, 7],
            (5, 15, 15),
        ),
        (
            {"type": "conv_transpose1d", "filters": 5, "stride": 4, "kernel": 2},
            [4, 6],
            (5, 24),
        ),
        (
            {
                "type": "conv_transpose1d",
                "filters": 5,
                "stride": 2,
                "padding": 1,
                "output_padding": 1,
            },
            [4, 6],
            (5, 12),
        ),
    ],
)
def test_output(layer: Any, shape: list[int], output: tuple[int, ...]) -> None:
    assert planned(layer, shape).output == output


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        (
            {"type": "conv_transpose2d", "filters": 2, "padding": 9},
            [3, 8, 8],
            "shape.cut",
        ),
        ({"type": "conv_transpose1d", "filters": 3, "groups": 2}, [4, 8], "shape.groups"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]

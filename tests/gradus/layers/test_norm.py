"""Normalization as it is planned."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        ("batch_norm", [3, 9, 8], (3, 9, 8)),
        ("layer_norm", [7, 4], (7, 4)),
        ({"type": "group_norm", "groups": 3}, [6, 4, 4], (6, 4, 4)),
        ("local_response_norm", [6, 4, 4], (6, 4, 4)),
    ],
)
def test_output(layer: Any, shape: list[int], output: tuple[int, ...]) -> None:
    assert planned(layer, shape).output == output


def test_batch_norm_keeps_running_statistics_that_are_no_parameters() -> None:
    layer = planned("batch_norm", [6, 4, 4])
    names = [each.name for each in layer.parameters]
    assert names == ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
    assert layer.parameter_count == 12
    assert [each.buffer for each in layer.parameters] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        ({"type": "layer_norm", "axes": 3}, [4, 8], "shape.axes"),
        ({"type": "group_norm", "groups": 3}, [4, 8], "shape.divides"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]

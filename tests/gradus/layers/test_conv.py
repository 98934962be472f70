"""Convolution as it is planned, worked out by hand. The engine's tests hold it to torch."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals


def conv(**fields: Any) -> dict[str, Any]:
    return {"type": "conv2d", "filters": 8, **fields}


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        (conv(), [3, 7, 9], (8, 7, 9)),
        (conv(stride=2), [3, 7, 8], (8, 4, 4)),
        (conv(stride=2, padding="symmetric"), [3, 7, 8], (8, 4, 4)),
        (conv(kernel=4, padding="symmetric"), [3, 8, 8], (8, 7, 7)),
        (conv(padding="valid"), [3, 7, 9], (8, 5, 7)),
        (conv(padding=1, dilation=2), [3, 9, 9], (8, 7, 7)),
        (conv(kernel=[1, 5], padding=[0, 2]), [3, 9, 9], (8, 9, 9)),
        (conv(kernel=11, stride=4, padding=2), [3, 224, 224], (8, 55, 55)),
        ({"type": "conv1d", "filters": 6, "kernel": 5, "padding": "valid"}, [4, 20], (6, 16)),
        ({"type": "conv1d", "filters": 6, "stride": 3}, [4, 20], (6, 7)),
    ],
)
def test_output(layer: Any, shape: list[int], output: tuple[int, ...]) -> None:
    assert planned(layer, shape).output == output


def test_groups_divide_weights_and_products() -> None:
    grouped = planned({**conv(groups=4, padding="valid"), "bias": False}, [8, 3, 3])
    assert [each.shape for each in grouped.parameters] == [(8, 2, 3, 3)]
    assert grouped.multiply_adds == 8 * 2 * 9


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        (conv(), [4], "shape.rank"),
        (conv(kernel=9, padding="valid"), [3, 8, 8], "shape.window"),
        (conv(groups=2), [3, 8, 8], "shape.groups"),
        ({"type": "conv1d", "filters": 2, "kernel": 9, "padding": "valid"}, [3, 8], "shape.window"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]

"""Attention as it is planned: shapes, parameters, products."""

from typing import Any

import pytest

from tests.gradus.layers.planned import planned, refusals


def attention(**fields: Any) -> dict[str, Any]:
    return {"type": "attention", **fields}


def test_a_sequence_keeps_its_shape_and_shows_its_weights() -> None:
    layer = planned(attention(heads=2), [7, 16])
    assert layer.output == (7, 16)
    assert dict(layer.extras) == {"weights": (2, 7, 7)}


def test_four_matrices_and_their_biases_are_learned() -> None:
    assert planned(attention(heads=4, units=8), [7, 16]).parameter_count == (
        4 * 16 * 8 + 3 * 8 + 16
    )
    assert planned(attention(projected=False), [7, 16]).parameter_count == 0


def test_products_grow_with_the_square_of_the_length() -> None:
    def products(length: int) -> int:
        return planned(attention(projected=False), [length, 16]).multiply_adds

    assert products(7) == 2 * 7 * 7 * 16
    assert products(14) == 4 * products(7)


@pytest.mark.parametrize(
    ("layer", "shape", "code"),
    [
        (attention(), [16], "port.shape"),
        (attention(heads=3), [7, 16], "attention.heads"),
        (attention(heads=2, projected=False), [7, 16], "attention.unprojected"),
    ],
)
def test_what_does_not_fit_is_refused(layer: Any, shape: list[int], code: str) -> None:
    assert refusals(layer, shape) == [code]

"""The features of a point."""

import numpy as np
import pytest

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of

FORMULAS = {
    "x": lambda x, y: x,
    "y": lambda x, y: y,
    "x2": lambda x, y: x**2,
    "y2": lambda x, y: y**2,
    "xy": lambda x, y: x * y,
    "sin_x": lambda x, y: np.sin(x),
    "sin_y": lambda x, y: np.sin(y),
}


@pytest.mark.parametrize("terms", [list(FORMULAS), ["sin_y", "x"], ["xy"], ["y2", "y", "x2"]])
def test_features_are_the_chosen_functions_in_the_order_they_are_written(terms):
    def formula(x, p):
        return np.stack([FORMULAS[term](x[:, 0], x[:, 1]) for term in terms], axis=1)

    assert_equals(network_of([{"type": "features", "terms": terms}], (2,)), formula, draw(5, 2))

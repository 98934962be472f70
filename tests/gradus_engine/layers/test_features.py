"""The features of a point."""

import numpy as np
import pytest

from gradus.plan import plan
from tests.gradus_engine.layers.reference import assert_equals, draw, network_of
from tests.gradus_engine.test_script_curves import assert_equal_curves

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


def test_products_and_bumps_stand_behind_the_terms():
    """exp(−d²/(2·1.5²)) at the places of a 3 × 3 grid, and every xⁱyʲ up to the third degree."""

    def formula(x, p):
        a, b = x[:, 0], x[:, 1]
        columns = [b, a]
        columns += [a**2, a * b, b**2, a**3, a**2 * b, a * b**2, b**3]
        for row in (-5, 0, 5):
            for column in (-5, 0, 5):
                columns.append(np.exp(-((a - column) ** 2 + (b - row) ** 2) / 4.5))
        return np.stack(columns, axis=1)

    layer = {"type": "features", "terms": ["y", "x"], "degree": 3, "radial": 3, "width": 1.5}
    assert_equals(network_of([layer], (2,)), formula, draw(5, 2))


def test_a_single_bump_stands_in_the_middle():
    def formula(x, p):
        return np.stack([x[:, 0], np.exp(-(x**2).sum(1) / 8)], axis=1)

    layer = {"type": "features", "terms": ["x"], "radial": 1}
    assert_equals(network_of([layer], (2,)), formula, draw(5, 2))


def test_bumps_stand_at_thirds_to_the_last_digit_of_doubles():
    def formula(x, p):
        places = np.linspace(-5, 5, 4)
        bumps = [
            np.exp(-((x[:, 0] - column) ** 2 + (x[:, 1] - row) ** 2) / 8)
            for row in places
            for column in places
        ]
        return np.stack([x[:, 0], *bumps], axis=1)

    layer = {"type": "features", "terms": ["x"], "radial": 4}
    assert_equals(network_of([layer], (2,)), formula, draw(5, 2))


def test_a_script_computes_products_and_bumps_too(tmp_path):
    first = {"type": "features", "degree": 3, "radial": 3, "width": 3.0}
    train = {"optimizer": {"type": "adam", "learning_rate": 0.01}}
    network = {"layers": [first, {"type": "linear", "units": 4, "activation": "tanh"}, "linear"]}
    document = {"spec": "nn/1", "data": {"name": "moons"}, "network": network, "train": train}
    assert_equal_curves(plan(document), tmp_path, steps=8)

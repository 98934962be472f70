"""Joins, by the sum, product, mean or row of what they read."""

import numpy as np
import pytest

from tests.gradus_engine.layers.reference import assert_equals, draw, network_of

FORMULAS = {
    "add": lambda a, b, c: a + b + c,
    "multiply": lambda a, b, c: a * b * c,
    "mean": lambda a, b, c: (a + b + c) / 3,
    "concat": lambda a, b, c: np.concatenate([a, b, c], axis=1),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_join_equals_its_formula(name):
    layers = [
        {"type": "tanh", "name": "a"},
        {"type": "sigmoid", "name": "b", "from": "input"},
        {"type": name, "from": ["a", "b", "input"]},
    ]

    def formula(x, p):
        return FORMULAS[name](np.tanh(x), 1 / (1 + np.exp(-x)), x)

    assert_equals(network_of(layers, (2, 3)), formula, draw(4, 2, 3))


def test_concat_joins_along_its_axis():
    layers = [{"type": "concat", "from": ["input", "input"], "axis": 1}]
    network = network_of(layers, (2, 3))
    assert_equals(network, lambda x, p: np.concatenate([x, x], axis=2), draw(2, 2, 3))

"""Losses between outputs and targets: value and gradient against NumPy in double precision."""

import numpy as np
import pytest

from tests.gradus_engine.test_distances import computed, slopes

pytestmark = pytest.mark.proves("D1")
RANDOM = np.random.default_rng(5)
SCORES = RANDOM.normal(size=(6, 4)) * 2
CLASSES = RANDOM.integers(0, 4, 6)
VALUES = RANDOM.normal(size=(6, 4)) * 2
CHANCES = RANDOM.uniform(size=(6, 4))
SIGNS = np.array([[1.0], [-1.0], [1.0], [-1.0], [1.0], [-1.0]])
ROWS = np.arange(6)


def cross_entropy(z):
    return -(z - np.log(np.exp(z).sum(1, keepdims=True)))[ROWS, CLASSES].mean()


def binary_cross_entropy(z):
    chance = 1 / (1 + np.exp(-z))
    return -(CHANCES * np.log(chance) + (1 - CHANCES) * np.log(1 - chance)).mean()


def huber(z):
    far = np.abs(z - VALUES)
    return np.where(far <= 0.7, far**2 / 2, 0.7 * (far - 0.35)).mean()


def several_margins(z):
    missing = np.maximum(0, 1 - z[ROWS, CLASSES][:, None] + z)
    missing[ROWS, CLASSES] = 0
    return missing.sum(1).mean()


CASES = {
    "cross_entropy": ("cross_entropy", {}, SCORES, CLASSES, cross_entropy),
    "binary_cross_entropy": ("binary_cross_entropy", {}, SCORES, CHANCES, binary_cross_entropy),
    "mse": ("mse", {"half": False}, SCORES, VALUES, lambda z: ((z - VALUES) ** 2).mean()),
    "half": ("mse", {"half": True}, SCORES, VALUES, lambda z: ((z - VALUES) ** 2).mean() / 2),
    "mae": ("mae", {}, SCORES, VALUES, lambda z: np.abs(z - VALUES).mean()),
    "huber": ("huber", {"delta": 0.7}, SCORES, VALUES, huber),
    "one margin": (
        "hinge",
        {},
        SCORES[:, :1],
        SIGNS,
        lambda z: np.maximum(0, 1 - SIGNS * z).mean(),
    ),
    "several margins": ("hinge", {}, SCORES, CLASSES, several_margins),
}


@pytest.mark.parametrize("name", CASES)
def test_value_and_gradient_are_those_of_the_formula(name):
    type, fields, outputs, target, formula = CASES[name]
    value, (gradient,) = computed(type, fields, [outputs], target)
    assert value == pytest.approx(formula(outputs), rel=1e-12)
    np.testing.assert_allclose(gradient, slopes(formula, [outputs], 0), rtol=1e-7, atol=1e-9)

"""Optimizers (D3): ten steps by hand in NumPy give the same."""

import numpy as np
import pytest
import torch
from torch import nn

from gradus_engine.flat import FlatParameters
from gradus_engine.optimizers import optimizer

SLOPES = np.random.default_rng(0).normal(size=(10, 2, 3))
START = np.random.default_rng(1).normal(size=(2, 3))


def descend(rate=0.1, **fields):
    """Ten positions of a 2×3 matrix that follows SLOPES, and the updates as the optimizer says them."""
    layer = nn.Linear(3, 2, bias=False).double()
    layer.weight.data.copy_(torch.from_numpy(START))
    flat = FlatParameters(layer)
    rule = optimizer(flat, fields)
    places, updates = [], []
    for slope in SLOPES:
        flat.slice(flat.gradients, "weight").copy_(torch.from_numpy(slope))
        rule.update(rate)
        places.append(layer.weight.detach().numpy().copy())
        updates.append(flat.slice(rule.last_update(), "weight").numpy().copy())
    return np.array(places), np.array(updates)


def momentum_by_hand(rate, mu, tau, nesterov):
    place, velocity, places = START, None, []
    for g in SLOPES:
        velocity = g if velocity is None else mu * velocity + (1 - tau) * g
        place = place - rate * (g + mu * velocity if nesterov else velocity)
        places.append(place)
    return np.array(places)


@pytest.mark.parametrize(
    ("mu", "tau", "nesterov"),
    [(0.0, 0.0, False), (0.9, 0.0, False), (0.9, 0.1, False), (0.9, 0.0, True)],
)
def test_d3_ten_steps_of_momentum_by_hand(mu, tau, nesterov):
    places, _ = descend(0.1, type="sgd", momentum=mu, dampening=tau, nesterov=nesterov)
    np.testing.assert_allclose(places, momentum_by_hand(0.1, mu, tau, nesterov), rtol=1e-12)


def test_d3_ten_steps_of_adam_by_hand():
    rate, beta1, beta2, eps = 0.05, 0.8, 0.95, 1e-3
    place, m, v, expected = START, 0.0, 0.0, []
    for t, g in enumerate(SLOPES, start=1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        place = place - rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        expected.append(place)
    places, _ = descend(rate, type="adam", betas=(beta1, beta2), eps=eps)
    np.testing.assert_allclose(places, expected, rtol=1e-12)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "sgd", "momentum": 0.0, "dampening": 0.0, "nesterov": False},
        {"type": "sgd", "momentum": 0.9, "dampening": 0.2, "nesterov": False},
        {"type": "sgd", "momentum": 0.9, "dampening": 0.0, "nesterov": True},
        {"type": "adam", "betas": (0.9, 0.999), "eps": 1e-8},
    ],
)
def test_the_last_update_is_the_way_between_two_places(fields):
    places, updates = descend(0.1, **fields)
    moves = np.diff(np.concatenate([START[None], places]), axis=0)
    np.testing.assert_allclose(updates, moves, rtol=1e-8, atol=1e-12)

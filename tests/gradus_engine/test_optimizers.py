"""Optimizers: ten steps by hand in NumPy give the same."""

import numpy as np
import pytest
import torch
from torch import nn

from gradus.optimizers import slots
from gradus.plan import plan
from gradus_engine.flat import FlatParameters
from gradus_engine.optimizers import OPTIMIZERS, optimizer
from gradus_engine.session import Session
from tests.gradus_engine.documents import toy

SLOPES = np.random.default_rng(0).normal(size=(10, 2, 3))
START = np.random.default_rng(1).normal(size=(2, 3))


def descend(rate=0.1, **fields):
    """Ten positions of a 2×3 matrix that follows SLOPES, and the updates as the optimizer says them."""
    layer = nn.Linear(3, 2, bias=False).double()
    layer.weight.data.copy_(torch.from_numpy(START))
    flat = FlatParameters(layer.named_parameters())
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


@pytest.mark.proves("D3.hand")
@pytest.mark.parametrize(
    ("mu", "tau", "nesterov"),
    [(0.0, 0.0, False), (0.9, 0.0, False), (0.9, 0.1, False), (0.9, 0.0, True)],
)
def test_ten_steps_of_momentum_by_hand(mu, tau, nesterov):
    places, _ = descend(0.1, type="sgd", momentum=mu, dampening=tau, nesterov=nesterov)
    np.testing.assert_allclose(places, momentum_by_hand(0.1, mu, tau, nesterov), rtol=1e-12)


@pytest.mark.proves("D3.hand")
def test_ten_steps_of_adam_by_hand():
    rate, beta1, beta2, eps = 0.05, 0.8, 0.95, 1e-3
    place, m, v, expected = START, 0.0, 0.0, []
    for t, g in enumerate(SLOPES, start=1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        place = place - rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        expected.append(place)
    places, _ = descend(rate, type="adam", betas=(beta1, beta2), eps=eps)
    np.testing.assert_allclose(places, expected, rtol=1e-12)


@pytest.mark.proves("D3.hand")
def test_ten_steps_of_adamw_by_hand():
    rate, decay = 0.05, 0.3
    place, m, v, expected = START, 0.0, 0.0, []
    for t, g in enumerate(SLOPES, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        place = place * (1 - rate * decay)
        place = place - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        expected.append(place)
    fields = {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": decay}
    places, _ = descend(rate, type="adamw", **fields)
    np.testing.assert_allclose(places, expected, rtol=1e-12)


@pytest.mark.proves("D3.hand")
@pytest.mark.parametrize("start", [0.0, 0.7])
def test_ten_steps_of_adagrad_by_hand(start):
    rate, decay, eps = 0.1, 0.05, 1e-4
    place, total, expected = START, start, []
    for t, g in enumerate(SLOPES):
        total = total + g**2
        place = place - rate / (1 + t * decay) * g / (np.sqrt(total) + eps)
        expected.append(place)
    places, _ = descend(rate, type="adagrad", lr_decay=decay, start=start, eps=eps)
    np.testing.assert_allclose(places, expected, rtol=1e-12)


@pytest.mark.proves("D3.hand")
def test_ten_steps_of_adadelta_by_hand():
    rho, eps = 0.8, 1e-3
    place, s, u, expected = START, 0.0, 0.0, []
    for g in SLOPES:
        s = rho * s + (1 - rho) * g**2
        move = np.sqrt(u + eps) / np.sqrt(s + eps) * g
        u = rho * u + (1 - rho) * move**2
        place = place - 1.5 * move
        expected.append(place)
    places, _ = descend(1.5, type="adadelta", rho=rho, eps=eps)
    np.testing.assert_allclose(places, expected, rtol=1e-12)


@pytest.mark.proves("D3.hand")
@pytest.mark.parametrize(("momentum", "centered"), [(0.0, False), (0.0, True), (0.7, True)])
def test_ten_steps_of_rmsprop_by_hand(momentum, centered):
    rate, alpha, eps = 0.02, 0.9, 1e-3
    place, s, mean, move, expected = START, 0.0, 0.0, 0.0, []
    for g in SLOPES:
        s, mean = alpha * s + (1 - alpha) * g**2, alpha * mean + (1 - alpha) * g
        scale = np.sqrt(s - mean**2 if centered else s) + eps
        move = momentum * move + g / scale
        place = place - rate * move
        expected.append(place)
    fields = {"alpha": alpha, "eps": eps, "momentum": momentum, "centered": centered}
    places, _ = descend(rate, type="rmsprop", **fields)
    np.testing.assert_allclose(places, expected, rtol=1e-10)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "sgd", "momentum": 0.0, "dampening": 0.0, "nesterov": False},
        {"type": "sgd", "momentum": 0.9, "dampening": 0.2, "nesterov": False},
        {"type": "sgd", "momentum": 0.9, "dampening": 0.0, "nesterov": True},
        {"type": "adam", "betas": (0.9, 0.999), "eps": 1e-8},
        {"type": "adamw", "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.1},
        {"type": "adagrad", "lr_decay": 0.1, "start": 0.0, "eps": 1e-10},
        {"type": "adadelta", "rho": 0.9, "eps": 1e-6},
        {"type": "rmsprop", "alpha": 0.9, "eps": 1e-8, "momentum": 0.0, "centered": True},
        {"type": "rmsprop", "alpha": 0.9, "eps": 1e-8, "momentum": 0.9, "centered": False},
    ],
)
def test_the_last_update_is_the_way_between_two_places(fields):
    places, updates = descend(0.1, **fields)
    moves = np.diff(np.concatenate([START[None], places]), axis=0)
    np.testing.assert_allclose(updates, moves, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_the_plan_counts_the_numbers_that_a_rule_keeps(rule):
    for extra in ({}, {"momentum": 0.9}) if rule in ("sgd", "rmsprop") else ({},):
        written = {"type": rule, **extra}
        planned = plan({**toy(), "train": {"optimizer": written}})
        kept = Session(planned).optimizer.vectors
        assert len(kept) == slots(planned.train.optimizer)

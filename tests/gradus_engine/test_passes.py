"""Alternations by the compiled loop against PyTorch's own steps: the same losses and weights (C11)."""

import copy
from typing import Any

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.dense.cache import ensure
from gradus_engine.opening import open_session
from tests.gradus.alternations import conditional_gan, gan, linear

pytestmark = pytest.mark.proves("C11")
STEPS = 30


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    assert ensure(), "Numba is not installed"


def tamed() -> dict[str, Any]:
    """Everything that is done to gradients, updates in a row, a rate of one step's own."""
    document = gan(l1=1e-5, l2=1e-4, clip={"norm": 1.0}, gradient_noise={"eta": 1e-4})
    d, g = document["train"]["steps"]
    d |= {"repeat": 2, "optimizer": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9}}
    g |= {"every": 3}
    return document


def autoencoder() -> dict[str, Any]:
    """Two networks trained at once; the code is judged too, and read twice."""
    document = gan()
    document["networks"] = {
        "e": {"input": [2], "layers": [linear(8, "tanh"), linear(3)]},
        "d": {"input": [3], "layers": ["tanh", linear(2)]},
    }
    calls = [
        {"name": "code", "network": "e", "from": "batch"},
        {"name": "seen", "network": "d", "from": "code"},
        {"name": "again", "network": "e", "from": "seen"},
    ]
    losses = [
        {"type": "mse", "input": "seen", "target": "batch", "weight": 2.0},
        {"type": "huber", "input": "again", "target": "zeros", "weight": 0.1},
        {"type": "mae", "input": "code", "target": "zeros", "weight": 0.01},
    ]
    document["train"]["steps"] = [
        {"name": "all", "update": ["e", "d"], "calls": calls, "losses": losses}
    ]
    return document


def classifier() -> dict[str, Any]:
    document = gan()
    document["networks"] = {"net": {"input": [2], "layers": [linear(8, "gelu"), linear(8)]}}
    loss = {"type": "cross_entropy", "target": "target", "input": "net_1"}
    calls = [{"network": "net", "from": "batch"}]
    document["train"]["steps"] = [{"update": ["net"], "calls": calls, "losses": [loss]}]
    return document


def sessions(document: dict[str, Any]) -> tuple[Any, Any]:
    eager = copy.deepcopy(document)
    eager["train"]["tier"] = "eager"
    fast, plain = open_session(plan(document)), open_session(plan(eager))
    assert plain.identity()["tier"] == "eager"
    return fast, plain


@pytest.mark.parametrize("make", [gan, tamed, autoencoder, classifier])
def test_losses_and_weights_are_those_of_plain_steps(make: Any) -> None:
    fast, plain = sessions(make())
    assert fast.identity()["tier"] == "dense"
    for session in (fast, plain):
        for _ in range(STEPS):
            session.advance()
    for name, flat in plain.flats.items():
        torch.testing.assert_close(fast.flats[name].values, flat.values, rtol=0, atol=2e-5)
    ours, theirs = fast.take_record(), plain.take_record()
    assert ours.keys() == theirs.keys()
    for name, values in theirs.items():
        np.testing.assert_allclose(ours[name], values, rtol=1e-4, atol=1e-5)
    for (flat, update), (_, expected) in zip(fast.moved(), plain.moved(), strict=True):
        torch.testing.assert_close(update, expected, rtol=0, atol=2e-5)
        assert len(update) == len(flat)


@pytest.mark.parametrize("kept", ["dense", "eager"])
def test_a_run_keeps_the_tier_that_it_began_with(kept: str) -> None:
    begun = open_session(plan(gan()), tier="eager" if kept == "eager" else None)
    begun.advance()
    back = open_session(plan(gan()), state=begun.state())
    assert back.identity()["tier"] == begun.identity()["tier"] == kept


def shared_target() -> dict[str, Any]:
    """A loss between two calls that both move: its gradient goes both ways."""
    document = gan()
    _, g = document["train"]["steps"]
    g["losses"] = [{"type": "mse", "input": "score", "target": "other"}]
    g["calls"].append({"name": "other", "network": "d", "from": "fake"})
    return document


def drawn() -> dict[str, Any]:
    document = gan()
    document["networks"]["d"]["layers"].insert(1, "dropout")
    return document


@pytest.mark.parametrize("make", [conditional_gan, shared_target, drawn])
def test_what_the_loop_does_not_know_goes_by_plain_steps(make: Any) -> None:
    session = open_session(plan(make()))
    assert session.identity()["tier"] == "eager"
    session.advance()
    assert np.isfinite([values[-1] for values in session.take_record().values()]).all()

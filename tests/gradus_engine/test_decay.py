"""Weight decay: beside the gradient, on matrices, for all layers or for one."""

import json

import numpy as np
import pytest
import torch

from gradus.plan import plan
from gradus_engine.session import Session
from tests.gradus_engine.documents import document, toy

pytestmark = pytest.mark.proves("E2.decay")


def net(first=None, **train):
    """3 tanh units and 1 on the circle, by plain gradient descent unless said."""
    hidden = {"type": "linear", "units": 3, "activation": "tanh", **(first or {})}
    data = {"name": "circle", "options": {"points": 60}}
    return document([hidden, "linear"], data, **{"optimizer": "sgd", "batch_size": 7, **train})


def trained(written, steps=10):
    session = Session(plan(written))
    for _ in range(steps):
        session.advance()
    return session


def parameters(session):
    return {
        name: value.detach().double().numpy().copy()
        for name, value in session.network.layers.named_parameters()
    }


def by_hand(written, decays, steps=10, rate=0.01):
    """Ten steps, each number moved as the formula says: θ ← (1 − η λ) θ − η g."""
    session = Session(plan(written))
    for _ in range(steps):
        before = parameters(session)
        session.advance()
        gradients = {
            name: session.flat.slice(session.flat.gradients, name).double().numpy()
            for name in before
        }
        for name, value in parameters(session).items():
            kept = 1 - rate * decays.get(name, 0.0)
            expected = kept * before[name] - rate * gradients[name]
            np.testing.assert_allclose(value, expected, rtol=1e-6, atol=1e-7)


def test_every_weight_shrinks_beside_its_gradient_and_no_bias_does():
    decays = {"linear_1.weight": 3.0, "linear_2.weight": 3.0}
    by_hand(net(weight_decay=3.0), decays)


def test_a_layer_may_have_a_decay_of_its_own_or_none():
    by_hand(net({"weight_decay": 0.0}, weight_decay=3.0), {"linear_2.weight": 3.0})
    by_hand(net({"weight_decay": 5.0}), {"linear_1.weight": 5.0})


def test_with_adam_it_is_adamw_on_the_weights():
    beside = trained(net({"bias": False}, weight_decay=0.5, optimizer="adam"))
    adamw = trained(net({"bias": False}, optimizer={"type": "adamw", "weight_decay": 0.5}))
    one, other = parameters(beside), parameters(adamw)
    # AdamW pulls the bias as well, and that reaches the gradients of the rest in later steps.
    first = trained(net(weight_decay=0.5, optimizer="adam"), 1)
    second = trained(net(optimizer={"type": "adamw", "weight_decay": 0.5}), 1)
    for name in ("linear_1.weight", "linear_2.weight"):
        np.testing.assert_array_equal(parameters(first)[name], parameters(second)[name])
        np.testing.assert_allclose(one[name], other[name], atol=2e-3)
    assert (
        parameters(first)["linear_1.bias"].tolist() != parameters(second)["linear_1.bias"].tolist()
    )


def test_adamw_heeds_the_decay_of_a_layer():
    adamw = {"type": "adamw", "weight_decay": 0.5, "learning_rate": 0.01}
    free = trained(net({"weight_decay": 0.0}, optimizer=adamw), 1)
    adam = trained(net(optimizer={"type": "adam", "learning_rate": 0.01}), 1)
    for name in ("linear_1.weight", "linear_1.bias"):
        np.testing.assert_array_equal(parameters(free)[name], parameters(adam)[name])
    changed = parameters(free)["linear_2.weight"] != parameters(adam)["linear_2.weight"]
    assert changed.all()


def test_the_last_update_holds_the_decay():
    session = trained(net({"weight_decay": 4.0}, weight_decay=2.0))
    before = session.flat.values.clone()
    session.advance()
    moved = session.flat.values - before
    torch.testing.assert_close(session.optimizer.last_update(), moved, rtol=1e-3, atol=1e-7)


def test_a_decayed_run_goes_on_bitwise():
    planned = plan(net({"weight_decay": 0.3}, weight_decay=0.1, optimizer="adam"))
    straight = trained(net({"weight_decay": 0.3}, weight_decay=0.1, optimizer="adam"), 20)
    tensors, meta = trained(
        net({"weight_decay": 0.3}, weight_decay=0.1, optimizer="adam"), 9
    ).state()
    back = Session(planned, state=(tensors, json.loads(json.dumps(meta))))
    for _ in range(11):
        back.advance()
    assert torch.equal(straight.flat.values, back.flat.values)


def test_weight_decay_narrows_the_gap_of_a_net_that_overfits():
    def gap(**train):
        data = {"name": "moons", "options": {"points": 80, "noise": 0.35}}
        layers = [{"type": "linear", "units": 60, "activation": "tanh"}, "linear"]
        adam = {"type": "adam", "learning_rate": 0.03}
        written = document(layers, data, epochs=60, batch_size=10, optimizer=adam, **train)
        session = trained(written, 60 * 6)
        inside = session.evaluate("train_eval")["train_eval/loss"]
        return session.evaluate("validation")["validation/loss"] - inside

    assert gap(weight_decay=0.5) < 0.5 * gap()


def test_a_frozen_layer_is_counted_apart_and_neither_moves_nor_is_remembered():
    planned = plan(net({"trainable": False, "weight_decay": 0.5}, optimizer="adam"))
    assert (planned.totals.parameters, planned.totals.trainable) == (13, 4)
    session = Session(planned)
    before = parameters(session)
    for _ in range(5):
        session.advance()
    after = parameters(session)
    assert all((after[name] == before[name]).all() for name in after if name.startswith("linear_1"))
    assert not (after["linear_2.weight"] == before["linear_2.weight"]).any()
    assert not [name for name in session.state()[0] if name.startswith("optimizer/first/linear_1")]
    assert len(session.optimizer.vectors["first"]) == 4


def test_a_net_that_never_decays_pays_nothing():
    assert type(Session(plan(toy())).optimizer).__name__ == "Adam"

"""Ensembles: members of one run, heard together (C12)."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from gradus.controls import Changes
from gradus.plan import plan, plan_resolved
from gradus.probes import PROBE
from gradus_engine.dense.cache import ensure
from gradus_engine.opening import open_session
from gradus_engine.probes import probe
from gradus_engine.session import Session
from gradus_engine.train import train
from tests.gradus_engine.documents import document

METHODS = ["average", "vote", "bagging", "snapshot"]
pytestmark = pytest.mark.proves("C12.plan")


def noisy(method, members=5, data="moons", **settings):
    """A net that overfits twelve noisy points a class, differently from every start."""
    points = {
        "name": data,
        "options": {"points": 200, "noise": 0.3},
        "split": {"train": 0.3, "validation": 0.2, "test": 0.5},
    }
    layers = [{"type": "linear", "units": 24, "activation": "relu"}, "linear"]
    adam = {"type": "adam", "learning_rate": 0.05}
    ensemble = {"members": members, "method": method}
    given = {"batch_size": 8, "epochs": 25, "optimizer": adam, "ensemble": ensemble, **settings}
    return plan(document(layers, points, **given))


def ended(planned):
    session = open_session(planned)
    *_, last = train(planned, session=session)
    return session, last.results


@pytest.mark.parametrize("method", METHODS)
def test_all_together_are_better_than_the_mean_member(method):
    _, results = ended(noisy(method))
    members = [results[f"test/member_{n}/loss"] for n in range(1, 6)]
    assert results["test/loss"] < np.mean(members)
    shares = [results[f"test/member_{n}/accuracy"] for n in range(1, 6)]
    assert results["test/accuracy"] > np.mean(shares) - 0.01
    assert len(set(members)) == 5


@pytest.mark.parametrize(
    ("method", "units"), [("average", 1), ("vote", 1), ("average", 3), ("vote", 3)]
)
def test_answers_are_averaged_or_counted(method, units):
    data = "moons" if units == 1 else "iris"
    layers = [{"type": "linear", "units": 4, "activation": "tanh"}, "linear"]
    session = open_session(
        plan(document(layers, data, epochs=2, ensemble={"members": 3, "method": method}))
    )
    session.advance()
    part = session.parts["validation"]
    with torch.no_grad():
        given = [network.eval()(part.inputs).double().numpy() for network in session.heard]
    truth = session.dataset.validation.targets.numpy()
    if units == 1:
        shares = [
            np.concatenate([1 / (1 + np.exp(z)), 1 / (1 + np.exp(-z))], axis=1) for z in given
        ]
    else:
        shares = [np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) for z in given]
    mean = np.mean(shares, axis=0)
    votes = np.mean([np.eye(shares[0].shape[1])[s.argmax(axis=1)] for s in shares], axis=0)
    answers = (mean if method == "average" else votes).argmax(axis=1)
    measured = session.evaluate("validation")
    assert measured["validation/accuracy"] == pytest.approx((answers == truth).mean())
    loss = -np.log(mean[np.arange(len(truth)), truth]).mean()
    assert measured["validation/loss"] == pytest.approx(loss, rel=1e-5)


def test_the_first_member_trains_as_it_would_alone():
    planned = noisy("average", members=3)
    together = open_session(planned)
    one = replace(planned, train=replace(planned.train, ensemble=None))
    alone = Session(one)
    for _ in range(20):
        together.advance()
        alone.advance()
    assert torch.equal(together.flat.values, alone.flat.values)
    others = [network for network in together.heard if network is not together.network]
    assert len(others) == 2
    weights = [n.layers["linear_1"].weight for n in together.heard]
    assert not torch.equal(weights[0], weights[1])


def test_bagging_draws_with_replacement_by_the_seed():
    def drawn(seed):
        session = open_session(noisy("bagging", members=3, batch_size="all", seed=seed))
        members = [session, *session._others]
        return [each._sampler.draw(0, 60)[0] for each in members]

    first, again, other = drawn(0), drawn(0), drawn(1)
    assert all(torch.equal(one, two) for one, two in zip(first, again, strict=True))
    assert not any(torch.equal(one, two) for one, two in zip(first, other, strict=True))
    kinds = [len(torch.unique(each, dim=0)) for each in first]
    # Of n draws with replacement 1 − 1/e of the samples come.
    assert all(25 < count < 50 for count in kinds)


def test_snapshots_are_taken_where_the_rate_has_fallen_to_nothing():
    planned = noisy("snapshot", members=4, epochs=8)
    session, shares = open_session(planned), []
    while not session.finished:
        shares.append(session.rate_share)
        before = list(session.heard)
        session.advance()
        if len(session.heard) > len(before) and before[0] is not session.network:
            kept = session.heard[-1].layers["linear_1"].weight
            assert torch.equal(kept, session.network.layers["linear_1"].weight)
    assert len(session.heard) == 4
    steps = len(shares) // 4
    expected = (1 + np.cos(np.pi * np.arange(steps) / steps)) / 2
    np.testing.assert_allclose(shares[:steps], expected, atol=0.06)
    assert shares[steps] == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("method", METHODS)
def test_an_ensemble_goes_on_bitwise_from_a_checkpoint(method):
    planned = noisy(method, members=3, epochs=6)
    straight, stopped = open_session(planned), open_session(planned)
    for _ in range(40):
        straight.advance()
    for _ in range(23):
        stopped.advance()
    tensors, meta = stopped.state()
    back = open_session(planned, state=(tensors, json.loads(json.dumps(meta))))
    for _ in range(17):
        back.advance()
    (one, said), (other, told) = straight.state(), back.state()
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert said["members"] == [] or said["members"][0]["samples"] == told["members"][0]["samples"]
    assert straight.evaluate("validation") == back.evaluate("validation")


@pytest.mark.parametrize("method", METHODS)
def test_members_train_in_the_compiled_loop_as_by_plain_steps(method):
    assert ensure(), "Numba is not installed"
    fast = open_session(noisy(method, members=3, epochs=6))
    plain = open_session(noisy(method, members=3, epochs=6, tier="eager"))
    assert (fast.identity()["tier"], plain.identity()["tier"]) == ("dense", "eager")
    for session in (fast, plain):
        while not session.finished:
            session.advance(7)
    assert len(fast.heard) == len(plain.heard) == 3
    for one, other in zip(fast.heard, plain.heard, strict=True):
        for name, value in other.layers.own_state().items():
            torch.testing.assert_close(one.layers.own_state()[name], value, rtol=0, atol=1e-3)
    assert fast.evaluate("test") == pytest.approx(plain.evaluate("test"), rel=1e-2)


def test_a_checkpoint_of_one_network_has_no_members():
    planned = noisy("average")
    alone = Session(replace(planned, train=replace(planned.train, ensemble=None)))
    with pytest.raises(ValueError, match="no member 2"):
        open_session(planned, state=alone.state())


def test_numbers_change_for_every_member():
    session = open_session(noisy("average", members=3))
    session.apply(Changes(learning_rate=0.5, batch_size=5))
    session.advance()
    assert {each.samples for each in session._others} == {session.samples} == {5}
    assert {each.learning_rate for each in session._others} == {0.5}


def test_series_are_the_mean_of_the_members_and_results_hold_a_matrix():
    planned = noisy("vote", members=3, epochs=2, metrics=["accuracy", "confusion"])
    session, results = ended(planned)
    assert sum(map(sum, results["test/confusion"])) == len(session.parts["test"])
    right = sum(row[place] for place, row in enumerate(results["test/confusion"]))
    assert right / len(session.parts["test"]) == pytest.approx(results["test/accuracy"])
    session.advance()
    record = session.take_record()
    assert len(record["train/loss"]) == len(record["train/accuracy"])


def test_an_ensemble_is_planned_by_one_word_and_costs_its_members():
    planned = noisy("average", members=4)
    assert plan_resolved(planned.resolved).hash == planned.hash
    alone = plan_resolved(
        {**planned.resolved, "train": {**planned.resolved["train"], "ensemble": None}}
    )
    assert planned.totals.training_bytes == 4 * alone.totals.training_bytes
    assert planned.totals.parameters == alone.totals.parameters


def test_pictures_show_the_first_member():
    session = open_session(noisy("average", members=3))
    session.advance()
    for kind in ("field", "weights", "norms", "batch", "activity"):
        assert probe(session, PROBE.validate_python({"kind": kind})).kind == kind

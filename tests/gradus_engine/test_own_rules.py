"""The perceptron rule, the delta rule, and k-means (A1, C13)."""

import json

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans as Reference

from gradus.plan import plan
from gradus.probes import PROBE
from gradus_engine.probes import probe
from gradus_engine.session import Session
from gradus_engine.train import Finished, train
from tests.gradus_engine.documents import document

CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]
GATES = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "xor": [0, 1, 1, 0]}
WHOLE = {"train": 1, "validation": 0, "test": 0}


def gate(name, activation, **settings):
    """The four corners of a square; the gate's answer is the class."""
    points = [[*corner, label] for corner, label in zip(CORNERS, GATES[name], strict=True)]
    data = {"name": "drawn", "options": {"points": points}, "split": WHOLE}
    layer = {"type": "linear", "activation": activation, "init": "zeros"}
    return document([layer], data, **{"batch_size": 1, "epochs": 30, **settings})


def perceptron(name, **settings):
    return gate(name, "step", optimizer="perceptron", **settings)


def line(session):
    layer = session.network.layers["linear_1"]
    return np.array([*layer.weight.tolist()[0], layer.bias.item()])


def epochs(session):
    """The line after each epoch, and how many corners it answers rightly."""
    while not session.finished:
        session.advance()
        if session.epoch_ended:
            yield line(session), session.evaluate("train_eval")["train_eval/accuracy"]


@pytest.mark.proves("A1.rule")
@pytest.mark.parametrize("name", ["and", "or"])
def test_the_perceptron_rule_learns_and_and_or_and_then_rests(name):
    lines, shares = zip(*epochs(Session(plan(perceptron(name)))), strict=True)
    assert shares[-1] == 1
    solved = shares.index(1.0)
    assert all((each == lines[solved]).all() for each in lines[solved + 1 :])


@pytest.mark.proves("A1.rule")
def test_each_step_adds_the_error_times_the_input():
    session = Session(plan(perceptron("and")))
    by_hand, moved = np.zeros(3), 0
    for _ in range(24):
        inputs, targets = session._sampler.draw(session.samples, 1)
        x = np.array([*inputs[0].tolist(), 1.0])
        error = targets.item() - float(x @ by_hand > 0)
        by_hand, moved = by_hand + error * x, moved + abs(error)
        session.advance()
        assert line(session).tolist() == by_hand.tolist()
    assert moved > 3


@pytest.mark.proves("A1.xor")
def test_the_perceptron_rule_never_settles_on_xor():
    session = Session(plan(perceptron("xor", epochs=60)))
    for _ in range(60):
        places = [line(session)]
        for _ in CORNERS:
            session.advance()
            places.append(line(session))
        assert session.evaluate("train_eval")["train_eval/accuracy"] < 1
        # In every epoch some corner is answered wrongly and moves the line once more.
        assert len({tuple(place) for place in places}) > 1


@pytest.mark.proves("A1.delta", "A1.xor")
def test_the_delta_rule_learns_and_and_or_but_not_xor():
    rule = {
        "optimizer": {"type": "sgd", "learning_rate": 0.05},
        "losses": [{"type": "mse", "half": True}],
    }

    def share(name):
        *_, (_, share) = epochs(Session(plan(gate(name, "identity", epochs=100, **rule))))
        return share

    assert (share("and"), share("or")) == (1, 1)
    assert share("xor") < 1


def test_the_loss_of_a_perceptron_is_its_share_of_wrong_answers():
    session = Session(plan(perceptron("or")))
    for part in ("train_eval",):
        values = session.evaluate(part)
        assert values[f"{part}/loss"] == pytest.approx(1 - values[f"{part}/accuracy"])


def test_a_perceptron_may_have_a_unit_a_class_and_layers_before_it_stay():
    hidden = {"type": "linear", "units": 12, "activation": "relu"}
    written = document(
        [hidden, {"type": "linear", "activation": "step"}],
        "iris",
        optimizer="perceptron",
        epochs=20,
    )
    session = Session(plan(written))
    before = session.network.layers["linear_1"].weight.clone()
    while not session.finished:
        session.advance()
    assert torch.equal(session.network.layers["linear_1"].weight, before)
    assert session.evaluate("train_eval")["train_eval/loss"] < 0.15


def clustering(data="iris", units=3, layers=(), **settings):
    rule = {"type": "kmeans", **settings.pop("rule", {})}
    written = [*layers, {"type": "linear", "units": units}]
    return document(
        written, data, **{"optimizer": rule, "batch_size": "all", "epochs": 30, **settings}
    )


def centres(session):
    return (
        session.network.layers[session.plan.network.output].weight.detach().double().numpy().copy()
    )


@pytest.mark.proves("C13.plan")
@pytest.mark.parametrize("start", ["spread", "sampled"])
def test_lloyd_s_steps_end_where_scikit_learn_s_do(start):
    session = Session(plan(clustering(precision="float64", rule={"start": start})))
    samples, first = session.parts["train"].inputs.numpy(), centres(session)
    # Each begins at one of the samples.
    assert all((samples == centre).all(axis=1).any() for centre in first)
    *_, last = train(session.plan, session=session)
    expected = Reference(3, init=first, n_init=1, tol=0).fit(samples)
    np.testing.assert_allclose(centres(session), expected.cluster_centers_, atol=1e-9)
    loss = session.evaluate("train_eval")["train_eval/loss"]
    assert loss == pytest.approx(expected.inertia_ / len(samples))
    assert isinstance(last, Finished)
    assert 0.6 < last.results["test/purity"] <= 1


@pytest.mark.proves("C13.plan")
def test_batches_move_each_centre_to_the_mean_of_what_it_has_seen():
    session = Session(plan(clustering("gauss", units=2, batch_size=7, precision="float64")))
    by_hand, seen = centres(session), np.zeros(2)
    for _ in range(30):
        x = session._sampler.draw(session.samples, 7)[0].numpy()
        nearest = ((x[:, None] - by_hand) ** 2).sum(axis=2).argmin(axis=1)
        for sample, centre in zip(x, nearest, strict=True):  # Sculley 2010, algorithm 1
            seen[centre] += 1
            by_hand[centre] += (sample - by_hand[centre]) / seen[centre]
        session.advance()
        np.testing.assert_allclose(centres(session), by_hand, rtol=1e-9, atol=1e-12)


def test_the_largest_output_is_that_of_the_nearest_centre():
    session = Session(plan(clustering("spiral", units=5)))
    for _ in range(3):
        session.advance()
    x = session.parts["train"].inputs
    distances = torch.cdist(x, session.network.layers["linear_1"].weight)
    assert torch.equal(session.network(x).argmax(1), distances.argmin(1))


def test_purity_counts_the_most_frequent_class_of_each_cluster():
    session = Session(plan(clustering(data={"name": "gauss", "options": {"noise": 0.02}}, units=2)))
    while not session.finished:
        session.advance()
    assert session.evaluate("validation")["validation/purity"] == 1
    assert "train/accuracy" not in session.take_record()


def test_clusters_are_found_on_what_frozen_layers_give():
    encoder = {"type": "linear", "units": 2, "trainable": False, "activation": "tanh"}
    session = Session(plan(clustering("digits", 10, ["flatten", encoder])))
    before = session.evaluate("train_eval")["train_eval/loss"]
    while not session.finished:
        session.advance()
    assert session.evaluate("train_eval")["train_eval/loss"] < 0.97 * before
    assert centres(session).shape == (10, 2)


@pytest.mark.parametrize("written", [perceptron("xor"), clustering(batch_size=16)])
def test_own_rules_go_on_bitwise_from_a_checkpoint(written):
    planned = plan(written)
    straight, stopped = Session(planned), Session(planned)
    for _ in range(20):
        straight.advance()
    for _ in range(9):
        stopped.advance()
    tensors, meta = stopped.state()
    back = Session(planned, state=(tensors, json.loads(json.dumps(meta))))
    for _ in range(11):
        back.advance()
    assert torch.equal(straight.flat.values, back.flat.values)
    assert straight.evaluate("train_eval") == back.evaluate("train_eval")


@pytest.mark.parametrize(
    "kind", ["field", "unit_fields", "weights", "norms", "samples", "units", "activity"]
)
@pytest.mark.parametrize("written", [perceptron("and"), clustering("gauss")])
def test_own_rules_can_be_looked_at(kind, written):
    session = Session(plan(written))
    session.advance()
    asked = {"kind": kind}
    if kind == "samples":
        asked["part"] = "train"
    if kind == "units":
        asked["sample"] = {"part": "train", "index": 0}
    assert probe(session, PROBE.validate_python(asked)).kind == kind

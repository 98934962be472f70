"""What goes wrong in a training is said in its log, at steps that nothing else decides."""

import pytest

from gradus.controls import Changes
from gradus.plan import plan
from gradus.words import say
from gradus_engine.pace import Pace
from gradus_engine.session import Session
from gradus_engine.train import Metrics, train
from tests.gradus_engine.documents import document, spiral

RELU = [{"type": "linear", "units": 8, "activation": "relu"}] * 2
TANH = [{"type": "linear", "units": 8, "activation": "tanh"}] * 2
LEAKY = [{"type": "linear", "units": 8, "activation": "leaky_relu"}] * 2
WIDE = [{"type": "linear", "units": 64, "activation": "tanh"}] * 2
NOISY = {"name": "gauss", "options": {"points": 80, "noise": 0.5}}


def sgd(rate):
    return {"type": "sgd", "learning_rate": rate}


def adam(rate):
    return {"type": "adam", "learning_rate": rate}


DYING = document([*RELU, "linear"], "circle", epochs=60, optimizer=adam(1.0))


def verdicts(session, pace=None):
    """All that is said until the planned epochs are over."""
    return [
        verdict
        for event in train(session.plan, session=session, pace=pace)
        if isinstance(event, Metrics)
        for verdict in event.verdicts
    ]


def said(written):
    return verdicts(Session(plan(written), threads=1))


def accuracy(session):
    return session.evaluate("train_eval")["train_eval/accuracy"]


@pytest.mark.proves("A4.shares")
def test_units_that_a_large_step_killed_are_told_with_their_share_and_layer():
    first = said(DYING)[0]
    assert first.code == "verdict.dead"
    assert first.params["layer"] == "linear_2"
    assert first.params["percent"] >= 50
    assert "linear_2" in say(first.code, first.params, "en")
    assert "死亡" in say(first.code, first.params, "zh")


@pytest.mark.proves("A4.revived")
def test_a_swap_to_leaky_relu_with_a_smaller_rate_revives_what_going_on_as_relu_does_not():
    killed = Session(plan(DYING), threads=1)
    for _ in range(200):
        killed.advance()
    state = killed.state()
    ends = {}
    for name, layers in {"relu": RELU, "leaky": LEAKY}.items():
        written = document([*layers, "linear"], "circle", epochs=500, optimizer=adam(0.01))
        session = Session(plan(written), threads=1, state=state)
        session.apply(Changes(learning_rate=0.01))
        for _ in range(4000):
            session.advance()
        ends[name] = accuracy(session)
    assert ends["relu"] - accuracy(killed) < 0.05
    assert ends["leaky"] > 0.95


@pytest.mark.proves("E1.verdict")
def test_overfitting_is_told_with_both_losses_and_where_it_was_best():
    written = document([*WIDE, "linear"], NOISY, epochs=300, optimizer=adam(0.01))
    found = [verdict for verdict in said(written) if verdict.code == "verdict.overfit"]
    assert len(found) == 1
    evidence = found[0].params
    assert evidence["validation"] > 1.2 * evidence["best"]
    assert evidence["training"] < evidence["validation"] / 1.5
    assert evidence["since"] < found[0].step


@pytest.mark.proves("D4.diverged")
@pytest.mark.parametrize(
    ("written", "code"),
    [
        (
            document(["linear"], "plane", epochs=8, batch_size="all", optimizer=sgd(0.2)),
            "verdict.rate_climbs",
        ),
        (
            document([*TANH, "linear"], "spiral", epochs=40, optimizer=sgd(6.0)),
            "verdict.rate_swings",
        ),
    ],
    ids=["divergence", "oscillation"],
)
def test_a_rate_that_is_too_high_is_named(written, code):
    found = [verdict for verdict in said(written) if verdict.code == code]
    assert len(found) == 1
    assert found[0].params["rate"] == written["train"]["optimizer"]["learning_rate"]


def test_a_training_that_goes_well_is_told_nothing():
    assert said(spiral(epochs=60)) == []


def test_verdicts_are_the_same_however_training_is_cut_into_blocks():
    whole = said(DYING)
    pace = Pace()
    pace.seconds = 0.0
    assert verdicts(Session(plan(DYING), threads=1), pace) == whole


def test_a_resumed_run_says_nothing_twice_and_misses_nothing():
    planned = plan(document([*RELU, "linear"], "circle", epochs=40, optimizer=sgd(3.0)))
    whole = verdicts(Session(planned, threads=1))
    session, found = Session(planned, threads=1), []
    for event in train(planned, session=session):
        if isinstance(event, Metrics):
            found += event.verdicts
            if event.step >= 100:
                break
    assert found
    resumed = Session(planned, threads=1, state=session.state())
    assert found + verdicts(resumed) == whole


def test_a_change_by_hand_is_looked_at_when_its_epoch_ends():
    session = Session(plan(document([*RELU, "linear"], "circle", epochs=60)), threads=1)
    found, changed = [], None
    for event in train(session.plan, session=session):
        if isinstance(event, Metrics):
            found += event.verdicts
        if changed is None and session.step >= 400:
            session.apply(Changes(learning_rate=300.0))
            changed = session.step
    epoch = len(session.parts["train"]) / session.batch_size
    assert changed is not None
    assert found
    assert changed < found[0].step <= changed + 2 * epoch + 2

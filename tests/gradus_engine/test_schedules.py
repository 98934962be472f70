"""Schedules of the learning rate: values by hand, and their effect on a run."""

import math

import pytest

from gradus.plan import plan
from gradus_engine.schedules import share
from gradus_engine.session import Session
from tests.gradus_engine.documents import toy

BY_HAND = [
    ({"type": "constant"}, 7.5, 1.0),
    ({"type": "step", "every": 4.0, "gamma": 0.5}, 3.99, 1.0),
    ({"type": "step", "every": 4.0, "gamma": 0.5}, 8.0, 0.25),
    ({"type": "exponential", "gamma": 0.9}, 2.7, 0.81),
    ({"type": "cosine", "floor": 0.0}, 5.0, 0.5),
    ({"type": "cosine", "floor": 0.2}, 10.0, 0.2),
    ({"type": "one_cycle", "rise": 0.3, "start": 0.04, "floor": 0.0}, 0.0, 0.04),
    ({"type": "one_cycle", "rise": 0.3, "start": 0.04, "floor": 0.0}, 1.5, 0.52),
    ({"type": "one_cycle", "rise": 0.3, "start": 0.04, "floor": 0.0}, 3.0, 1.0),
    ({"type": "one_cycle", "rise": 0.3, "start": 0.04, "floor": 0.0}, 6.5, 0.5),
    ({"type": "warmup", "epochs": 2.0, "start": 0.1, "after": "constant"}, 1.0, 0.55),
    ({"type": "warmup", "epochs": 2.0, "start": 0.1, "after": "constant"}, 8.0, 1.0),
    ({"type": "warmup", "epochs": 2.0, "start": 0.1, "after": "inverse_sqrt"}, 8.0, 0.5),
]


@pytest.mark.proves("D4.schedules")
@pytest.mark.parametrize(("schedule", "epochs", "expected"), BY_HAND)
def test_the_share_of_the_rate_by_hand(schedule, epochs, expected):
    assert share(schedule, epochs, 10.0) == pytest.approx(expected, abs=1e-12)


@pytest.mark.proves("D4.schedules")
def test_a_step_moves_by_the_rate_that_holds_at_its_place():
    document = toy(schedule={"type": "step", "every": 1, "gamma": 0.1}, optimizer="sgd")
    session = Session(plan(document))
    while session.samples < len(session.parts["train"]):
        session.advance()
    assert session.rate_share == pytest.approx(0.1)
    before = session.flat.values.clone()
    session.advance()
    slope = session.flat.gradients
    moved = session.flat.values - before
    assert moved.norm().item() == pytest.approx(0.001 * slope.norm().item(), rel=1e-4)


@pytest.mark.proves("D4.schedules")
def test_a_rate_set_by_hand_is_scheduled_too():
    session = Session(plan(toy(schedule="cosine")))
    assert math.isclose(session.rate_share, 1.0)
    session.learning_rate = 0.5
    session.samples = 2 * len(session.parts["train"])  # of four epochs
    assert session.learning_rate * session.rate_share == pytest.approx(0.25)

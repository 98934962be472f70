"""Early stopping and the plateau: decided once an epoch, by measures, and kept in checkpoints."""

import json
import math

import pytest
import torch

from gradus.plan import plan
from gradus_engine.session import Session
from gradus_engine.steering import Plateau, Watch
from gradus_engine.train import Finished, Metrics, train
from tests.gradus_engine.documents import document, toy

pytestmark = pytest.mark.proves("E1.stopping")

EARLY = {"patience": 3, "measure": "validation/loss"}


def watch(**fields):
    return Watch({"measure": "validation/loss", "patience": 3, "min_delta": 0.0, **fields})


def judged(one, values):
    return [one.judge({one.measure: value}, epoch) for epoch, value in enumerate(values, 1)]


def overfitting(**train):
    """Sixty units on forty noisy points: validation soon gets worse while training goes on."""
    data = {"name": "moons", "options": {"points": 80, "noise": 0.35}}
    layers = [{"type": "linear", "units": 60, "activation": "tanh"}, "linear"]
    adam = {"type": "adam", "learning_rate": 0.05}
    settings = {"epochs": 200, "batch_size": 10, "optimizer": adam, **train}
    return document(layers, data, **settings)


def test_a_loss_improves_downwards_and_patience_counts_epochs_in_a_row():
    one = watch()
    assert judged(one, [3.0, 2.0, 2.0, 2.5]) == [True, True, False, False]
    assert (one.best, one.epoch, one.over) == (2.0, 2, False)
    one.judge({"validation/loss": 2.1}, 5)
    assert one.over


def test_an_accuracy_improves_upwards():
    one = watch(measure="validation/accuracy")
    assert judged(one, [0.5, 0.6, 0.4, 0.7]) == [True, True, False, True]


def test_what_is_no_more_than_min_delta_better_is_no_improvement():
    assert judged(watch(min_delta=0.5), [3.0, 2.5, 2.4, 2.39]) == [True, False, True, False]


def test_a_loss_that_is_no_number_never_improves():
    one = watch()
    assert judged(one, [math.nan, math.nan, math.nan]) == [False] * 3
    assert one.over


@pytest.mark.proves("D4.schedules")
@pytest.mark.parametrize(("patience", "cooldown"), [(1, 0), (2, 0), (3, 2), (4, 1)])
def test_a_plateau_lowers_the_rate_where_pytorch_s_does(patience, cooldown):
    values = [1.0, 0.8, 0.81, 0.79, 0.9, 0.9, 0.9, 0.9, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]
    own = Plateau(
        {
            "measure": "validation/loss",
            "patience": patience,
            "min_delta": 0.05,
            "factor": 0.5,
            "cooldown": cooldown,
            "floor": 0.1,
        }
    )
    rule = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    torchs = torch.optim.lr_scheduler.ReduceLROnPlateau(
        rule,
        factor=0.5,
        patience=patience - 1,
        threshold=0.05,
        threshold_mode="abs",
        cooldown=cooldown,
        min_lr=0.1,
    )
    for epoch, value in enumerate(values, 1):
        own.judge({"validation/loss": value}, epoch)
        torchs.step(value)
        assert own.share == pytest.approx(rule.param_groups[0]["lr"]), epoch


def test_a_run_that_overfits_stops_early_and_is_tested_on_its_best_weights():
    session, losses, best = Session(plan(overfitting(early_stopping=EARLY))), [], None
    for event in train(session.plan, session=session):
        if isinstance(event, Finished):
            break
        if session.epoch_ended and session.step:
            losses.append(session.evaluate("validation")["validation/loss"])
            best = session.state()[0] if losses[-1] == min(losses) else best
    epochs = session.samples // len(session.parts["train"])
    assert event.reason == "early_stopped"
    assert event.params["epoch"] == epochs - 3
    assert epochs < 100
    weights = session.network.layers.own_state()
    assert session.evaluate("validation")["validation/loss"] < losses[-1]
    again = Session(session.plan)
    while again.samples < event.params["epoch"] * len(again.parts["train"]):
        again.advance()
    assert all(
        torch.equal(value, weights[name])
        for name, value in again.network.layers.own_state().items()
    )
    assert event.results == again.evaluate("test")


def test_without_restore_best_the_last_weights_are_tested():
    written = overfitting(early_stopping={**EARLY, "restore_best": False})
    session = Session(plan(written))
    end = list(train(session.plan, session=session))[-1]
    plain = Session(plan(overfitting()))
    while plain.step < session.step:
        plain.advance()
    assert end.results == plain.evaluate("test")
    assert session.steering.tensors() == {}


def test_all_epochs_over_still_takes_the_best_weights_and_says_so():
    written = overfitting(epochs=40, early_stopping={"patience": 1000})
    end = list(train(plan(written)))[-1]
    assert end.reason == "best_kept"
    assert end.params["epoch"] < 40


@pytest.mark.parametrize("cut", [1, 26, 60])
def test_a_steered_run_goes_on_from_any_checkpoint_bitwise(cut):
    planned = plan(
        overfitting(
            early_stopping=EARLY, schedule={"type": "plateau", "patience": 1, "factor": 0.5}
        )
    )
    straight, stopped = Session(planned), Session(planned)
    one = list(train(planned, session=straight))[-1]
    for _ in range(cut):
        stopped.advance()
    tensors, meta = stopped.state()
    back = Session(planned, state=(tensors, json.loads(json.dumps(meta))))
    other = list(train(planned, session=back))[-1]
    assert (one.step, one.results, one.params) == (other.step, other.results, other.params)
    assert_same_tensors(straight, back)


@pytest.mark.parametrize("lost", ["tensors", "watch"])
def test_nothing_of_the_steering_could_be_left_out_of_a_checkpoint(lost):
    planned = plan(overfitting(early_stopping={"patience": 8}))
    whole = Session(planned)
    end = list(train(planned, session=whole))[-1]
    cut = Session(planned)
    while cut.step < end.step - 8:  # after the best epoch
        cut.advance()
    tensors, meta = cut.state()
    if lost == "tensors":
        tensors = {name: t * 0 if name.startswith("best/") else t for name, t in tensors.items()}
    else:
        meta = {**meta, "steering": {}}
    other = list(train(planned, session=Session(planned, state=(tensors, meta))))[-1]
    assert (other.step, other.results) != (end.step, end.results)


@pytest.mark.proves("D4.schedules")
def test_a_plateau_slows_a_run_and_a_watched_run_decides_alike():
    planned = plan(toy(epochs=4, schedule={"type": "plateau", "patience": 1, "min_delta": 9.0}))
    one, other = Session(planned), Session(planned)
    while not one.finished:
        one.advance()
        other.advance()
        other.evaluate("train_eval")
    # The first epoch sets the mark; with such a min_delta none of the next three beats it.
    assert one.rate_share == other.rate_share == pytest.approx(1e-3)
    assert_same_tensors(one, other)


def test_a_fork_with_a_change_is_judged_by_its_own_measures():
    parent = Session(plan(overfitting(early_stopping=EARLY)))
    list(train(parent.plan, session=parent))
    child = Session(
        plan(overfitting(epochs=300, early_stopping={"patience": 5})), state=parent.state()
    )
    assert not child.finished
    assert child.steering.tensors() == {}


def test_curves_are_the_same_with_and_without_steering():
    def losses(written):
        stream = [event for event in train(plan(written)) if isinstance(event, Metrics)]
        return [
            event.series["train/loss"].last[-1] for event in stream if "train/loss" in event.series
        ]

    assert losses(toy(early_stopping={"patience": 1000}))[-1] == losses(toy())[-1]


def assert_same_tensors(one, two):
    (tensors, meta), (others, other_meta) = one.state(), two.state()
    assert tensors.keys() == others.keys()
    assert all(torch.equal(tensors[name], others[name]) for name in tensors)
    assert meta["steering"] == other_meta["steering"]

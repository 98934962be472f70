"""Training as a stream of events."""

import itertools
import math
import time

import numpy as np
import pytest
import torch

from gradus.controls import Changes
from gradus.plan import plan
from gradus_engine.pace import Pace
from gradus_engine.session import Session
from gradus_engine.train import Finished, Metrics, NonFinite, train
from tests.gradus_engine.documents import document, everything, toy


def events(written, **pace):
    return list(train(plan(written), pace=Pace(**pace)))


def series(stream, name):
    """The rows (first step, last step, count, mean, last) of one series over a whole run."""
    rows = []
    for event in stream:
        if isinstance(event, Metrics) and name in event.series:
            p = event.series[name]
            rows += list(zip(p.first_step, p.last_step, p.count, p.mean, p.last, strict=True))
    return rows


def test_every_step_is_in_exactly_one_block():
    stream = events(toy())
    for name in ("train/loss", "train/accuracy"):
        covered = [s for first, last, *_ in series(stream, name) for s in range(first, last + 1)]
        assert covered == list(range(1, 4 * 13 + 1))
        assert all(count == last - first + 1 for first, last, count, *_ in series(stream, name))


def test_blocks_say_what_single_steps_say():
    session = Session(plan(everything()))
    losses, accuracies, penalties = [], [], []
    while not session.finished:
        session.advance()
        values = session.take_record()
        losses += values["train/loss"].tolist()
        accuracies += values["train/accuracy"].tolist()
        penalties += values["train/penalty"].tolist()
    stream = events(everything())
    for name, singles in {
        "train/loss": losses,
        "train/accuracy": accuracies,
        "train/penalty": penalties,
    }.items():
        for first, last, _, mean, end in series(stream, name):
            assert mean == pytest.approx(np.mean(singles[first - 1 : last]), rel=1e-6)
            assert end == pytest.approx(singles[last - 1], rel=1e-6)


def test_the_first_event_measures_the_untrained_network():
    first = next(train(plan(toy())))
    assert first.step == 0
    assert set(first.series) == {
        "train_eval/loss",
        "train_eval/accuracy",
        "validation/loss",
        "validation/accuracy",
    }
    assert all(points.last_step.tolist() == [0] for points in first.series.values())


def test_validation_comes_at_epoch_ends_and_after_the_last_step():
    steps = [first for first, *_ in series(events(toy(epochs=40)), "validation/loss")]
    assert steps[0] == 0
    assert steps[-1] == 40 * 13
    assert all(step % 13 == 0 for step in steps)


def test_a_long_run_of_tiny_epochs_is_evaluated_a_few_times_a_second():
    session = Session(plan(toy(epochs=100_000)))
    stream, limit = [], 1.5
    for event in train(session.plan, session=session):
        stream.append(event)
        if event.elapsed > limit:
            break
    # 20 early ones, then at most four a second; for verdicts two whenever the epochs have doubled.
    doublings = math.log2(event.samples / len(session.parts["train"]))
    most = 21 + 4 * event.elapsed + 2 * doublings
    assert 3 <= len(series(stream, "validation/loss")) <= most


def test_a_run_ends_with_the_test_part():
    *_, last = events(toy(epochs=30))
    assert isinstance(last, Finished)
    assert last.step == 30 * 13
    assert last.samples == 30 * 126
    assert set(last.results) == {"test/loss", "test/accuracy"}


def test_a_regression_is_measured_by_r2():
    adam = {"type": "adam", "learning_rate": 0.02}
    *_, last = events(document(["linear"], "plane", epochs=30, optimizer=adam))
    assert last.results["test/r2"] > 0.999


def test_error_is_measured_where_it_is_asked_for():
    *_, last = events(toy(metrics=["accuracy", "error"]))
    assert last.results["test/error"] == pytest.approx(1 - last.results["test/accuracy"])


def test_a_session_can_stop_and_go_on_by_steps_and_samples():
    session, pace = Session(plan(toy())), Pace(step=5)
    stream = train(session.plan, session=session, pace=pace)
    while session.step < 5:
        next(stream)
    empty = next(stream)
    assert session.step == 5
    assert empty.series == {}
    pace.step, pace.samples = None, 126
    while session.samples < 126:
        next(stream)
    assert (session.step, session.samples) == (13, 126)
    pace.samples = None
    assert isinstance(list(stream)[-1], Finished)


def test_a_block_keeps_to_its_seconds():
    session, pace = Session(plan(toy(epochs=100_000, tier="eager"))), Pace()
    stream = train(session.plan, session=session, pace=pace)
    for _ in range(20):
        next(stream)
    pace.seconds = 0.0
    before = session.step
    next(stream)
    assert session.step == before + 1
    pace.seconds = 0.003
    spent = []
    for _ in range(20):
        started = time.perf_counter()
        next(stream)
        spent.append(time.perf_counter() - started)
    assert min(spent) < 0.006


def test_a_cut_ends_the_block_under_way():
    session, pace = Session(plan(toy(epochs=100_000, tier="eager"))), Pace()
    stream = train(session.plan, session=session, pace=pace)
    for _ in range(20):
        next(stream)
    before = session.step
    pace.cut()
    next(stream)
    assert session.step == before + 1
    next(stream)
    next(stream)
    assert session.step > before + 2


def test_a_loss_that_is_not_finite_is_said_once_and_training_may_go_on():
    sgd = {"type": "sgd", "learning_rate": 1e30}
    stream = events(
        document(
            [{"type": "linear", "units": 8, "activation": "relu"}, "linear"], "plane", optimizer=sgd
        )
    )
    said = [event for event in stream if isinstance(event, NonFinite)]
    assert len(said) == 1
    assert said[0].series == "train/loss"
    assert isinstance(stream[-1], Finished)
    rows = series(stream, "train/loss")
    broken = [last for _, last, _, mean, _ in rows if not np.isfinite(mean)]
    assert said[0].step == broken[0]


def test_changes_apply_from_the_next_step_on():
    session = Session(plan(toy()))
    session.advance()
    before = session.flat.values.clone()
    session.apply(Changes(learning_rate=1e-12, batch_size=3, l1=0.1, l2=0.2))
    session.advance()
    assert session.samples == 13
    torch.testing.assert_close(session.flat.values, before, rtol=0, atol=1e-9)
    assert (session.l1, session.l2) == (0.1, 0.2)
    assert session.take_record()["train/penalty"].size == 1


def test_a_batch_size_changed_within_an_epoch_keeps_the_epoch():
    session = Session(plan(toy()))
    sizes = itertools.cycle([1, 7, 20])
    while session.samples < 126:
        session.apply(Changes(batch_size=next(sizes)))
        session.advance()
    assert session.samples == 126
    assert session.epoch_ended


def test_elapsed_grows_with_training():
    stream = [event.elapsed for event in events(toy())]
    assert stream == sorted(stream)
    assert stream[0] > 0


def test_a_finished_session_has_only_its_results_to_say():
    session = Session(plan(toy()))
    list(train(session.plan, session=session))
    (only,) = train(session.plan, session=session)
    assert isinstance(only, Finished)


def test_a_plan_without_data_cannot_be_trained():
    planned = plan({"spec": "nn/1", "network": {"input": [2], "layers": ["flatten"]}})
    with pytest.raises(ValueError, match="no data"):
        Session(planned)


def test_training_draws_from_no_global_generator():
    before = torch.get_rng_state()
    events(everything())
    assert torch.equal(torch.get_rng_state(), before)

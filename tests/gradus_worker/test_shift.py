"""Runs on a real worker: trained, steered, and given back."""

import numpy as np
import pytest
from sqlalchemy import update

from gradus.controls import Changes, Pause, Play, Set, Step, Stop
from gradus.plan import plan
from gradus.probes import FieldProbe
from gradus.words import say
from gradus_runs import controls
from gradus_runs.database import writing
from gradus_runs.runs import delete
from gradus_runs.tables import runs
from tests.gradus_worker.documents import toy
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def test_a_run_is_claimed_trained_logged_and_finished(shop: Workshop) -> None:
    run = shop.create(toy(epochs=20))
    finished = shop.until_status(run, "finished")
    assert finished.results is not None
    assert "test/loss" in finished.results
    events = shop.log(run)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert events[-1].body["status"] == "finished"
    loss = shop.curve(run)
    assert loss.count.sum() == loss.last_step[-1] == finished.step
    until(lambda: shop.job(run).holder is None, 60, "the job given back")
    assert not shop.job(run).ready


def test_a_paused_run_stands_where_its_log_says_and_goes_on_when_played(shop: Workshop) -> None:
    run = shop.create(toy())
    shop.until_step(run, 50)
    shop.control(run, Pause())
    paused = shop.until_status(run, "paused")
    assert paused.goal == {"step": paused.step}
    (control,) = shop.log(run, "control")
    assert control.body["step"] == paused.step
    shop.control(run, Step(count=3))
    shop.until_step(run, paused.step + 3)
    assert shop.until_status(run, "paused").step == paused.step + 3
    shop.control(run, Play())
    shop.until_step(run, paused.step + 100)
    end(shop, run)


def test_a_pause_behind_forty_changes_holds_at_the_boundary_that_takes_them_all(
    shop: Workshop,
) -> None:
    run = shop.create(toy())
    shop.until_step(run, 50)
    with writing(shop.engine) as conn:  # a train of them, of which the child hears at its end
        for count in range(1, 41):
            change = Set(changes=Changes(learning_rate=count / 1000))
            controls.request(conn, shop.actor, run, change)
        pause = controls.request(conn, shop.actor, run, Pause())
    assert pause.holder is not None
    shop.live.wake_child(pause.holder, {"control": run})
    paused = shop.until_status(run, "paused")
    taken = [event.body for event in shop.log(run, "control")]
    assert [body["step"] for body in taken] == [paused.step] * 41
    assert taken[-1]["control"] == pause.id
    end(shop, run)


def test_an_epoch_is_stepped_to_its_last_batch(shop: Workshop) -> None:
    run = shop.create(toy(), start="paused")
    shop.control(run, Step(unit="epoch", count=2))
    shop.until_step(run, 1)
    paused = shop.until_status(run, "paused")
    said = [event.body["status"] for event in shop.log(run, "status")]
    assert said == ["paused", "queued", "running", "paused"]
    facts = plan(toy()).dataset
    assert facts is not None
    assert paused.samples == 2 * facts.sizes["train"]
    end(shop, run)


def test_a_changed_learning_rate_is_in_the_log_with_the_step_before_which_it_holds(
    shop: Workshop,
) -> None:
    run = shop.create(toy())
    shop.until_step(run, 20)
    shop.control(run, Set(changes=Changes(learning_rate=0.5)))
    (control,) = until(lambda: shop.log(run, "control"), 60, "the control's event")
    assert control.body["body"]["changes"] == {"learning_rate": 0.5}
    assert control.body["step"] >= 20
    end(shop, run)


def test_a_stopped_run_keeps_what_it_learned(shop: Workshop) -> None:
    run = shop.create(toy())
    shop.until_step(run, 100)
    shop.control(run, Stop())
    stopped = shop.until_status(run, "stopped")
    snapshot = shop.log(run, "snapshot")[-1]
    assert snapshot.body["step"] == stopped.step
    assert shop.weights(run)


def test_a_speed_limit_is_kept_and_slows_nobody_else(shop: Workshop) -> None:
    slow, fast = shop.create(toy()), shop.create(toy())
    shop.watch(slow, FieldProbe())
    shop.watch(fast, FieldProbe())
    shop.until_step(slow, 1)
    shop.control(slow, Set(changes=Changes(speed=20)))
    until(lambda: shop.run(slow).speed == 20, 60, "the limit on its row")
    before = shop.until_step(slow, shop.run(slow).step + 1)
    fast_before = shop.run(fast)
    after = shop.until_step(slow, before.step + 20)
    fast_after = shop.run(fast)
    assert after.elapsed - before.elapsed < 0.5, "a limited run must not sleep in its turn"
    assert fast_after.step - fast_before.step > after.step - before.step
    end(shop, slow)
    end(shop, fast)


def test_two_jobs_on_one_child_advance_together(shop: Workshop) -> None:
    one, two = shop.create(toy(seed=1)), shop.create(toy(seed=2))
    shop.watch(one, FieldProbe())
    shop.watch(two, FieldProbe())
    shop.until_step(one, 1)
    shop.until_step(two, 1)
    assert shop.job(one).holder == shop.job(two).holder
    for _ in range(3):
        steps = shop.run(one).step, shop.run(two).step
        shop.until_step(one, steps[0] + 1, seconds=10)
        shop.until_step(two, steps[1] + 1, seconds=10)
    end(shop, one)
    end(shop, two)


def test_an_unwatched_run_that_diverges_fails_and_says_why(shop: Workshop) -> None:
    run = shop.create(diverging())
    failed = shop.until_status(run, "failed")
    assert failed.reason == "diverged"
    assert not np.isfinite(shop.curve(run).mean[-1])


def test_a_watched_run_that_diverges_pauses(shop: Workshop) -> None:
    run = shop.create(diverging(), start="paused")
    shop.watch(run, FieldProbe())
    shop.control(run, Play())
    assert shop.until_status(run, "paused").reason == "diverged"
    end(shop, run)


def test_a_run_that_cannot_be_built_fails_with_a_message_of_one_line(shop: Workshop) -> None:
    run = shop.create(toy(), start="paused")
    with writing(shop.engine) as conn:
        conn.execute(update(runs).where(runs.c.id == run).values(resolved={"spec": "nn/1"}))
    shop.control(run, Play())
    assert shop.until_status(run, "failed").reason == "error"
    (message,) = [e.body["params"]["message"] for e in shop.log(run) if "params" in e.body]
    assert "\n" not in message
    assert str(shop.folder) not in message


def test_a_run_that_goes_on_elsewhere_than_it_began_says_so_and_counts_as_inexact(
    shop: Workshop,
) -> None:
    run = shop.create(toy(epochs=2), start="paused")
    shop.control(run, Step())
    here = until(lambda: shop.run(run).identity, 60, "its identity")
    shop.control(run, Stop())
    other = shop.create(toy(epochs=2), start="paused")
    with writing(shop.engine) as conn:
        elsewhere = here | {"torch": "0.0.1"}
        conn.execute(update(runs).where(runs.c.id == other).values(identity=elsewhere))
    shop.control(other, Play())
    finished = shop.until_status(other, "finished")
    assert finished.inexact
    assert finished.identity == here
    (verdict,) = shop.log(other, "verdict")
    assert verdict.body["code"] == "verdict.identity_changed"
    assert verdict.body["params"] == {"what": "torch", "before": "0.0.1", "now": here["torch"]}
    assert "0.0.1" in say(verdict.body["code"], verdict.body["params"])
    assert not shop.run(run).inexact


@pytest.mark.proves("A4")
def test_the_log_of_a_run_that_nobody_watches_tells_of_its_dead_units(shop: Workshop) -> None:
    dying = toy(epochs=8, rate=3.0)
    for layer in dying["network"]["layers"][:2]:
        layer["activation"] = "relu"
    run = shop.create(dying)
    shop.until_status(run, "finished")
    verdicts = [entry.body for entry in shop.log(run, "verdict")]
    (dead,) = [body for body in verdicts if body["code"] == "verdict.dead"][:1]
    assert dead["params"]["layer"] in {"linear_1", "linear_2"}
    assert f"{dead['params']['percent']} %" in say(dead["code"], dead["params"])
    assert 0 < dead["step"] <= shop.run(run).step


def test_a_deleted_run_is_let_go_and_its_neighbours_train_on(shop: Workshop) -> None:
    deleted, resting, kept = (shop.create(toy(seed=seed)) for seed in (1, 2, 3))
    for run in (deleted, resting, kept):
        shop.until_step(run, 10)
    shop.control(resting, Pause())
    shop.until_status(resting, "paused")
    with writing(shop.engine) as conn:
        for run in (deleted, resting):
            delete(conn, shop.actor, run)
    epoch = shop.job(kept).epoch
    shop.until_step(kept, shop.run(kept).step + 1000)
    assert shop.job(kept).epoch == epoch, "it stayed where it was"
    end(shop, kept)


def diverging() -> dict[str, object]:
    """Squared error under a rate that squares it again at each step."""
    return {
        "spec": "nn/1",
        "data": {"name": "plane"},
        "network": {"layers": [{"type": "linear", "units": 4}, "linear"]},
        "train": {
            "epochs": 1000,
            "batch_size": 10,
            "optimizer": {"type": "sgd", "learning_rate": 1e4},
            "tier": "eager",
        },
    }


def end(shop: Workshop, run: str) -> None:
    shop.control(run, Stop())
    shop.until_status(run, "stopped")

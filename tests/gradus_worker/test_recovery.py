"""Children killed, frozen and poisoned: their runs end as if nothing had happened.

Killed again and again through the whole service: `tests/system/test_kills.py`.

Shown able to fail: forget `samples` when a session is restored, pass no `replays` to `Held`, say no
rewind, or take holder and epoch out of `gradus_runs.claim.matches`, and these tests go red.
"""

import os
import random
import signal
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from gradus.controls import Changes, Pause, Play, Set, Stop
from gradus.events import Status
from gradus.plan import plan
from gradus.probes import WeightsProbe
from gradus_runs import jobs, log, runs
from gradus_runs.chunks import Points
from gradus_runs.database import writing
from gradus_runs.log import Entry
from gradus_worker.note import Note
from tests.gradus_worker.documents import digits, ponderous, toy
from tests.gradus_worker.freezing import freeze
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service

SEED = int(os.environ.get("GRADUS_TEST_SEED", "7"))


def test_two_runs_do_not_share_a_child_while_another_idles(siblings: Workshop) -> None:
    siblings.await_children(2)
    one, two = siblings.create(toy(seed=1)), siblings.create(toy(seed=2))
    siblings.until_step(one, 1)
    siblings.until_step(two, 1)
    until(
        lambda: len({siblings.job(run).holder for run in (one, two)} - {None}) == 2, 60, "fairness"
    )
    for run in (one, two):
        siblings.control(run, Stop())
        siblings.until_status(run, "stopped")


def test_a_frozen_child_writes_nothing_once_another_has_gone_on(siblings: Workshop) -> None:
    siblings.await_children(2)
    run = siblings.create(toy())
    siblings.until_step(run, 100)
    frozen, epoch = siblings.holder_pid(run), siblings.job(run).epoch
    freeze(siblings, frozen)
    try:
        until(partial(siblings.moved_since, run, epoch), 60, "a sibling to take over")
    finally:
        os.kill(frozen, signal.SIGCONT)
    taken = siblings.log(run)[-1].number
    siblings.until_step(run, siblings.run(run).step + 2000)
    assert {event.epoch for event in siblings.log(run) if event.number > taken} == {epoch + 1}
    siblings.control(run, Stop())
    siblings.until_status(run, "stopped")


def test_a_run_of_a_lost_machine_is_taken_over_when_its_lease_is_over(shop: Workshop) -> None:
    with writing(shop.engine) as conn:
        made = runs.create(conn, shop.actor, plan(toy(epochs=2)), toy(epochs=2), name="lost")
        job = jobs.claim(conn, "elsewhere:1:a", "train", [made.id], lease_ms=300)
        assert job is not None
        assert job.run_ids == (made.id,)
        runs.move(conn, made.id, Status.RUNNING, claim=job.claim)
        metrics = Entry("metrics", {"step": 7, "samples": 70, "elapsed": 1.0})
        log.append(conn, made.id, [metrics], claim=job.claim)
    shop.until_status(made.id, "finished")
    (rewind,) = shop.log(made.id, "rewind")
    assert rewind.body == {"to_step": 0, "reason": "machine_lost"}
    assert shop.weights(made.id) == shop.replayed(made.id, {})


def test_a_run_whose_child_is_killed_ends_as_if_untouched(siblings: Workshop) -> None:
    untouched = siblings.create(digits(epochs=12))
    last = siblings.until_status(untouched, "finished").step
    killed = siblings.create(digits(epochs=12))
    siblings.watch(killed, WeightsProbe())  # its commits come thirty times as often
    siblings.until_step(killed, random.Random(SEED).randrange(last // 2))
    siblings.await_children(2)
    epoch, warm = siblings.job(killed).epoch, siblings.warm()
    os.kill(siblings.holder_pid(killed), signal.SIGKILL)
    assert siblings.heir_pid(killed, epoch) in warm, "a sibling was there"
    until(partial(siblings.moved_since, killed, epoch), 60, "life after the kill")
    siblings.until_status(killed, "finished")
    assert siblings.weights(killed) == siblings.weights(untouched)
    check_curve(siblings, killed, untouched)


def test_a_change_made_before_a_kill_is_made_again_at_its_step(siblings: Workshop) -> None:
    run = siblings.create(digits(epochs=10))
    changes: dict[int, Changes] = {}
    for rate in (0.05, 0.01, 0.03, 0.001):
        siblings.watch(run, WeightsProbe())
        siblings.until_step(run, siblings.run(run).step + 5)
        asked = siblings.control(run, Set(changes=Changes(learning_rate=rate)))
        step = until(partial(siblings.applied_step, run, asked), 60, "the change")
        epoch = siblings.job(run).epoch
        os.kill(siblings.holder_pid(run), signal.SIGKILL)
        changes[step] = Changes(learning_rate=rate)
        if siblings.newest_checkpoint(run) < step:
            break  # recovery has to make this change once more
        until(partial(siblings.moved_since, run, epoch), 60, "life after the kill")
    else:
        pytest.fail("every kill came after a checkpoint that holds the change")
    siblings.until_status(run, "finished")
    assert siblings.weights(run) == siblings.replayed(run, changes)


def test_a_job_that_kills_two_children_without_a_step_between_is_poisoned(
    siblings: Workshop,
) -> None:
    siblings.await_children(2)
    run = siblings.create(ponderous())
    killed: set[int] = set()
    for _ in range(2):
        pid = until(lambda: on_turn(siblings, run) - killed, 60, "its turn").pop()
        os.kill(pid, signal.SIGKILL)
        killed.add(pid)
    failed = siblings.until_status(run, "failed")
    assert failed.reason == "poisoned"
    assert failed.step == 0


def test_a_paused_run_of_a_dead_child_waits_and_goes_on_when_played(siblings: Workshop) -> None:
    siblings.await_children(2)
    run = siblings.create(toy())
    siblings.until_step(run, 50)
    siblings.control(run, Pause())
    at = siblings.until_status(run, "paused").step
    os.kill(siblings.holder_pid(run), signal.SIGKILL)
    until(lambda: siblings.job(run).holder is None, 60, "the loss to be noticed")
    assert siblings.run(run).status == "paused"
    siblings.control(run, Play())
    siblings.until_step(run, at + 100)
    loss = siblings.curve(run)
    assert loss.count.sum() == loss.last_step[-1]
    siblings.control(run, Stop())
    siblings.until_status(run, "stopped")


def on_turn(shop: Workshop, run: str) -> set[int]:
    """The processes, living or dead, whose notes say that this run's job is on turn."""
    job = shop.job(run).id
    readings = [Note(path).read() for path in shop.folder.glob("run/*/*.note")]
    return {reading.pid for reading in readings if reading.on_turn == job}


def check_curve(shop: Workshop, run: str, model: str) -> None:
    """Every step once, and up to every common boundary the losses of the undisturbed run."""
    found, expected = shop.curve(run), shop.curve(model)
    assert (found.first_step[1:] == found.last_step[:-1] + 1).all()
    assert found.count.sum() == found.last_step[-1] == expected.last_step[-1]
    common = np.intersect1d(found.last_step, expected.last_step)
    assert len(common) > 2
    np.testing.assert_allclose(total(found, common), total(expected, common), rtol=1e-9)


def total(points: Points, steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """The sum of the values of all steps up to each of `steps`."""
    sums: NDArray[np.float64] = np.cumsum(points.mean * points.count)
    return sums[np.isin(points.last_step, steps)]

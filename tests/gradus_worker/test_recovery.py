"""Children killed, frozen and poisoned: their runs end as if nothing had happened.

Killed again and again through the whole service: `tests/system/test_kills.py`.

Shown able to fail: forget `samples` when a session is restored, pass no `replays` to `Held`, say no
rewind, or take holder and epoch out of `gradus_runs.claim.matches`, and these tests go red.
"""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

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
from tests.gradus_worker.workshop import Workshop, until, workshop

pytestmark = pytest.mark.service

SEED = int(os.environ.get("GRADUS_TEST_SEED", "7"))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Workshop]:
    """A workshop whose worker has two children."""
    folder = tmp_path_factory.mktemp("pair")
    database = f"sqlite:///{shutil.copy(sqlite_template, folder / 'gradus.db')}"
    with workshop(folder, database) as made:
        made.start(GRADUS_CHILDREN="2", GRADUS_CHECKPOINT_SECONDS="2")
        yield made


def test_two_runs_do_not_share_a_child_while_another_idles(pair: Workshop) -> None:
    pair.await_children(2)
    one, two = pair.create(toy(seed=1)), pair.create(toy(seed=2))
    pair.until_step(one, 1)
    pair.until_step(two, 1)
    until(lambda: len({pair.job(run).holder for run in (one, two)} - {None}) == 2, 15, "fairness")
    for run in (one, two):
        pair.control(run, Stop())
        pair.until_status(run, "stopped")


def test_a_frozen_child_writes_nothing_once_another_has_gone_on(pair: Workshop) -> None:
    pair.await_children(2)
    run = pair.create(toy())
    pair.until_step(run, 100)
    frozen, epoch = pair.holder_pid(run), pair.job(run).epoch
    freeze(pair, frozen)
    try:
        until(partial(pair.moved_since, run, epoch), 30, "a sibling to take over")
    finally:
        os.kill(frozen, signal.SIGCONT)
    taken = pair.log(run)[-1].number
    pair.until_step(run, pair.run(run).step + 2000)
    assert {event.epoch for event in pair.log(run) if event.number > taken} == {epoch + 1}
    pair.control(run, Stop())
    pair.until_status(run, "stopped")


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


def test_a_run_whose_child_is_killed_ends_as_if_untouched(pair: Workshop) -> None:
    untouched = pair.create(digits(epochs=12))
    last = pair.until_status(untouched, "finished").step
    killed = pair.create(digits(epochs=12))
    pair.watch(killed, WeightsProbe())  # its commits come thirty times as often
    pair.until_step(killed, random.Random(SEED).randrange(last // 2))
    epoch = pair.job(killed).epoch
    os.kill(pair.holder_pid(killed), signal.SIGKILL)
    fell = time.monotonic()
    until(partial(pair.moved_since, killed, epoch), 60, "life after the kill")
    assert time.monotonic() - fell < 3, "a warm sibling was there"
    pair.until_status(killed, "finished")
    assert pair.weights(killed) == pair.weights(untouched)
    check_curve(pair, killed, untouched)


def test_a_change_made_before_a_kill_is_made_again_at_its_step(pair: Workshop) -> None:
    run = pair.create(digits(epochs=20))
    changes: dict[int, Changes] = {}
    for rate in (0.05, 0.01, 0.03, 0.001):
        pair.watch(run, WeightsProbe())
        pair.until_step(run, pair.run(run).step + 5)
        asked = pair.control(run, Set(changes=Changes(learning_rate=rate)))
        step = until(partial(pair.applied_step, run, asked), 20, "the change")
        epoch = pair.job(run).epoch
        os.kill(pair.holder_pid(run), signal.SIGKILL)
        changes[step] = Changes(learning_rate=rate)
        if pair.newest_checkpoint(run) < step:
            break  # recovery has to make this change once more
        until(partial(pair.moved_since, run, epoch), 60, "life after the kill")
    else:
        pytest.fail("every kill came after a checkpoint that holds the change")
    pair.until_status(run, "finished")
    assert pair.weights(run) == pair.replayed(run, changes)


def test_a_job_that_kills_two_children_without_a_step_between_is_poisoned(pair: Workshop) -> None:
    pair.await_children(2)
    run = pair.create(ponderous())
    killed: set[int] = set()
    for _ in range(2):
        pid = until(lambda: on_turn(pair, run) - killed, 60, "its turn").pop()
        os.kill(pid, signal.SIGKILL)
        killed.add(pid)
    failed = pair.until_status(run, "failed")
    assert failed.reason == "poisoned"
    assert failed.step == 0


def test_a_paused_run_of_a_dead_child_waits_and_goes_on_when_played(pair: Workshop) -> None:
    pair.await_children(2)
    run = pair.create(toy())
    pair.until_step(run, 50)
    pair.control(run, Pause())
    at = pair.until_status(run, "paused").step
    os.kill(pair.holder_pid(run), signal.SIGKILL)
    until(lambda: pair.job(run).holder is None, 20, "the loss to be noticed")
    assert pair.run(run).status == "paused"
    pair.control(run, Play())
    pair.until_step(run, at + 100)
    loss = pair.curve(run)
    assert loss.count.sum() == loss.last_step[-1]
    pair.control(run, Stop())
    pair.until_status(run, "stopped")


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

"""Runs that cannot go on for now lose nothing, overrun nothing, and go on by themselves."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from gradus.controls import Changes, Pause, Play, Set, Step, Stop
from gradus_runs import controls
from gradus_runs.database import reading
from tests.gradus_worker.documents import ponderous, toy, wide
from tests.gradus_worker.freezing import freeze
from tests.gradus_worker.workshop import Workshop, until, workshop

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Workshop]:
    """A worker of one child that has little patience, but long leases: only it can help itself."""
    folder = tmp_path_factory.mktemp("strict")
    database = f"sqlite:///{shutil.copy(sqlite_template, folder / 'gradus.db')}"
    with workshop(folder, database) as made:
        made.start(
            GRADUS_CHILDREN="1",
            GRADUS_PAUSED_SECONDS="0.5",
            GRADUS_RETRY_SECONDS="0.2",
            GRADUS_STALL_SECONDS="3",
            GRADUS_LEASE_SECONDS="600",
        )
        yield made


@contextlib.contextmanager
def no_disk(shop: Workshop) -> Iterator[None]:
    """A file where the folder of artifacts should be, as when a disk is not mounted."""
    folder, away = shop.folder / "artifacts", shop.folder / "artifacts.away"
    folder.mkdir(exist_ok=True)
    folder.rename(away)
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        away.rename(folder)


def waiting(shop: Workshop) -> str:
    """A run that was played while nothing can be written, and waits."""
    run = shop.create(wide(), start="paused")
    shop.control(run, Play())
    assert shop.until_status(run, "waiting").reason == "disk"
    return run


def test_a_run_waits_for_the_disk_and_goes_on_as_if_nothing_had_happened(strict: Workshop) -> None:
    with no_disk(strict):
        run = waiting(strict)
        asked = strict.control(run, Set(changes=Changes(speed=0)))
        until(lambda: strict.applied_step(run, asked) is not None, 60, "a change while it waits")
        logged = strict.folder / "worker-0.log"
        attempts = logged.read_text().count(run)
        until(lambda: logged.read_text().count(run) > attempts + 2, 60, "vain attempts")
        assert strict.run(run).status == "waiting"
    strict.until_status(run, "finished")
    said = [event.body["status"] for event in strict.log(run, "status")]
    assert said == ["paused", "queued", "running", "waiting", "running", "finished"]
    assert {e.epoch for e in strict.log(run, "status") if e.epoch} == {1}
    assert strict.weights(run) == strict.replayed(run, {})


def test_a_run_that_is_paused_while_it_waits_rests_where_it_stood(strict: Workshop) -> None:
    with no_disk(strict):
        run = waiting(strict)
        asked = strict.control(run, Pause())
        at = until(lambda: strict.applied_step(run, asked), 60, "the pause")
    paused = strict.until_status(run, "paused")
    assert (paused.step, paused.goal) == (at, {"step": at})
    strict.control(run, Stop())
    assert strict.until_status(run, "stopped").step == at


def test_a_stop_that_could_not_be_carried_out_outlives_the_child(strict: Workshop) -> None:
    with no_disk(strict):
        run = waiting(strict)
        asked = strict.control(run, Stop())
        os.kill(strict.holder_pid(run), signal.SIGKILL)
        until(lambda: strict.job(run).epoch == 2, 60, "the next child")
        with reading(strict.engine) as conn:
            assert [row.id for row in controls.pending(conn, [run])] == [asked]
    strict.until_status(run, "stopped")
    assert strict.applied_step(run, asked) is not None


def test_a_paused_run_is_given_up_after_its_time_and_comes_back_bitwise(strict: Workshop) -> None:
    run = strict.create(wide(), start="paused")
    strict.control(run, Step(count=40))
    until(lambda: strict.run(run).step == 40, 60, "step 40")
    until(lambda: strict.job(run).holder is None, 60, "the job given back")
    assert strict.run(run).status == "paused"
    with no_disk(strict):
        strict.control(run, Play())
        assert strict.until_status(run, "waiting").reason == "disk"
    strict.until_status(run, "finished")
    assert strict.log(run, "rewind") == []
    assert strict.weights(run) == strict.replayed(run, {})


def test_a_child_without_a_step_for_too_long_is_killed_and_its_run_goes_on(
    strict: Workshop,
) -> None:
    run = strict.create(toy())
    strict.until_step(run, 100)
    stalled, epoch = psutil.Process(strict.holder_pid(run)), strict.job(run).epoch
    freeze(strict, stalled.pid)
    until(lambda: not stalled.is_running(), 60, "the parent to kill it")
    until(lambda: strict.moved_since(run, epoch), 60, "its next child")
    strict.control(run, Stop())
    strict.until_status(run, "stopped")


def test_a_step_without_an_end_takes_two_children_with_it_and_no_more(strict: Workshop) -> None:
    run = strict.create(ponderous(kernel=15))
    failed = strict.until_status(run, "failed", 200)
    assert (failed.reason, failed.step) == ("poisoned", 0)
    strict.until_status(strict.create(toy(epochs=5)), "finished")

"""A run in two processes on a worker: one that is lost costs the run a new beginning at its checkpoint, and
nothing else."""

import contextlib

import psutil
import pytest

from gradus.controls import Changes, Play, Set
from tests.gradus_worker.documents import digits
from tests.gradus_worker.workshop import Workshop, until

pytestmark = pytest.mark.service


def others(shop: Workshop) -> list:
    """The processes that share batches with a child of the worker."""
    found = []
    for each in shop.workers[0].tree():
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended while it was looked at
            if "gradus_engine.ranks" in " ".join(each.cmdline()):
                found.append(each)
    return found


def begun(shop: Workshop, run: str) -> list:
    """How often a child said that it trains the run."""
    return [each for each in shop.log(run, "status") if each.body["status"] == "running"]


def test_a_run_that_loses_a_process_goes_on_from_its_checkpoint_to_the_same_end(shop: Workshop):
    document = digits(epochs=8)
    document["train"]["devices"] = 2
    run = shop.create(document, start="paused")
    shop.control(run, Set(changes=Changes(speed=20)))  # it must not end before the kill
    shop.control(run, Play())
    until(lambda: shop.newest_checkpoint(run) > 0 and others(shop), 90, "a second process")
    (other,) = others(shop)
    other.kill()
    until(lambda: len(begun(shop, run)) == 2, 90, "a second beginning")
    shop.control(run, Set(changes=Changes(speed=0)))
    done = shop.until_status(run, "finished", 120)
    assert done.identity["devices"] == 2
    assert not done.inexact
    assert shop.weights(run) == shop.replayed(run, {})
    until(lambda: not others(shop), 60, "the end of the second process")

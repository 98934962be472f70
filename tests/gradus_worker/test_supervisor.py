"""A whole worker killed and ended: nothing is left behind, nothing is lost.

Shown able to fail: leave out `give_up_all` at the end of a shift, or return at once from
`die_with_parent`, and this test goes red.
"""

import signal

import pytest

from tests.gradus_worker.documents import toy
from tests.gradus_worker.workshop import Worker, Workshop, alive, until

pytestmark = pytest.mark.service

ENDING_SECONDS = 10.0
# Nothing may come from a lease that ran out or from a checkpoint by time.
PATIENT = {"GRADUS_LEASE_SECONDS": "600", "GRADUS_CHECKPOINT_SECONDS": "600"}


def test_nothing_outlives_a_killed_supervisor_and_an_orderly_end_gives_everything_back(
    bare: Workshop,
) -> None:
    killed = bare.start(GRADUS_CHILDREN="1", **PATIENT)
    run = bare.create(toy())
    bare.until_step(run, 100)
    check_nothing_outlives(killed)
    reached = bare.run(run).step
    heir = bare.start(GRADUS_CHILDREN="2", **PATIENT)
    until(lambda: bare.run(run).step > reached, 60, "new steps without waiting for the lease")
    check_orderly_end(bare, heir, run)


def check_nothing_outlives(worker: Worker) -> None:
    """Kill the supervisor alone: all below it ends with it."""
    below = worker.tree()[1:]
    worker.popen.send_signal(signal.SIGKILL)
    worker.popen.wait(5)
    until(lambda: not alive(below), 60, "the end of everything below")


def check_orderly_end(shop: Workshop, worker: Worker, run: str) -> None:
    """Ask the worker to end: a checkpoint, the lease given back, no process and no note left."""
    tree = worker.tree()
    assert len(tree) >= 6, "the supervisor, two parents and three children"
    worker.popen.send_signal(signal.SIGTERM)
    assert worker.popen.wait(ENDING_SECONDS) == 0
    until(lambda: not alive(tree), 60, "the end of everything")
    left = shop.run(run)
    assert left.status == "queued"
    assert shop.job(run).holder is None
    assert shop.log(run, "checkpoint")[-1].body["step"] == left.step
    assert list(shop.folder.glob("run/*/*.note")) == []

"""R-01: SIGKILL at random moments, through the real API, queue and database.

Shown able to fail: drop the sampler's position or a buffer from `Session.state`, take `epoch` out
of the fenced updates, or broadcast before the commit, and these tests go red (CONTRIBUTING.md).
"""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.system.documents import digits, toy
from tests.system.processes import Site, wait_for
from tests.system.test_many import create, ended, log_of, token_of, weights_of
from tests.system.viewer import Viewer, numbers, viewer

pytestmark = [pytest.mark.service, pytest.mark.timeout(900)]

DOCUMENTS = {"toy": toy(epochs=12_000), "digits": digits(epochs=24)}
# Twenty kills in all; a whole worker takes longer to come back.
CHILD_KILLS, WORKER_KILLS = 7, 3
# Steps a second while there are kills to come: no machine is so quick that it ends before.
SPEEDS = {"toy": 10_000, "digits": 50}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_run_whose_child_is_killed_ends_as_if_nothing_had_happened(
    local_site: Site, kind: str
) -> None:
    address = local_site.serve()
    local_site.work(GRADUS_CHILDREN="2")
    local_site.await_worker(address)
    undisturbed = create(local_site, address, DOCUMENTS[kind])
    ended(local_site, address, undisturbed)
    killed = create(local_site, address, DOCUMENTS[kind], start="paused")
    limit(local_site, address, killed, SPEEDS[kind])
    waits = killed_often(
        local_site, address, killed, CHILD_KILLS, lambda: kill_child(local_site, killed)
    )
    # The sibling was warm at least for the first; the budget of 3 s is measured by the bench.
    assert min(waits) < 5, f"resumed after {waits} s"
    check_equal(local_site, address, killed, undisturbed)


def test_a_run_whose_whole_worker_is_killed_ends_as_if_nothing_had_happened(
    shared_site: Site,
) -> None:
    address = shared_site.serve()
    shared_site.work(GRADUS_CHILDREN="1")
    shared_site.await_worker(address)
    document = DOCUMENTS["digits"]
    undisturbed = create(shared_site, address, document)
    ended(shared_site, address, undisturbed)
    killed = create(shared_site, address, document, start="paused")
    limit(shared_site, address, killed, SPEEDS["digits"])

    def kill_worker() -> None:
        shared_site.workers[-1].kill_tree()
        shared_site.work(GRADUS_CHILDREN="1")

    killed_often(shared_site, address, killed, WORKER_KILLS, kill_worker)
    check_equal(shared_site, address, killed, undisturbed)


def killed_often(
    site: Site, address: str, run: str, kills: int, kill: Callable[[], None]
) -> list[float]:
    """Kill so many times at random moments after new progress; the seconds until it moved again."""
    seed = int(os.environ.get("GRADUS_TEST_SEED", "7"))
    luck = random.Random(seed)
    waits: list[float] = []
    with viewer(address, token_of(site)) as seen:
        seen.follow(run)
        control(site, address, run, action="play")
        for turn in range(kills):
            reached = highest(seen, run)
            seen.until(
                120, lambda reached=reached: highest(seen, run) > reached, f"progress {turn}"
            )
            pause(seen, luck.uniform(0, 0.3))
            before = epoch_of(seen, run)
            kill()
            fell = time.monotonic()
            seen.until(180, lambda before=before: epoch_of(seen, run) > before, "a new life")
            waits.append(time.monotonic() - fell)
        limit(site, address, run, 0)
        seen.until(180, lambda: seen.status(run) == "finished", "its end")
        # what a viewer was shown is in the log for good, number by number
        log = log_of(site, address, run)
        assert seen.events[run] == log
        assert numbers(log) == list(range(1, len(log) + 1))
    return waits


def limit(site: Site, address: str, run: str, speed: int) -> None:
    """Let a run take at most so many steps a second, 0 for as many as it can."""
    control(site, address, run, action="set", changes={"speed": speed})


def control(site: Site, address: str, run: str, **body: Any) -> None:
    with site.client(address) as client:
        client.post(f"/runs/{run}/control", json=body).raise_for_status()


def pause(seen: Viewer, seconds: float) -> None:
    for _ in seen.listen(seconds):
        pass


def highest(seen: Viewer, run: str) -> int:
    return seen.step(run)


def epoch_of(seen: Viewer, run: str) -> int:
    return max((e["epoch"] for e in seen.events[run] if e["type"] == "metrics"), default=0)


def kill_child(site: Site, run: str) -> None:
    """SIGKILL to the process that holds the run's job."""
    os.kill(holder_pid(site, run), signal.SIGKILL)


def holder_pid(site: Site, run: str) -> int:
    from gradus_runs.database import open_database, reading
    from gradus_runs.tables import jobs, runs

    engine = open_database(
        site.environment.get("GRADUS_DATABASE_URL", f"sqlite:///{site.folder}/gradus.db")
    )
    query = jobs.select().with_only_columns(jobs.c.holder).join(runs, runs.c.job_id == jobs.c.id)

    def held() -> Any:
        with reading(engine) as connection:
            return connection.execute(query.where(runs.c.id == run)).scalar()

    return int(str(wait_for(held, 60, "a holder")).split(":")[1])


def check_equal(site: Site, address: str, killed: str, undisturbed: str) -> None:
    assert ended(site, address, killed)["status"] == "finished"
    assert weights_of(site, address, killed) == weights_of(site, address, undisturbed)
    with site.client(address) as client:
        curves = [client.get(f"/runs/{r}/metrics").json()["series"] for r in (killed, undisturbed)]
    for series, columns in curves[0].items():
        firsts, lasts = columns["first_step"], columns["last_step"]
        assert all(last < first for last, first in zip(lasts, firsts[1:], strict=False)), (
            f"double points in {series}"
        )
        assert lasts[-1] == curves[1][series]["last_step"][-1]
    loss = curves[0]["train/loss"]
    steps = sum(loss["count"])
    assert steps == loss["last_step"][-1] == sum(curves[1]["train/loss"]["count"])

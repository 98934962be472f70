"""The running service, measured from outside by a socket as a page holds it."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.table import Row, percentile
from tests.system.documents import toy
from tests.system.processes import Process, Site, answers, free_port, start, wait_for
from tests.system.test_kills import epoch_of, holder_pid, pause
from tests.system.test_many import create, token_of
from tests.system.viewer import Viewer, viewer

EPOCHS = 10_000_000  # as many as the language takes: nothing here ends by itself
SETTLED_SECONDS = 6.0  # what a warm child fetches ahead is loaded by then
ANNOUNCED_SECONDS = 1.0  # within this a worker says that fewer of its children are warm


@contextmanager
def running(port: int, folder: Path) -> Iterator[Process]:
    settings = {"GRADUS_DATA": str(folder), "GRADUS_PORT": str(port)}
    process = start(["up", "--no-browser"], settings, folder.parent / "up.log")
    try:
        yield process
    finally:
        process.kill_tree()


@contextmanager
def warm_service() -> Iterator[tuple[Site, str]]:
    """A fresh `gradus up` with a warm worker, and its address."""
    with tempfile.TemporaryDirectory(prefix="gradus-") as temporary:
        folder, port = Path(temporary) / "data", free_port()
        address, site = f"http://127.0.0.1:{port}", Site(folder, {})
        with running(port, folder) as process:
            wait_for(lambda: answers(address, process), 60, "the start")
            site.await_worker(address)
            yield site, address


def up() -> Iterator[Row]:
    """One `gradus up` for everything here; it is the second start of its data folder."""
    with tempfile.TemporaryDirectory(prefix="gradus-") as temporary:
        folder, port = Path(temporary) / "data", free_port()
        address, site = f"http://127.0.0.1:{port}", Site(folder, {})
        with running(port, folder) as first:
            wait_for(lambda: answers(address, first), 60, "the first start")
            site.await_worker(address)  # else it is stopped amid its own start
            first.stop(signal.SIGINT)
        began = time.monotonic()
        with running(port, folder) as second:
            wait_for(lambda: answers(address, second), 60, "the second start")
            page = time.monotonic() - began
            site.await_worker(address)
            warm = time.monotonic() - began
            yield second_start(page, warm)
            time.sleep(SETTLED_SECONDS)
            yield first_point(site, address)
            yield control_in_effect(site, address)
            yield killed_child(site, address)
            yield forty(site, address)


def second_start(page: float, warm: float) -> Row:
    return Row(
        "second start: page answers; worker warm",
        "< 3 s; < 8 s",
        f"{page:.1f} s; {warm:.1f} s",
        page < 3 and warm < 8,
        "`gradus up` on a used data folder, from the start of the process",
        "five processes import the same libraries at once, three of them torch",
    )


def first_point(site: Site, address: str) -> Row:
    taken = []
    with viewer(address, token_of(site)) as seen:
        for turn in range(20):
            began = time.monotonic()
            run = create(site, address, toy(EPOCHS, seed=turn))
            seen.follow(run)
            seen.until(20, lambda run=run: seen.step(run) > 0, "a first point")
            taken.append(1e3 * (time.monotonic() - began))
            stop(site, address, seen, run)
    p50 = percentile(taken, 0.5)
    return Row(
        "play → first point on the socket",
        "p50 < 100 ms",
        f"p50 {p50:.0f} ms, p95 {percentile(taken, 0.95):.0f} ms",
        p50 < 100,
        "20 toy runs one after another: POST /runs to the first metrics event",
    )


def control_in_effect(site: Site, address: str) -> Row:
    taken = []
    run = create(site, address, toy(EPOCHS))
    with viewer(address, token_of(site)) as seen, site.client(address) as client:
        seen.follow(run)
        seen.until(20, lambda: seen.step(run) > 0, "a first point")
        for turn in range(40):
            began = time.monotonic()
            body = {"action": "set", "changes": {"learning_rate": 0.01 + turn / 1e4}}
            client.post(f"/runs/{run}/control", json=body)
            seen.until(10, lambda turn=turn: controls(seen, run) > turn, "the control")
            taken.append(1e3 * (time.monotonic() - began))
        stop(site, address, seen, run)
    p50 = percentile(taken, 0.5)
    return Row(
        "control → its event seen",
        "p50 < 50 ms",
        f"p50 {p50:.0f} ms, p95 {percentile(taken, 0.95):.0f} ms",
        p50 < 50,
        "40 changes of the learning rate: POST to the event on the socket (in effect is sooner)",
    )


def killed_child(site: Site, address: str) -> Row:
    taken = []
    run = create(site, address, toy(EPOCHS))
    with viewer(address, token_of(site)) as seen:
        seen.follow(run)
        for _ in range(5):
            reached = seen.step(run)
            seen.until(60, lambda reached=reached: seen.step(run) > reached + 500, "progress")
            pause(seen, ANNOUNCED_SECONDS)
            site.await_children(address, 2)
            epoch = epoch_of(seen, run)
            os.kill(holder_pid(site, run), signal.SIGKILL)
            began = time.monotonic()
            seen.until(60, lambda epoch=epoch: epoch_of(seen, run) > epoch, "a new life")
            taken.append(time.monotonic() - began)
        stop(site, address, seen, run)
    worst = max(taken)
    return Row(
        "a child killed → its run moves again",
        "< 3 s",
        f"median {percentile(taken, 0.5):.1f} s, worst {worst:.1f} s",
        worst < 3,
        "5 SIGKILLs of the holder beside a warm sibling, to the first metrics event of the new epoch",
    )


def forty(site: Site, address: str) -> Row:
    runs = [create(site, address, toy(EPOCHS, seed=turn)) for turn in range(40)]
    with viewer(address, token_of(site)) as seen:
        for run in runs:
            seen.follow(run)
            seen.watch(run, {"kind": "field", "resolution": 32})
        seen.until(60, lambda: len({head["run"] for _, head in seen.frames}) == 40, "40 pictures")
        began = time.monotonic()
        for _ in seen.listen(15):
            pass
        gaps = picture_gaps(seen, began)
        for run in runs:
            stop(site, address, seen, run)
    p95 = percentile(gaps, 0.95)
    return Row(
        "40 watched 2-D runs on one worker: time between new pictures of a run",
        "p95 < 1 s",
        f"p50 {percentile(gaps, 0.5):.2f} s, p95 {p95:.2f} s",
        p95 < 1,
        "15 s; all gaps between frames of different steps of one run, all 40 runs",
    )


def picture_gaps(seen: Viewer, began: float) -> list[float]:
    last: dict[str, tuple[float, int]] = {}
    gaps = []
    for at, head in seen.frames:
        before = last.get(head["run"])
        if before and head["step"] > before[1] and at > began:
            gaps.append(at - before[0])
        if not before or head["step"] > before[1]:
            last[head["run"]] = (at, head["step"])
    return gaps


def controls(seen: Viewer, run: str) -> int:
    return sum(event["type"] == "control" for event in seen.events[run])


def stop(site: Site, address: str, seen: Viewer, run: str) -> None:
    with site.client(address) as client:
        client.post(f"/runs/{run}/control", json={"action": "stop"})
    seen.until(20, lambda: seen.status(run) == "stopped", "its stop")


MEASURES = (up,)

"""The whole service for the browser tests, as `gradus up` starts it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.system.processes import Process, free_port, start, wait_for

WARM_SECONDS = 180
STEPS_A_SECOND = 40  # a whole run of the first preset would be over in seconds


@dataclass
class Service:
    """A running service: its address, the link printed at its start, its own API."""

    address: str
    launch: str
    api: httpx.Client
    process: Process

    def run(self, run: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.api.get(f"/runs/{run}").raise_for_status().json()
        return answer

    def slow(self, run: str) -> None:
        """Let a run train slowly enough that a test can watch."""
        body = {"action": "set", "changes": {"speed": STEPS_A_SECOND}}
        self.api.post(f"/runs/{run}/control", json=body).raise_for_status()

    @contextmanager
    def stopped_worker(self) -> Iterator[None]:
        """Nothing is computed in this block: the worker's processes stand still."""
        stopped: list[psutil.Process] = []
        below = self.process.called("work")
        while below:
            process = below.pop()
            process.suspend()  # before its children are listed, so that it starts no more
            stopped.append(process)
            below += process.children()
        try:
            yield
        finally:
            for process in stopped:
                process.resume()

    def events(self, run: str) -> list[dict[str, Any]]:
        answer = self.api.get(f"/runs/{run}/events", params={"after": 0, "limit": 10_000})
        events: list[dict[str, Any]] = answer.raise_for_status().json()["events"]
        return events


@contextmanager
def service(folder: Path) -> Iterator[Service]:
    """A service on a free port with its data under `folder`, ready to train."""
    with waking(folder) as started:
        ready = partial(started.api.get, "/ready")
        wait_for(lambda: ready().status_code == 200, WARM_SECONDS, "a warm worker")
        yield started


@contextmanager
def waking(folder: Path) -> Iterator[Service]:
    """The same as soon as it answers, its workers still loading."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = folder / "up.log"
    settings = {
        "GRADUS_DATA": str(folder / "data"),
        "GRADUS_PORT": str(port),
        "GRADUS_COMPILE_SECONDS": "0",  # no compiler beside the browser
    }
    up = start(["up", "--no-browser"], settings, log)
    try:
        launch = wait_for(lambda: printed_link(log), 60, f"the start link, see {log}")
        token = (folder / "data" / "token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"{address}/api/v1", headers=headers, timeout=20) as api:
            yield Service(address, launch, api, up)
    finally:
        up.kill_tree()


def printed_link(log: Path) -> str | None:
    found = re.search(r"http://\S+/launch#\S+", log.read_text())
    return found.group(0) if found else None

"""Whole processes of the service for tests: servers and workers on one database and one Redis."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from gradus_worker.lineage import die_with_parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(question: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true answer of `question`, asked every 20 ms; fails naming `what` after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


@dataclass
class Process:
    """One started command, with everything below it."""

    popen: subprocess.Popen[bytes]
    log: Path

    def tree(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self.popen.pid)
            return [root, *root.children(recursive=True)]
        return []

    def called(self, word: str) -> list[psutil.Process]:
        """Those of the tree below the root that have the word in their command line, and live."""
        found = []
        for process in self.tree()[1:]:
            with contextlib.suppress(psutil.NoSuchProcess):  # a zombie, too
                if word in " ".join(process.cmdline()).split():
                    found.append(process)
        return found

    def kill_tree(self) -> None:
        """SIGKILL to every process of the tree at once, as a lost machine would look."""
        for process in self.tree():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self.popen.wait(10)

    def stop(self, by: int = signal.SIGTERM, within: float = 20) -> None:
        """Ask it to end, and check that nothing of its tree stays."""
        tree = self.tree()
        self.popen.send_signal(by)
        try:
            self.popen.wait(within)
        except subprocess.TimeoutExpired:
            self.kill_tree()
            raise AssertionError(
                f"did not end within {within} s:\n{self.log.read_text()[-3000:]}"
            ) from None
        left = psutil.wait_procs(tree, timeout=5)[1]
        assert not left, f"left behind: {left}"


def start(arguments: list[str], environment: Mapping[str, str], log: Path) -> Process:
    with log.open("ab") as out:
        popen = subprocess.Popen(
            [sys.executable, "-m", "gradus_client", *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # killed tests leave no training worker behind
        )
    return Process(popen, log)


@dataclass
class Site:
    """Servers and workers that share one data folder, one database and one Redis."""

    folder: Path
    environment: dict[str, str]
    servers: list[tuple[Process, str]] = field(default_factory=list)
    workers: list[Process] = field(default_factory=list)

    def serve(self) -> str:
        """Start a server; its address once it answers."""
        port = free_port()
        log = self.folder / f"server-{port}.log"
        process = start(["serve"], {**self.environment, "GRADUS_PORT": str(port)}, log)
        address = f"http://127.0.0.1:{port}"
        self.servers.append((process, address))
        wait_for(lambda: answers(address, process), 120, f"the server, see\n{log}")
        return address

    def work(self, **settings: str) -> Process:
        """Start a worker; ready once its children are warm."""
        log = self.folder / f"worker-{len(self.workers)}.log"
        process = start(["work"], {**self.environment, **settings}, log)
        self.workers.append(process)
        return process

    def client(self, address: str) -> httpx.Client:
        token = (self.folder / "token").read_text().strip()
        return httpx.Client(
            base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=20
        )

    def await_worker(self, address: str, seconds: float = 120) -> None:
        with self.client(address) as client:
            wait_for(lambda: client.get("/ready").status_code == 200, seconds, "a warm worker")

    def await_children(self, address: str, count: int, seconds: float = 120) -> None:
        """Wait until so many children can train."""
        with self.client(address) as client:
            wait_for(
                lambda: client.get("/ready").json()["workers"] >= count, seconds, "warm children"
            )

    def close(self) -> None:
        for process in [*self.workers, *(server for server, _ in self.servers)]:
            process.kill_tree()


def answers(address: str, process: Process) -> bool:
    assert process.popen.poll() is None, process.log.read_text()[-3000:]
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"{address}/api/v1/health").status_code == 200
    return False


@contextlib.contextmanager
def site(folder: Path, **environment: str) -> Iterator[Site]:
    folder.chmod(0o700)
    made = Site(folder, {"GRADUS_DATA": str(folder), **environment})
    try:
        yield made
    finally:
        made.close()

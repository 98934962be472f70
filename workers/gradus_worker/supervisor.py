"""The light process behind `gradus work`: it starts two Celery workers and ends with both.

Each Celery worker leads its own process group, so Ctrl-C in a terminal reaches only this
process, which then asks both to end and kills what is left of their groups after a while.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger(__name__)

GRACE_SECONDS = 9.0  # checkpoints take milliseconds; a step under way may take seconds
POLL_SECONDS = 0.1
RESTART_SECONDS = 2.0  # a worker that dies at once must not be started in a tight loop
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass
class Supervisor:
    """Keeps `commands` running until a signal comes."""

    commands: Mapping[str, Sequence[str]]
    environment: Mapping[str, str]
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _started: dict[str, float] = field(default_factory=dict)
    _ending: bool = False

    def run(self) -> None:
        """Start everything, wait for SIGTERM, SIGINT or SIGHUP, end everything."""
        for number in ENDING:
            signal.signal(number, self._end)
        try:
            while not self._ending:
                self._keep_up()
                time.sleep(POLL_SECONDS)
            self._ask_to_end()
        finally:
            self._kill_groups()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True

    def _keep_up(self) -> None:
        for name, command in self.commands.items():
            process = self._processes.get(name)
            if process is not None and process.poll() is None:
                continue
            if process is not None:
                log.error("the %s worker ended with code %s", name, process.returncode)
                _kill_group(process)
            if time.monotonic() - self._started.get(name, -RESTART_SECONDS) >= RESTART_SECONDS:
                self._started[name] = time.monotonic()
                self._processes[name] = self._start(command)

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self.environment}
        return subprocess.Popen(command, env=environment, start_new_session=True)

    def _ask_to_end(self) -> None:
        for process in self._processes.values():
            process.terminate()
        _wait_until(self._all_ended, GRACE_SECONDS)

    def _all_ended(self) -> bool:
        return all(process.poll() is not None for process in self._processes.values())

    def _kill_groups(self) -> None:
        for process in self._processes.values():
            _kill_group(process)
            process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        return


def _wait_until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.02)


def supervise(threads: int) -> None:
    """Run the training worker and the inspect worker until a signal comes.

    `threads` of arithmetic in each child. The variables must stand before torch is loaded, so
    they are set here and not in the child.
    """
    commands = {
        role: [sys.executable, "-m", "gradus_worker.parent", role, str(os.getpid())]
        for role in ("train", "inspect")
    }
    count = str(threads)
    Supervisor(commands, {"OMP_NUM_THREADS": count, "MKL_NUM_THREADS": count}).run()

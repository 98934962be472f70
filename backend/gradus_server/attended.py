"""A child process that does not outlive this one."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import IO

PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Attended:
    """A subprocess in its own group, stopped with this process however this process ends.

    On Linux the kernel sends it `farewell` when the thread that started it dies, even by
    SIGKILL: start it from the main thread. Elsewhere only an orderly end stops it.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        farewell: signal.Signals = signal.SIGTERM,
        output: IO[bytes] | int | None = None,
    ) -> None:
        self.farewell = farewell
        self.process = subprocess.Popen(
            command,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            # A Ctrl-C in the terminal reaches the whole foreground group; the end of a child
            # is the parent's to order.
            start_new_session=True,
            preexec_fn=_dies_with_parent(farewell),
        )

    @property
    def pid(self) -> int:
        return self.process.pid

    def running(self) -> bool:
        return self.process.poll() is None

    def ask_to_end(self) -> None:
        """Say `farewell` and do not wait."""
        if self.running():
            self.process.send_signal(self.farewell)

    def stop(self, grace: float = 10.0) -> int:
        """Say `farewell`, wait `grace` seconds, then kill its whole group; its exit code."""
        self.ask_to_end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(grace)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        return self.process.wait()


def _dies_with_parent(farewell: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return ask

"""Has what the children of a worker ask for compiled beside them, one at a time."""

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from gradus_engine.tiers import cache

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
LIMIT_SECONDS = 1800.0  # at low priority beside training; what takes longer would not be repaid
MEMORY = 1_500_000_000  # bytes that torch's compiler and a C++ compiler take together


class Compilers:
    """`folder` is where children write what they want: `{key}.wanted`."""

    def __init__(self, folder: Path, every: float = LOOK_SECONDS) -> None:
        self._folder = folder
        self._every = every
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._look_at = 0.0

    def look(self) -> None:
        """Start the next one when none is under way and there is memory for it."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + self._every
        if self._process is not None and self._process.poll() is None:
            if now - self._started > LIMIT_SECONDS:
                log.warning("a step takes too long to compile")
                self._process.kill()
            return
        for wanted in sorted(self._folder.glob("*.wanted")):
            if cache.told(wanted.stem) is not None:
                wanted.unlink(missing_ok=True)
            elif psutil.virtual_memory().available > MEMORY:
                self._start(wanted, now)
                return

    def _start(self, wanted: Path, now: float) -> None:
        # Another worker on the same folder may be at it: a name that is gone is not ours.
        taken = wanted.with_suffix(f".{os.getpid()}")
        wanted.rename(taken)
        command = [sys.executable, "-m", "gradus_worker.compiling", str(taken), str(os.getpid())]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self._started = now

    def end(self) -> None:
        """Nothing is compiled any more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

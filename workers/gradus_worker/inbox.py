"""What other threads have for the loop, which looks between two steps."""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradus.probes import Probe
from gradus_runs.controls import ControlRow


@dataclass(frozen=True, slots=True)
class Asked:
    """Controls that wait to take effect, all at one step boundary."""

    controls: tuple[ControlRow, ...]


@dataclass(frozen=True, slots=True)
class Watching:
    """The pictures wanted now of each held run, by hash."""

    pictures: Mapping[str, Mapping[str, Probe]]


@dataclass(frozen=True, slots=True)
class Question:
    """A probe of a held run, to be answered under `id`."""

    id: str
    run: str
    probe: Probe


@dataclass(frozen=True, slots=True)
class Keep:
    """A held run is to be kept where it stands, if it is at rest."""

    run: str


@dataclass(frozen=True, slots=True)
class Claimable:
    """Something may be waiting in the queue."""


Mail = Asked | Watching | Question | Keep | Claimable


class Inbox:
    """A queue that is cheap to find empty: the loop asks after every block."""

    def __init__(self) -> None:
        self._mail: deque[Mail] = deque()
        self._lock = threading.Lock()
        self._arrived = threading.Event()

    def put(self, mail: Mail) -> None:
        """Add to the end. The same twice in a row is once: nobody reads between two shifts."""
        with self._lock:
            if not (self._mail and self._mail[-1] == mail):
                self._mail.append(mail)
            self._arrived.set()

    def take(self) -> Sequence[Mail]:
        """Everything that has come, in order."""
        with self._lock:
            self._arrived.clear()
            taken, self._mail = self._mail, deque()
        return taken

    def wait(self, seconds: float) -> None:
        """Sleep until something comes, at most `seconds`."""
        self._arrived.wait(seconds)

    def __bool__(self) -> bool:
        return bool(self._mail)

"""The parent's eye on its children: their deaths and stalls, read from their notes."""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from gradus_worker.note import Note, Reading, notes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many children are ready to train, and how many of them rest."""

    warm: int
    resting: int


@dataclass(slots=True)
class Children:
    """The children whose notes lie in `folder`. `lost` is called once for each dead one.

    An exception from `lost` (a database that is away) leaves the note where it is, so the
    death is reported again at the next look.
    """

    folder: Path
    lost: Callable[[Reading], None]

    def look(self) -> Headcount:
        """Report the dead, kill the stalled, count the rest."""
        alive = [reading for note in notes(self.folder) if (reading := self._judge(note))]
        warm = [reading for reading in alive if reading.warm]
        return Headcount(len(warm), sum(reading.deadline == 0 for reading in warm))

    def ask_to_end(self) -> None:
        """Have every shift end after the step under way."""
        for note in notes(self.folder):
            note.ask_to_end()
            note.close()

    def _judge(self, note: Note) -> Reading | None:
        reading = note.read()
        if is_dead(reading.pid, note.path):
            self.lost(reading)
            note.remove()
            return None
        note.close()
        if reading.stalled(time.monotonic()):
            log.error("child %d has not moved for too long and is killed", reading.pid)
            os.kill(reading.pid, signal.SIGKILL)
        return reading


def idle_sibling(folder: Path) -> bool:
    """Whether a child of this worker is warm and has nothing to do."""
    for note in notes(folder):
        reading = note.read()
        note.close()
        if reading.warm and reading.deadline == 0 and not is_dead(reading.pid, note.path):
            return True
    return False


def lighter_sibling(folder: Path, held: int) -> bool:
    """Whether a warm child of this worker holds fewer jobs than `held`."""
    for note in notes(folder):
        reading = note.read()
        note.close()
        if reading.warm and reading.held < held and not is_dead(reading.pid, note.path):
            return True
    return False


def is_dead(pid: int, note: Path) -> bool:
    """Whether the writer of a note is gone; a zombie is, and a namesake born after the note."""
    try:
        process = psutil.Process(pid)
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return True
        return process.create_time() > note.stat().st_ctime + 1.0
    except (psutil.NoSuchProcess, FileNotFoundError):
        return True


def orphans(folder: Path, host: str, own: int) -> Sequence[Path]:
    """Folders of notes that workers of this machine left behind when they were killed."""
    found = []
    for path in folder.glob(f"{host}-*"):
        pid = path.name.rpartition("-")[2]
        if pid.isdecimal() and int(pid) != own and is_dead(int(pid), path):
            found.append(path)
    return found

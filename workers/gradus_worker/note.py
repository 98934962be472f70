"""A child's note: a small memory-mapped file that its parent can read after any death.

Written at every step boundary without a system call, so it still tells the truth when the
process is gone a microsecond later. One file a child, `{folder}/{pid}.note`. The parent
writes one byte of it: the request to end.
"""

import contextlib
import mmap
import os
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# holder, job on turn, deadline (time.monotonic, 0: none), warm, jobs held, asked to end
LAYOUT = struct.Struct("<128s64sdBHB")
HOLDER, JOB, DEADLINE, WARM, HELD, ENDING = 0, 128, 192, 200, 201, 203


@dataclass(frozen=True, slots=True)
class Reading:
    """What a note says. `deadline` is the monotonic second until which silence is no stall."""

    pid: int
    holder: str
    on_turn: str | None
    deadline: float
    warm: bool
    held: int

    def stalled(self, now: float) -> bool:
        return 0 < self.deadline < now


class Note:
    """The note of one child, open for writing. `time.monotonic` is one clock for the machine."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), LAYOUT.size)

    @classmethod
    def create(cls, folder: Path, holder: str, pid: int | None = None) -> "Note":
        path = folder / f"{pid or os.getpid()}.note"
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_bytes(LAYOUT.pack(holder.encode(), b"", 0.0, 0, 0, 0))
        draft.rename(path)
        return cls(path)

    def turn(self, job: str | None) -> None:
        """Say whose step is about to run."""
        self._map[JOB:DEADLINE] = (job or "").encode().ljust(DEADLINE - JOB, b"\0")

    def beat(self, patience: float) -> None:
        """The loop moved; it may be silent for `patience` seconds from now."""
        struct.pack_into("<d", self._map, DEADLINE, time.monotonic() + patience)

    def rest(self) -> None:
        """No shift is under way: silence means nothing."""
        self.turn(None)
        struct.pack_into("<d", self._map, DEADLINE, 0.0)

    def warm(self) -> None:
        self._map[WARM] = 1

    def held(self, jobs: int) -> None:
        struct.pack_into("<H", self._map, HELD, jobs)

    def ask_to_end(self) -> None:
        self._map[ENDING] = 1

    @property
    def ending(self) -> bool:
        return self._map[ENDING] == 1

    @property
    def stalled(self) -> bool:
        return self.read().stalled(time.monotonic())

    def read(self) -> Reading:
        holder, job, deadline, warm, held, _ = LAYOUT.unpack(self._map[:])
        name = job.rstrip(b"\0").decode(errors="replace")
        return Reading(
            pid=int(self.path.stem),
            holder=holder.rstrip(b"\0").decode(errors="replace"),
            on_turn=name or None,
            deadline=deadline,
            warm=bool(warm),
            held=held,
        )

    def close(self) -> None:
        self._map.close()

    def remove(self) -> None:
        self.close()
        self.path.unlink(missing_ok=True)


def notes(folder: Path) -> Iterator[Note]:
    """The notes of the children of one worker."""
    for path in sorted(folder.glob("*.note")):
        # The parent removes the note of a dead child while its siblings look.
        with contextlib.suppress(FileNotFoundError):
            yield Note(path)

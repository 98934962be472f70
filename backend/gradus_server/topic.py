"""The newest events of one run, shared by all who follow it in this process."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

MOST_EVENTS = 1_000
MOST_BYTES = 4 * 1024 * 1024
BATCH = 500  # events in one message and in one page from the database


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the log: its number and its JSON as it travels."""

    number: int
    json: bytes


ReadLog = Callable[[str, int, int], list[Entry]]  # run, after, limit; blocking


@dataclass(eq=False, slots=True)
class Topic:
    """A window without gaps that ends at `head`, the newest number known here.

    A reader that fell out of the window reads the database again, so a slow one costs no
    memory and nobody is ever handed a gap.
    """

    run: str
    head: int
    gone: bool = False  # the run was deleted
    followers: set[asyncio.Event] = field(default_factory=set)
    _window: deque[Entry] = field(default_factory=deque)
    _size: int = 0

    def extend(self, entries: Iterable[Entry]) -> bool:
        """Add what follows `head`; doubles are dropped. False when a number is missing."""
        grown = False
        whole = True
        for entry in entries:
            if entry.number > self.head + 1:
                whole = False
                break
            if entry.number == self.head + 1:
                self._append(entry)
                grown = True
        if grown:
            self._wake()
        return whole

    def close(self) -> None:
        """Tell the followers that the run is no more."""
        self.gone = True
        self._wake()

    def _wake(self) -> None:
        for follower in self.followers:
            follower.set()

    def _append(self, entry: Entry) -> None:
        self.head = entry.number
        self._window.append(entry)
        self._size += len(entry.json)
        while len(self._window) > MOST_EVENTS or self._size > MOST_BYTES:
            self._size -= len(self._window.popleft().json)

    def after(self, number: int, limit: int = BATCH) -> list[Entry] | None:
        """Up to `limit` entries behind `number`; None when the window begins too late."""
        if number >= self.head:
            return []
        if not self._window or self._window[0].number > number + 1:
            return None
        start = number + 1 - self._window[0].number
        return list(islice(self._window, start, start + limit))


@dataclass(slots=True)
class Cursor:
    """One reader's place in a topic."""

    topic: Topic
    number: int
    read: ReadLog

    async def next(self) -> list[Entry]:
        """The entries that follow, in order and without a gap; empty at the head."""
        entries = self.topic.after(self.number)
        if entries is None:
            entries = await asyncio.to_thread(self.read, self.topic.run, self.number, BATCH)
        if entries:
            self.number = entries[-1].number
        return entries

"""The recorder: one thread a child that commits what its runs did, all of them in one transaction.

Committed first, then broadcast. Order is kept within a run, so a checkpoint's row never stands
before the points that led to it. A database that is away costs nothing but patience: what was
put waits here, and `full` tells the loop to stop training before memory runs out.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gradus_runs.claim import Claim
from gradus_runs.database import write
from gradus_runs.errors import Fenced
from gradus_runs.log import Entry, LogEvent, append
from gradus_worker.metrics import merged

log = logging.getLogger(__name__)

Write = Callable[[Connection], Sequence[LogEvent]]
OUTAGES = (OperationalError, InterfaceError, PoolTimeout)

WATCHED_SECONDS = 0.033  # thirty commits a second are one for each picture
UNWATCHED_SECONDS = 1.0
COMMIT_FACTOR = 4  # a slow disk is asked for at most a fifth of the time
RETRY_SECONDS = 0.25
BACKLOG = 20_000  # entries; a quarter of an hour of one unwatched toy


@dataclass(eq=False)
class Stream:
    """What is to be written of one run, in order, under one claim."""

    run: str
    claim: Claim
    pending: deque[Entry | Write] = field(default_factory=deque)
    lost: Exception | None = None  # Fenced, or why its writes can never succeed
    ended: bool = False  # its last write was put: the job is given back with it

    def taken(self, count: int) -> None:
        for _ in range(count):
            self.pending.popleft()


class Recorder(threading.Thread):
    """`broadcast` is told each commit's events; `watched` says whether anyone looks."""

    def __init__(
        self,
        engine: Engine,
        broadcast: Callable[[Sequence[LogEvent]], None],
        watched: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(name="recorder", daemon=True)
        self._engine = engine
        self._broadcast = broadcast
        self._watched = watched
        self._streams: list[Stream] = []
        self._changed = threading.Condition()
        self._urgent = False
        self._closing = False
        self._last_commit = 0.0
        self._commit_seconds = 0.0
        self.outage = False

    def open(self, run: str, claim: Claim) -> Stream:
        """A new stream for a claimed run."""
        stream = Stream(run, claim)
        with self._changed:
            self._streams.append(stream)
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a stream; what it still holds is dropped."""
        with self._changed:
            self._streams = [other for other in self._streams if other is not stream]

    def put(
        self, stream: Stream, *writes: Entry | Write, urgent: bool = False, last: bool = False
    ) -> None:
        """Have `writes` committed: an entry of the log, or a function of the connection.

        `urgent` ones go with the next commit, which starts at once. After the `last` nothing
        more is taken: a checkpoint that another thread finishes then would be fenced, and take
        the whole transaction with it.
        """
        with self._changed:
            if stream.lost is None and not stream.ended:
                stream.pending.extend(writes)
            stream.ended = stream.ended or last
            self._urgent = self._urgent or urgent
            self._changed.notify_all()

    def drain(self, stream: Stream, seconds: float) -> bool:
        """Wait until everything put so far is committed; False when it took longer, or is lost."""
        with self._changed:
            self._urgent = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not stream.pending or stream.lost is not None, seconds)
            return not stream.pending and stream.lost is None

    @property
    def full(self) -> bool:
        """Whether training has to wait for the database."""
        return sum(len(stream.pending) for stream in self._streams) > BACKLOG

    def stop(self) -> None:
        """Commit what there is, once, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def run(self) -> None:
        while self._wait():
            self._commit_all()
        self._commit_all()

    def _wait(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._pending())
            self._changed.wait_for(lambda: self._closing or self._urgent, self._pause())
            self._urgent = False
            return not self._closing

    def _pending(self) -> bool:
        return any(stream.pending for stream in self._streams)

    def _pause(self) -> float:
        if self.outage:
            return RETRY_SECONDS
        interval = WATCHED_SECONDS if self._watched() else UNWATCHED_SECONDS
        interval = max(interval, COMMIT_FACTOR * self._commit_seconds)
        return max(0.0, self._last_commit + interval - time.monotonic())

    def _commit_all(self) -> None:
        with self._changed:
            batch = {s: list(s.pending) for s in self._streams if s.pending and s.lost is None}
        started = time.monotonic()
        try:
            self._commit(batch)
            self.outage = False
        except OUTAGES as error:
            if not self.outage:
                log.warning("the database is away, keeping what is unwritten: %s", error)
            self.outage = True
            self._last_commit = time.monotonic()
            return
        self._last_commit = time.monotonic()
        self._commit_seconds = self._last_commit - started

    def _commit(self, batch: dict[Stream, list[Entry | Write]]) -> None:
        """One transaction for all; where one stream cannot be written, each alone."""
        if not batch:
            return
        try:
            self._write(batch)
        except OUTAGES:
            raise
        except Exception as error:
            if len(batch) == 1:
                self._lose(next(iter(batch)), error)
                return
            for stream, writes in batch.items():
                self._commit({stream: writes})

    def _write(self, batch: dict[Stream, list[Entry | Write]]) -> None:
        # Sorted by job: two children that touch the same jobs lock them in one order.
        ordered = sorted(batch.items(), key=lambda pair: pair[0].claim)
        committed = write(
            self._engine, lambda conn: [_events(conn, s, writes) for s, writes in ordered]
        )
        with self._changed:
            for stream, writes in ordered:
                stream.taken(len(writes))
            self._changed.notify_all()
        self._broadcast([event for events in committed for event in events])

    def _lose(self, stream: Stream, error: Exception) -> None:
        if isinstance(error, Fenced):
            log.warning("run %s: %s", stream.run, error)
        else:
            log.error("run %s cannot be written", stream.run, exc_info=error)
        with self._changed:
            stream.lost = error
            stream.pending.clear()
            self._changed.notify_all()


def _events(
    conn: Connection, stream: Stream, writes: Iterable[Entry | Write]
) -> Sequence[LogEvent]:
    events: list[LogEvent] = []
    entries: list[Entry] = []
    for one in writes:
        if isinstance(one, Entry):
            entries.append(one)
            continue
        events += append(conn, stream.run, merged(entries), claim=stream.claim)
        entries = []
        events += one(conn)
    return [*events, *append(conn, stream.run, merged(entries), claim=stream.claim)]

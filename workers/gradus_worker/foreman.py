"""The foreman: one thread of the parent that sees children die, and lets others go on at once.

It also announces the worker, and sends tickets while something is claimable and a child
rests, so that a worker alone needs no server to get going.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from celery import Celery
from kombu.exceptions import OperationalError as BrokerAway
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gradus_runs import jobs, workers
from gradus_runs.database import open_database, reading, write
from gradus_runs.errors import LiveUnavailable
from gradus_runs.ids import new_id
from gradus_runs.live import open_live
from gradus_runs.settings import Settings
from gradus_worker.application import SHIFT
from gradus_worker.capacity import Capacity, memory_of_each
from gradus_worker.children import Children, Headcount, orphans
from gradus_worker.compilers import Compilers
from gradus_worker.names import compile_folder, host, notes_folder
from gradus_worker.note import Reading

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_SECONDS = 0.1
DISPATCH_SECONDS = 0.3
TICKET_SECONDS = 5  # an older ticket would only find what a newer one found
LEAVE_SECONDS = 2.0


class Foreman(threading.Thread):
    def __init__(self, current: Settings, application: Celery, size: Capacity) -> None:
        super().__init__(name="foreman", daemon=True)
        self._settings = current
        self._application = application
        self._size = size
        self._id = new_id("worker")
        self._engine = open_database(current.database)
        self._live = open_live(current.redis_url.get_secret_value())
        self._folder = notes_folder(current, os.getpid())
        self._children = Children(self._folder, self._lose)
        self._compilers = Compilers(compile_folder(current))
        self._left = threading.Event()
        self._ending = False

    def run(self) -> None:
        dispatch_at = announce_at = 0.0
        warm = 0
        while not self._left.wait(LOOK_SECONDS):
            count = self._softly(self._children.look)
            now = time.monotonic()
            if count is not None and (now >= announce_at or count.warm != warm):
                announce_at, warm = now + self._settings.renew_seconds, count.warm
                self._adopt()
                self._softly(partial(self._announce, count))
            if count is not None and now >= dispatch_at and count.resting and not self._ending:
                dispatch_at = now + DISPATCH_SECONDS
                self._softly(partial(self._dispatch, count.resting))
            self._softly(self._compilers.look)

    def ask_to_end(self) -> None:
        """Have every shift end; called from Celery's signal handler."""
        self._ending = True
        self._children.ask_to_end()

    def leave(self) -> None:
        """The worker ends: report who is dead by now, and take the announcement back."""
        self._left.set()
        self.join(LEAVE_SECONDS)
        self._compilers.end()
        self._softly(self._children.look)
        self._softly(lambda: write(self._engine, lambda conn: workers.leave(conn, self._id)))

    def _softly(self, work: Callable[[], T]) -> T | None:
        """`work`, or None while the database or Redis is away: the next look tries again."""
        try:
            return work()
        except (DBAPIError, PoolTimeout, LiveUnavailable, BrokerAway, OSError) as error:
            log.warning("left for the next look: %s", error)
            return None

    def _adopt(self) -> None:
        """Free the jobs of workers of this machine that were killed with their parents."""
        run_folder = self._folder.parent
        for folder in orphans(run_folder, host(), os.getpid()):
            self._softly(Children(folder, self._lose).look)
            self._softly(folder.rmdir)

    def _lose(self, dead: Reading) -> None:
        log.warning("child %d died, on turn: %s", dead.pid, dead.on_turn)
        loss = write(self._engine, lambda conn: jobs.lose(conn, dead.holder, dead.on_turn))
        self._softly(lambda: self._live.publish_events(loss.events))
        if loss.jobs:
            self._softly(lambda: self._live.wake_queue(self._settings.queue))
            self._softly(lambda: self._send_tickets(len(loss.jobs)))

    def _announce(self, count: Headcount) -> None:
        lease_ms = round(self._settings.lease_seconds * 1000)
        write(
            self._engine,
            lambda conn: workers.announce(
                conn,
                self._id,
                host=host(),
                pid=os.getpid(),
                queues=[self._settings.queue],
                children=self._size.children,
                warm=count.warm,
                identity={
                    "device": self._size.device,
                    "threads": self._size.threads,
                    # Of a GPU nobody has been asked here: that would load torch.
                    "memory": memory_of_each(self._size.children)
                    if self._size.device == "cpu"
                    else None,
                },
                lease_ms=lease_ms,
            ),
        )

    def _dispatch(self, resting: int) -> None:
        with reading(self._engine) as conn:
            waiting = jobs.claimable(conn, self._settings.queue)
        self._send_tickets(min(waiting, resting))

    def _send_tickets(self, count: int) -> None:
        for _ in range(min(count, self._size.children)):
            self._application.send_task(
                SHIFT, queue=self._settings.queue, expires=TICKET_SECONDS, retry=False
            )

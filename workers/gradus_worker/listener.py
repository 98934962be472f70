"""The listener: one thread a child that hears what servers say to it, and reads what they mean.

Redis only wakes. What is to be done is read from the database, and asked for again every
second by the watcher, so a lost message costs a second.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gradus.probes import PROBE
from gradus_runs import controls
from gradus_runs.database import reading
from gradus_runs.errors import LiveUnavailable
from gradus_runs.live import Ear, Live
from gradus_worker.inbox import Asked, Claimable, Inbox, Keep, Question

log = logging.getLogger(__name__)

HEAR_SECONDS = 1.0  # also how long the end of the thread may take
RETRY_SECONDS = 0.5


class Listener(threading.Thread):
    """Puts controls, questions and wakes into `inbox`; `look` has the watch sets read anew."""

    def __init__(
        self,
        live: Live,
        engine: Engine,
        inbox: Inbox,
        look: Callable[[], None],
        *,
        holder: str,
        queue: str,
    ) -> None:
        super().__init__(name="listener", daemon=True)
        self._live = live
        self._engine = engine
        self._inbox = inbox
        self._look = look
        self._holder = holder
        self._queue = queue
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._follow(self._live.listen(self._holder, [self._queue]))
            except LiveUnavailable as error:
                log.warning("no wake-up calls for now: %s", error)
                self._stopped.wait(RETRY_SECONDS)

    def _follow(self, ear: Ear) -> None:
        try:
            # What was said before the subscription stood is not lost: ask once.
            self._inbox.put(Claimable())
            self._look()
            while not self._stopped.is_set():
                if (message := ear.next(HEAR_SECONDS)) is not None:
                    self._hear(message)
        finally:
            ear.close()

    def _hear(self, message: Mapping[str, Any]) -> None:
        if "control" in message:
            ask(self._engine, self._inbox, [message["control"]])
        elif "inspect" in message:
            self._read_question(message["inspect"])
        elif "keep" in message:
            self._inbox.put(Keep(message["keep"]))
        elif "watch" in message:
            self._look()
        elif "queue" in message:
            self._inbox.put(Claimable())

    def _read_question(self, question_id: str) -> None:
        question = self._live.question(question_id)
        if question is None:
            return
        try:
            probe = PROBE.validate_python(question["probe"])
            self._inbox.put(Question(question_id, question["run"], probe))
        except (KeyError, ValidationError) as error:
            log.error("a question that cannot be read: %s", error)


def ask(engine: Engine, inbox: Inbox, run_ids: Sequence[str]) -> None:
    """Put the waiting controls of some runs, and of those beside them, into `inbox`. A database that is away is asked later."""
    if not run_ids:
        return
    try:
        with reading(engine) as conn:
            rows = controls.pending(conn, run_ids)
    except (DBAPIError, PoolTimeout) as error:
        log.warning("controls could not be read, trying again: %s", error)
        return
    if rows:
        inbox.put(Asked(tuple(rows)))

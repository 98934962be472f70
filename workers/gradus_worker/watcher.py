"""The watcher: one thread a child that knows what is being watched, and by whom nothing."""

import logging
import threading
from collections.abc import Callable, Sequence

from sqlalchemy import Engine

from gradus_runs.errors import LiveUnavailable
from gradus_runs.live import Live
from gradus_worker.inbox import Inbox, Watching
from gradus_worker.listener import ask

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0


class Watcher(threading.Thread):
    """Reads the watch sets of the runs that `held` answers, each second and when told to `look`.

    It also asks the database for controls whose wake-up call was lost.
    """

    def __init__(
        self, live: Live, engine: Engine, inbox: Inbox, held: Callable[[], Sequence[str]]
    ) -> None:
        super().__init__(name="watcher", daemon=True)
        self._live = live
        self._engine = engine
        self._inbox = inbox
        self._held = held
        self._wanted = threading.Event()
        self._stopped = False
        self.watched: tuple[str, ...] = ()  # every run that anybody watches, held here or not

    def look(self) -> None:
        """Read the watch sets at once."""
        self._wanted.set()

    def stop(self) -> None:
        self._stopped = True
        self._wanted.set()

    def run(self) -> None:
        while not self._stopped:
            self._wanted.wait(EVERY_SECONDS)
            self._wanted.clear()
            held = self._held()
            self._read(held)
            ask(self._engine, self._inbox, held)

    def _read(self, held: Sequence[str]) -> None:
        try:
            self.watched = tuple(self._live.watched())
            if held:
                self._inbox.put(Watching(self._live.watches(held)))
        except LiveUnavailable as error:
            log.debug("nobody can be watching: %s", error)

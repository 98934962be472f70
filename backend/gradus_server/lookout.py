"""A thread in every server that lets runs rest at which nobody has looked for a while."""

import logging
import time

from sqlalchemy import Engine

from gradus_runs import attendance
from gradus_runs.controls import ControlRow
from gradus_runs.database import reading, write
from gradus_runs.live import Live
from gradus_server.rounds import Rounds

log = logging.getLogger(__name__)

ROUND_SECONDS = 5.0


class Lookout(Rounds):
    """What is watched is known to Redis: without it nothing is taken for unwatched."""

    def __init__(self, engine: Engine, live: Live, seconds: float) -> None:
        super().__init__("lookout", ROUND_SECONDS)
        self._engine = engine
        self._live = live
        self._patience = seconds
        self._since: dict[str, float] = {}  # when each was first found unwatched

    def round(self) -> None:
        """Look once at every run that was begun to be looked at."""
        if not self._patience:
            return
        watched = set(self._live.watched())
        with reading(self._engine) as conn:
            alone = attendance.unwatched(conn, watched)
        now = time.monotonic()
        self._since = {run: self._since.get(run, now) for run in alone}
        for run, since in self._since.items():
            if now - since >= self._patience:
                self._leave(run)

    def _leave(self, run: str) -> None:
        asked: ControlRow | None = write(self._engine, lambda conn: attendance.leave(conn, run))
        if asked is None:
            return
        log.info("run %s rests: nobody has looked at it for %g s", run, self._patience)
        self._live.publish_events(asked.events)
        if asked.holder is not None:
            self._live.wake_child(asked.holder, {"control": run})

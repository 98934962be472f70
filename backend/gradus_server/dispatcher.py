"""A thread in every server that keeps work moving when a ticket, a worker or Redis was lost."""

import logging
import time

from sqlalchemy import Engine

from gradus_runs import jobs, retention, workers
from gradus_runs.database import reading
from gradus_runs.live import Live
from gradus_runs.settings import Settings
from gradus_runs.store import Store
from gradus_server.rounds import Rounds
from gradus_server.tickets import SHIFT, Ticket, Tickets

log = logging.getLogger(__name__)

ROUND_SECONDS = 1.0
RETENTION_SECONDS = 300.0
TICKETS_A_CHILD = 2


class Dispatcher(Rounds):
    """Tops up tickets to min(claimable jobs, 2 a child) and clears what has expired."""

    def __init__(self, engine: Engine, live: Live, settings: Settings, tickets: Tickets) -> None:
        self._engine = engine
        self._live = live
        self._settings = settings
        self._tickets = tickets
        super().__init__("dispatcher", ROUND_SECONDS)
        self._cleared = time.monotonic()

    def round(self) -> None:
        """Look once after everything."""
        for queue, children in self._children().items():
            self._top_up(queue, children)
        if time.monotonic() - self._cleared > RETENTION_SECONDS:
            self._cleared = time.monotonic()
            self._clear()

    def _children(self) -> dict[str, int]:
        with reading(self._engine) as conn:
            return workers.children(conn)

    def _top_up(self, queue: str, children: int) -> None:
        with reading(self._engine) as conn:
            wanted = min(jobs.claimable(conn, queue), TICKETS_A_CHILD * children)
        if wanted:
            self._live.wake_queue(queue)
        for _ in range(wanted - self._tickets.waiting(queue)):
            self._tickets.put(Ticket(SHIFT, queue))

    def _clear(self) -> None:
        swept = retention.sweep(self._engine, Store(self._settings.artifacts), self._settings)
        if swept.runs or swept.artifacts:
            log.info("removed %d runs and %d artifacts", swept.runs, swept.artifacts)

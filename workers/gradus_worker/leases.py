"""The lease keeper: one thread a child that renews what the child holds while its loop moves."""

import logging
import threading
from collections.abc import Callable, Collection

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gradus_runs import jobs
from gradus_runs.claim import Claim
from gradus_runs.database import write
from gradus_worker.note import Note

log = logging.getLogger(__name__)


class LeaseKeeper(threading.Thread):
    """`held` answers the claims of now; `lose` is told each one that another has taken."""

    def __init__(
        self,
        engine: Engine,
        note: Note,
        held: Callable[[], Collection[Claim]],
        lose: Callable[[Claim], None],
        *,
        renew_seconds: float,
        lease_seconds: float,
    ) -> None:
        super().__init__(name="leases", daemon=True)
        self._engine = engine
        self._note = note
        self._held = held
        self._lose = lose
        self._renew_seconds = renew_seconds
        self._lease_ms = round(lease_seconds * 1000)
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.wait(self._renew_seconds):
            if self._note.stalled:
                log.error("the loop has not moved for too long; its leases are left to expire")
                continue
            self._renew(list(self._held()))

    def _renew(self, claims: list[Claim]) -> None:
        if not claims:
            return
        try:
            lost = write(self._engine, lambda conn: jobs.renew(conn, claims, self._lease_ms))
        except (DBAPIError, PoolTimeout) as error:
            log.warning("leases could not be renewed, trying again: %s", error)
            return
        for claim in lost:
            self._lose(claim)

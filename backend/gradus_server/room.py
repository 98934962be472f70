"""How much memory a run finds on the workers at hand."""

import time

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from gradus_runs import workers
from gradus_runs.database import reading

KEPT_SECONDS = 5  # a plan is asked for at every key; workers announce themselves this often


class Room:
    """Bytes that a child of the largest worker may use; read from the database now and then."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._read_at = -float("inf")
        self._bytes: int | None = None

    def bytes(self) -> int | None:
        """None where no worker is there, or one that does not say."""
        if time.monotonic() - self._read_at > KEPT_SECONDS:
            self._read_at = time.monotonic()
            try:
                with reading(self._engine) as conn:
                    alive = workers.alive(conn)
            except DBAPIError:
                return self._bytes  # a plan needs no database
            told = [worker.identity.get("memory") for worker in alive]
            known = [int(size) for size in told if size is not None]
            self._bytes = max(known) if known and len(known) == len(told) else None
        return self._bytes

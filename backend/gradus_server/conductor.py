"""A thread in every server that sees sweeps to their end: measures settled, jobs let go, the next
settings asked for.

Servers need no agreement: what each of them would do follows from the rows alone, and the first
to write it is the one that did it.
"""

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from gradus_runs import members, sweeps
from gradus_runs.database import reading, write
from gradus_runs.errors import LiveUnavailable
from gradus_runs.members import Member
from gradus_runs.sweeps import Sweep

log = logging.getLogger(__name__)

ROUND_SECONDS = 0.25  # a sweep says that it is over this much late at most


class Conductor:
    """`call_workers` is told whenever jobs became claimable."""

    def __init__(self, engine: Engine, call_workers: Callable[[], None]) -> None:
        self._engine = engine
        self._call_workers = call_workers
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="conductor", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(timeout=5.0)

    def _run(self) -> None:
        while not self._ended.wait(ROUND_SECONDS):
            try:
                self.round()
            except (SQLAlchemyError, LiveUnavailable, OSError) as error:
                log.warning("a round was left out: %s", error)

    def round(self) -> None:
        """Look once after every sweep that has not ended, or of which a measure is not settled."""
        with reading(self._engine) as conn:
            open_ = sweeps.open_ones(conn)
        for sweep in open_:
            self._tend(sweep)

    def _tend(self, sweep: Sweep) -> None:
        with reading(self._engine) as conn:
            found = members.of_sweep(conn, sweep.id)
            fresh = [each for each in found if each.ended and not each.settled]
            measures = members.measured(conn, fresh, sweep.goal)
        if fresh:
            pairs = [(each.run_id, measure) for each, measure in zip(fresh, measures, strict=True)]
            write(self._engine, lambda conn: members.settle(conn, pairs))
            if write(self._engine, lambda conn: sweeps.balance(conn, sweep.id)):
                self._call_workers()
        if self._over(sweep, found):
            write(self._engine, lambda conn: sweeps.move(conn, sweep.id, "finished"))

    def _over(self, sweep: Sweep, found: list[Member]) -> bool:
        return sweep.asked >= sweep.settings and all(each.ended for each in found)

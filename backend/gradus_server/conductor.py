"""A thread in every server that sees sweeps to their end: measures settled, jobs let go, the next
settings asked for.

Servers need no agreement: what each of them would do follows from the rows alone, and the first
to write it is the one that did it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from gradus.problems import problem, show
from gradus.sweeps.groups import groups
from gradus.sweeps.members import Refusal, plan_round
from gradus_runs import members, sweeps
from gradus_runs.beginnings import Finder
from gradus_runs.database import reading, write
from gradus_runs.members import Member
from gradus_runs.store import Store
from gradus_runs.sweeps import ENDED, Sweep
from gradus_server.asking import next_settings
from gradus_server.limits import RUN_PARAMETERS
from gradus_server.rounds import Rounds

log = logging.getLogger(__name__)

ROUND_SECONDS = 0.25  # a sweep says that it is over this much late at most


class Conductor(Rounds):
    """`call_workers` is told whenever jobs became claimable."""

    def __init__(self, engine: Engine, store: Store, call_workers: Callable[[], None]) -> None:
        self._engine = engine
        self._store = store
        self._call_workers = call_workers
        self._given_up: set[str] = set()
        super().__init__("conductor", ROUND_SECONDS)

    def round(self) -> None:
        """Look once after every sweep that has not ended, or of which a measure is not settled."""
        with reading(self._engine) as conn:
            open_ = sweeps.open_ones(conn)
        for sweep in open_:
            try:
                self._tend(sweep)
            except (SQLAlchemyError, OSError):  # every sweep would meet it
                raise
            except Exception as error:  # of this one: the others go on
                self._give_up(sweep, error)

    def _give_up(self, sweep: Sweep, error: Exception) -> None:
        """End a sweep that cannot be seen to, and say once why."""
        if sweep.id not in self._given_up:
            self._given_up.add(sweep.id)
            log.exception("sweep %s cannot go on and is ended", sweep.id)
            reason = show(str(error))
            found = problem("sweep.given_up", "/vary", method=sweep.method, reason=reason)
            left = Refusal(sweep.asked, {}, (found,))
            write(self._engine, lambda conn: sweeps.extend(conn, sweep, (), (), [left]))
            write(self._engine, lambda conn: sweeps.move(conn, sweep.id, "stopped"))

    def _tend(self, sweep: Sweep) -> None:
        with reading(self._engine) as conn:
            if not members.stirred(conn, sweep.id):
                return
            found = members.of_sweep(conn, sweep.id)
            fresh = [each for each in found if each.ended and not each.settled]
            measures = members.measured(conn, fresh, sweep.goal)
        if fresh:
            pairs = [(each.run_id, measure) for each, measure in zip(fresh, measures, strict=True)]
            write(self._engine, lambda conn: members.settle(conn, pairs))
            if write(self._engine, lambda conn: sweeps.balance(conn, sweep.id)):
                self._call_workers()
        if not all(each.ended for each in found) or sweep.status in ENDED:
            return
        if sweep.asked >= sweep.settings:
            write(self._engine, lambda conn: sweeps.move(conn, sweep.id, "finished"))
        elif sweep.status == "running":
            self._ask(sweep, dict(zip((e.run_id for e in fresh), measures, strict=True)), found)

    def _ask(
        self, sweep: Sweep, fresh: Mapping[str, float | None], found: Sequence[Member]
    ) -> None:
        """One more round of settings, planned and queued."""
        request = sweep.request
        tried, results = outcomes(sweep, found, fresh)
        chosen = enumerate(next_settings(request, sweep.asked, tried, results), start=sweep.asked)
        weights = Finder(self._engine, self._store, sweep.owner)
        planned, refused = plan_round(request, chosen, weights, RUN_PARAMETERS)
        sizes = groups(planned, 1, sweep.at_once)
        if write(self._engine, lambda conn: sweeps.extend(conn, sweep, planned, sizes, refused)):
            self._call_workers()


def outcomes(
    sweep: Sweep, found: Sequence[Member], fresh: Mapping[str, float | None]
) -> tuple[list[Mapping[str, Any]], list[float | None]]:
    """Each setting with the mean over its seeds, less being better; None where all of them failed,
    or where it was refused.

    A pruned member counts with what it came to.
    """
    came: dict[int, tuple[Mapping[str, Any], float | None]] = {
        each["setting"]: (each["values"], None) for each in sweep.refused
    }
    for setting, same in groupby(found, key=lambda each: each.setting):
        seeds = list(same)
        values = [fresh.get(e.run_id, e.measure) for e in seeds if e.state != "failed"]
        known = [value for value in values if value is not None]
        mean = sweep.goal.sign * sum(known) / len(known) if known else None
        came[setting] = seeds[0].varied, mean
    ordered = [came[setting] for setting in sorted(came)]
    return [values for values, _ in ordered], [result for _, result in ordered]

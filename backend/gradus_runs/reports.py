"""How far members of a sweep are at ends of epochs, and which of them end early for it.

A decision is made once and kept: a member whose child dies comes to the same one again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert, select

from gradus.sweeps.request import Goal, Prune
from gradus_runs.claim import Claim
from gradus_runs.log import Entry, LogEvent, append
from gradus_runs.tables import members, reports, sweeps

FEWEST = 4  # others that were as far, or nobody is worse than half of them


@dataclass(frozen=True, slots=True)
class Rule:
    """By what the members of a sweep are judged, and when."""

    sweep_id: str
    goal: Goal
    prune: Prune

    def after(self, epochs: float) -> int:
        """The first end of an epoch beyond `epochs` at which a member is looked at."""
        at = self.prune.after
        if self.prune.rule == "halving":
            while at <= epochs:
                at *= 2
            return at
        if epochs < at:
            return at
        return at + (int((epochs - at) // self.prune.every) + 1) * self.prune.every


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a report: `bar` is the median of the others, None where they are too few."""

    epochs: int
    value: float | None
    bar: float | None
    pruned: bool

    @property
    def params(self) -> dict[str, Any]:
        """For the words that say why."""
        return {"epochs": self.epochs, "value": _short(self.value), "bar": _short(self.bar)}


def rules(conn: Connection, run_ids: Sequence[str]) -> Mapping[str, Rule]:
    """The rules of those of the runs that may be pruned."""
    found = (
        select(members.c.run_id, sweeps.c.id, sweeps.c.goal, sweeps.c.prune)
        .join(sweeps, sweeps.c.id == members.c.sweep_id)
        .where(members.c.run_id.in_(run_ids))
    )
    return {
        row.run_id: Rule(row.id, Goal.model_validate(row.goal), Prune.model_validate(row.prune))
        for row in conn.execute(found)
        if row.prune is not None
    }


def report(
    conn: Connection, claim: Claim, run_id: str, rule: Rule, epochs: int, value: float, step: int
) -> tuple[Judged, list[LogEvent]]:
    """Say what a member's measure is after so many epochs, and learn whether it goes on."""
    own = reports.c.run_id == run_id, reports.c.epochs == epochs
    row = conn.execute(select(reports).where(*own)).one_or_none()
    if row is not None:
        return Judged(epochs, row.value, row.bar, row.pruned), []
    as_far = reports.c.sweep_id == rule.sweep_id, reports.c.epochs == epochs
    others = list(conn.execute(select(reports.c.value).where(*as_far)).scalars())
    judged = judge(rule.goal, epochs, value, others)
    facts = {"epochs": epochs, "value": judged.value, "bar": judged.bar, "pruned": judged.pruned}
    conn.execute(insert(reports).values(run_id=run_id, sweep_id=rule.sweep_id, **facts))
    if not judged.pruned:
        return judged, []
    said = {"step": step, "series": rule.goal.series, "others": len(others), **facts}
    return judged, append(conn, run_id, [Entry("pruned", said)], claim=claim)


def judge(goal: Goal, epochs: int, value: float, others: Sequence[float | None]) -> Judged:
    """Whether a value is worse than half of the others; one that is not finite is worse than any."""
    known = float(value) if np.isfinite(value) else None
    if len(others) < FEWEST:
        return Judged(epochs, known, None, False)
    bar = median(_rank(goal, other) for other in others)
    return Judged(
        epochs, known, goal.sign * bar if np.isfinite(bar) else None, _rank(goal, known) > bar
    )


def _rank(goal: Goal, value: float | None) -> float:
    return np.inf if value is None else goal.sign * value


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"

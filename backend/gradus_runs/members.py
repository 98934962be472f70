"""Members of sweeps: made many at a time, read, judged by their sweep's goal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, func, insert, select, update

from gradus.events import FINAL, Status
from gradus.sweeps.members import Member as PlannedMember
from gradus.sweeps.request import Goal
from gradus_runs import beginnings, chunks
from gradus_runs.actor import Actor
from gradus_runs.chunks import Points
from gradus_runs.database import now_ms
from gradus_runs.ids import new_id
from gradus_runs.tables import chunks as chunk_rows
from gradus_runs.tables import events, jobs, members, runs

PRUNED = "pruned"  # the reason of a member that ended for being worse than the others
NEVER = 2**53  # a job that is held back until its turn in the sweep comes


@dataclass(frozen=True, slots=True)
class Member:
    """One member with where its run stands; `measure` is by its sweep's goal."""

    sweep_id: str
    run_id: str
    number: int
    setting: int
    seed: int
    varied: dict[str, Any]
    parameters: int
    measure: float | None
    settled: bool
    status: Status
    reason: str | None
    step: int
    samples: int
    train_size: int

    @property
    def ended(self) -> bool:
        return self.status in FINAL

    @property
    def state(self) -> str:
        """Its status, or `pruned`."""
        pruned = self.status is Status.STOPPED and self.reason == PRUNED
        return PRUNED if pruned else self.status.value


@dataclass(frozen=True, slots=True)
class Place:
    """Of which sweep a run is a member."""

    sweep_id: str
    number: int
    setting: int
    varied: dict[str, Any]


def add(
    conn: Connection,
    actor: Actor,
    sweep_id: str,
    planned: Sequence[PlannedMember],
    groups: Sequence[int],
    *,
    queue: str,
    tags: Sequence[str] = (),
    seeds: int = 1,
    free: int | None = None,
) -> list[str]:
    """Runs for planned members, each group of so many in one job.

    All jobs behind the first `free` are held back. In few statements however many they are.
    """
    now = conn.execute(select(now_ms())).scalar_one()
    job_ids = [new_id("job") for _ in groups]
    lanes = [(job, lane) for job, size in zip(job_ids, groups, strict=True) for lane in range(size)]
    run_ids = [new_id("run") for _ in planned]
    own = {"team_id": actor.team_id, "owner_id": actor.user_id, "created_at": now}
    conn.execute(
        insert(jobs),
        [
            own
            | {"id": job, "queue": queue, "ready": True, "lockstep": False, "waiting_since": now}
            | {"retry_at": None if free is None or index < free else NEVER}
            for index, job in enumerate(job_ids)
        ],
    )
    conn.execute(
        insert(runs),
        [
            own | {"id": run, "job_id": job, "lane": lane} | _run_row(member, tags)
            for run, (job, lane), member in zip(run_ids, lanes, planned, strict=True)
        ],
    )
    body = {"status": Status.QUEUED.value, "reason": None, "step": 0}
    written = {"number": 1, "epoch": 0, "type": "status", "at": now, "body": body}
    conn.execute(insert(events), [{"run_id": run, **written} for run in run_ids])
    conn.execute(
        insert(members),
        [
            {
                "sweep_id": sweep_id,
                "number": member.setting * seeds + member.replicate,
                "run_id": run,
                "setting": member.setting,
                "seed": member.seed,
                "varied": dict(member.values),
                "parameters": member.plan.totals.parameters,
                "settled": False,
                "measure": None,
            }
            for run, member in zip(run_ids, planned, strict=True)
        ],
    )
    for run, member in zip(run_ids, planned, strict=True):
        beginnings.hold(conn, actor, run, member.plan)
    return run_ids


def _run_row(member: PlannedMember, tags: Sequence[str]) -> dict[str, Any]:
    return {
        "name": named(member.values, member.seed if member.replicate else None),
        "tags": list(tags),
        "status": Status.QUEUED,
        "document": member.document,
        "resolved": member.plan.resolved,
        "spec_hash": member.plan.hash,
        "seed": member.plan.train.seed,
        "goal": None,
        "scratch": True,
        "listed": False,
        "last_event": 1,
        "latest": {},
    }


def named(values: Mapping[str, Any], seed: int | None) -> str:
    """A member's name: what it differs in.

    >>> named({"/train/optimizer/learning_rate": 0.01, "/train/batch_size": 16}, None)
    'learning_rate 0.01, batch_size 16'
    """
    parts = [f"{path.rpartition('/')[2]} {_short(value)}" for path, value in values.items()]
    return ", ".join([*parts, *([] if seed is None else [f"seed {seed}"])])[:200]


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


_COLUMNS = (
    members.c.sweep_id,
    members.c.run_id,
    members.c.number,
    members.c.setting,
    members.c.seed,
    members.c.varied,
    members.c.parameters,
    members.c.measure,
    members.c.settled,
    runs.c.status,
    runs.c.reason,
    runs.c.step,
    runs.c.samples,
    runs.c.resolved[("data", "sizes", "train")].as_integer().label("train_size"),
)


def of_sweep(conn: Connection, sweep_id: str) -> list[Member]:
    """The members by their numbers, those that train with what is measured so far."""
    found = select(*_COLUMNS).join(runs, runs.c.id == members.c.run_id)
    own = members.c.sweep_id == sweep_id
    return [_member(row) for row in conn.execute(found.where(own).order_by(members.c.number))]


def stirred(conn: Connection, sweep_id: str) -> bool:
    """Whether a member has ended whose measure is not settled, or all have ended: a look that costs
    a twentieth of reading them all."""
    ended = runs.c.status.in_(FINAL)
    counts = func.count().filter(ended, ~members.c.settled), func.count().filter(~ended)
    found = select(*counts).join(members, members.c.run_id == runs.c.id)
    fresh, living = conn.execute(found.where(members.c.sweep_id == sweep_id)).one()
    return bool(fresh or not living)


def _member(row: Any) -> Member:
    facts = dict(row._mapping)
    return Member(**facts | {"status": Status(row.status), "train_size": row.train_size or 1})


def places(conn: Connection, run_ids: Sequence[str]) -> dict[str, Place]:
    """Those of the runs that are members, and of what."""
    columns = (members.c.sweep_id, members.c.number, members.c.setting, members.c.varied)
    found = select(members.c.run_id, *columns).where(members.c.run_id.in_(run_ids))
    return {row.run_id: Place(*row[1:]) for row in conn.execute(found)}


def counts(conn: Connection, sweep_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many members of each sweep stand how; `pruned` apart from what somebody stopped."""
    columns = members.c.sweep_id, runs.c.status, runs.c.reason
    found = (
        select(*columns, func.count())
        .join(runs, runs.c.id == members.c.run_id)
        .where(members.c.sweep_id.in_(sweep_ids))
        .group_by(*columns)
    )
    answer: dict[str, dict[str, int]] = {sweep: {} for sweep in sweep_ids}
    for sweep, status, reason, count in conn.execute(found):
        state = PRUNED if status == Status.STOPPED.value and reason == PRUNED else status
        answer[sweep][state] = answer[sweep].get(state, 0) + count
    return answer


def measured(conn: Connection, found: Sequence[Member], goal: Goal) -> list[float | None]:
    """The measure of each member: as it was settled, else by what is recorded so far."""
    open_ = [each.run_id for each in found if not each.settled and each.step]
    series = of_series(conn, open_, goal.series)
    return [
        each.measure if each.settled else taken(series.get(each.run_id), goal) for each in found
    ]


def taken(points: Points | None, goal: Goal) -> float | None:
    """The best finite value of a series, or the last; None where there is none."""
    values = np.empty(0) if points is None else points.mean[np.isfinite(points.mean)]
    if not len(values):
        return None
    if goal.take == "last":
        return float(values[-1])
    return float(values.min() if goal.direction == "minimize" else values.max())


def of_series(conn: Connection, run_ids: Sequence[str], name: str) -> dict[str, Points]:
    """One series of several runs, each after its rewinds."""
    columns = chunk_rows.c
    found = (
        select(columns.run_id, columns.epoch, columns.format, columns.body)
        .where(columns.run_id.in_(run_ids), columns.series == name)
        .order_by(columns.run_id, columns.epoch, columns.first_step)
    )
    rewound = (
        select(events.c.run_id)
        .where(events.c.run_id.in_(run_ids), events.c.type == "rewind")
        .distinct()
    )
    turned = set(conn.execute(rewound).scalars()) if run_ids else set()
    answer = {}
    for run_id, rows in groupby(conn.execute(found) if run_ids else (), key=lambda row: row.run_id):
        if run_id in turned:
            continue
        answer[run_id] = chunks.unpack_all(row.body for row in rows)
    return answer | {run_id: chunks.series(conn, run_id, [name])[name] for run_id in turned}


def best(conn: Connection, sweep_id: str, goal: Goal) -> Member | None:
    """The best of those whose measure is settled, without those that failed."""
    order = members.c.measure if goal.direction == "minimize" else members.c.measure.desc()
    found = (
        select(*_COLUMNS)
        .join(runs, runs.c.id == members.c.run_id)
        .where(members.c.sweep_id == sweep_id, members.c.measure.is_not(None))
        .where(runs.c.status != Status.FAILED)
        .order_by(order, members.c.number)
        .limit(1)
    )
    row = conn.execute(found).first()
    return None if row is None else _member(row)


def steerable(conn: Connection, run_ids: Sequence[str], action: str) -> list[str]:
    """Those of the runs of which it makes sense to ask it: they have not ended, and do not do it."""
    idle = {"pause": [Status.PAUSED], "play": [Status.QUEUED, Status.RUNNING], "stop": []}[action]
    found = select(runs.c.id).where(runs.c.id.in_(run_ids), runs.c.status.not_in([*FINAL, *idle]))
    return list(conn.execute(found.order_by(runs.c.job_id, runs.c.lane)).scalars())


def held(conn: Connection, sweep_id: str) -> list[tuple[str, str]]:
    """One member and the holder of each of the sweep's jobs that a child holds."""
    found = (
        select(func.min(runs.c.id), jobs.c.holder)
        .join(members, members.c.run_id == runs.c.id)
        .join(jobs, jobs.c.id == runs.c.job_id)
        .where(members.c.sweep_id == sweep_id, jobs.c.holder.is_not(None))
        .group_by(jobs.c.id, jobs.c.holder)
    )
    return [(run_id, str(holder)) for run_id, holder in conn.execute(found)]


def settle(conn: Connection, measures: Sequence[tuple[str, float | None]]) -> None:
    """Keep the measures of members that have ended."""
    own = update(members).where(members.c.run_id == bindparam("member"))
    rows = [{"member": run_id, "measure": measure} for run_id, measure in measures]
    conn.execute(own.values(settled=True, measure=bindparam("measure")), rows)

"""Runs: made, read, changed, moved from state to state, deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Unpack

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy import (
    delete as sql_delete,
)

from gradus.events import FINAL, MOVES, Status, Table
from gradus.planned import Plan
from gradus_runs import job_rows, log
from gradus_runs.actor import Actor
from gradus_runs.claim import Claim, hold
from gradus_runs.database import now_ms
from gradus_runs.errors import Invalid, NotAllowedMove, NotFound
from gradus_runs.ids import new_id
from gradus_runs.nonfinite import spell
from gradus_runs.tables import checkpoints, jobs, runs

Start = Literal["run", "ramp", "batch", "epoch", "paused"]
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Run:
    """One row of `runs`; times in milliseconds, `elapsed` in seconds of training."""

    id: str
    team_id: str
    owner_id: str
    job_id: str
    lane: int
    name: str
    tags: list[str]
    status: Status
    reason: str | None
    document: dict[str, Any]
    source: str | None
    layout: dict[str, Any] | None
    resolved: dict[str, Any]
    spec_hash: str
    seed: int
    parent_id: str | None
    parent_step: int | None
    goal: dict[str, int] | None
    speed: float
    scratch: bool
    pinned: bool
    attended: str | None
    listed: bool
    last_event: int
    step: int
    samples: int
    elapsed: float
    latest: dict[str, float | str]
    results: dict[str, float | str | Table] | None
    identity: dict[str, Any] | None
    inexact: bool
    created_at: int
    started_at: int | None
    finished_at: int | None
    expires_at: int | None


class Patch(TypedDict, total=False):
    """What a person may change of a run at any time."""

    name: str
    tags: Sequence[str]
    pinned: bool
    layout: Mapping[str, Any] | None


class Facts(TypedDict, total=False):
    """What its holder notes about a run."""

    goal: Mapping[str, int] | None
    speed: float
    identity: Mapping[str, Any]
    inexact: bool


def create(
    conn: Connection,
    actor: Actor,
    plan: Plan,
    document: Mapping[str, Any],
    *,
    name: str,
    source: str | None = None,
    layout: Mapping[str, Any] | None = None,
    start: Start = "run",
    parent: str | None = None,
    parent_step: int | None = None,
    scratch: bool = True,
    tags: Sequence[str] = (),
    beside: str | None = None,
    attended: bool = False,
    queue: str = "train",
    scratch_ms: int = 168 * HOUR_MS,
) -> Run:
    """A run with its job and the first event of its log, in the caller's transaction.

    With `parent_step` it begins where the parent's checkpoint of that step ends; `beside` another
    run it joins its job, and they train in lockstep. Raises NotFound for a foreign run or a step
    without checkpoint, Invalid for a plan without data.
    """
    if plan.dataset is None:
        raise Invalid("A run needs data: the document has no `data`.", what="data")
    step, samples = _origin(conn, actor, parent, parent_step)
    status = Status.PAUSED if start == "paused" else Status.QUEUED
    if beside is None:
        job_id = job_rows.insert_job(conn, actor, queue, ready=status is Status.QUEUED)
        lane = 0
    else:
        job_id = get(conn, actor, beside).job_id
        lane = job_rows.next_lane(conn, job_id)
    run_id = new_id("run")
    conn.execute(
        insert(runs).values(
            id=run_id,
            team_id=actor.team_id,
            owner_id=actor.user_id,
            job_id=job_id,
            lane=lane,
            name=name,
            tags=list(tags),
            status=status,
            document=document,
            source=source,
            layout=layout,
            resolved=plan.resolved,
            spec_hash=plan.hash,
            seed=plan.train.seed,
            parent_id=parent,
            parent_step=parent_step,
            goal=_goal(start, step, samples, plan.dataset.sizes["train"]),
            scratch=scratch,
            attended="begun" if attended and scratch else None,
            step=step,
            samples=samples,
            latest={},
            created_at=now_ms(),
            expires_at=now_ms() + scratch_ms if scratch else None,
        )
    )
    log.append(conn, run_id, [_status_entry(status, step)])
    return get(conn, actor, run_id)


def _origin(
    conn: Connection, actor: Actor, parent: str | None, parent_step: int | None
) -> tuple[int, int]:
    """Step and samples that a run starts from."""
    if parent is None:
        return 0, 0
    get(conn, actor, parent)
    if parent_step is None:
        return 0, 0
    found = (
        select(checkpoints.c.step, checkpoints.c.samples)
        .where(checkpoints.c.run_id == parent, checkpoints.c.step == parent_step)
        .order_by(checkpoints.c.id.desc())
        .limit(1)
    )
    row = conn.execute(found).first()
    if row is None:
        raise NotFound("checkpoint", f"of {parent} at step {parent_step}")
    return row.step, row.samples


def _goal(start: Start, step: int, samples: int, train_size: int) -> dict[str, int] | None:
    goals = {
        "batch": {"step": step + 1},
        "epoch": {"samples": (samples // train_size + 1) * train_size},
        "paused": {"step": step},
    }
    return goals.get(start)


def get(conn: Connection, actor: Actor, run_id: str) -> Run:
    """A run of the actor's team; raises NotFound."""
    row = conn.execute(select(runs).where(own(actor), runs.c.id == run_id)).one_or_none()
    if row is None:
        raise NotFound("run", run_id)
    return run_of(row)


def beside(conn: Connection, run: Run) -> list[Run]:
    """The runs that train in lockstep with it, by lane."""
    others = (
        select(runs)
        .join(jobs, jobs.c.id == runs.c.job_id)
        .where(runs.c.job_id == run.job_id, runs.c.id != run.id, jobs.c.lockstep)
    )
    return [run_of(row) for row in conn.execute(others.order_by(runs.c.lane))]


def of_job(conn: Connection, claim: Claim) -> list[Run]:
    """The runs of a claimed job, by lane; raises Fenced."""
    hold(conn, claim)
    found = select(runs).where(runs.c.job_id == claim.job_id).order_by(runs.c.lane)
    return [run_of(row) for row in conn.execute(found)]


def patch(conn: Connection, actor: Actor, run_id: str, **changes: Unpack[Patch]) -> Run:
    """Change name, tags, layout or the pin; a run that is named or pinned expires no more."""
    values: dict[str, Any] = dict(changes)
    if unknown := values.keys() - Patch.__annotations__.keys():
        raise Invalid(f"A run has no {', '.join(sorted(unknown))} to change.", what="patch")
    if "tags" in values:
        values["tags"] = list(values["tags"])
    if "name" in values or values.get("pinned"):
        values |= {"scratch": False, "expires_at": None, "listed": True, "attended": None}
    if values:
        conn.execute(update(runs).where(own(actor), runs.c.id == run_id).values(**values))
    return get(conn, actor, run_id)


def note(conn: Connection, claim: Claim, run_id: str, **facts: Unpack[Facts]) -> None:
    """Its holder's goal, speed, identity or mark on the row of a run; raises Fenced."""
    hold(conn, claim)
    conn.execute(
        update(runs).where(runs.c.id == run_id, runs.c.job_id == claim.job_id).values(**facts)
    )


def delete(conn: Connection, actor: Actor, run_id: str) -> Run:
    """Remove a run with its log, and its job when that was the last; answers what it was.

    A holder finds out by being fenced. Children of the run stay.
    """
    run = get(conn, actor, run_id)
    job_rows.lock_job(conn, run_id)
    conn.execute(sql_delete(runs).where(runs.c.id == run_id))
    shared = exists().where(runs.c.job_id == run.job_id)
    conn.execute(sql_delete(jobs).where(jobs.c.id == run.job_id, ~shared))
    return run


def move(
    conn: Connection,
    run_id: str,
    to: Status,
    *,
    reason: str | None = None,
    params: Mapping[str, Any] | None = None,
    results: Mapping[str, float | Table] | None = None,
    claim: Claim | None = None,
) -> log.LogEvent:
    """Change a run's status by the table of moves, and say so in its log.

    A holder may also announce `running` on a run that another left running. Raises
    NotAllowedMove, NotFound, or Fenced.
    """
    if claim is None:
        job_rows.lock_job(conn, run_id)
    else:
        hold(conn, claim)
    values = _status_values(to, reason, results)
    allowed = runs.c.status.in_(_origins(to, claim))
    taken = log.take(conn, run_id, 1, values, allowed, claim=claim)
    if taken is None:
        raise _refused(conn, run_id, to, claim)
    entry = _status_entry(to, taken.step, reason, params, results)
    job_rows.refresh_job(conn, taken.job_id)
    return log.record(conn, run_id, taken, [entry], claim)[0]


def _origins(to: Status, claim: Claim | None) -> list[Status]:
    origins = [status for status, targets in MOVES.items() if to in targets]
    return [*origins, to] if claim and to is Status.RUNNING else origins


def _refused(conn: Connection, run_id: str, to: Status, claim: Claim | None) -> Exception:
    row = conn.execute(select(runs.c.status, runs.c.job_id).where(runs.c.id == run_id)).first()
    if claim and (row is None or row.job_id != claim.job_id):
        return claim.fenced
    return NotFound("run", run_id) if row is None else NotAllowedMove(run_id, row.status, to)


def _status_values(
    to: Status, reason: str | None, results: Mapping[str, float | Table] | None
) -> dict[str, Any]:
    values: dict[str, Any] = {"status": to, "reason": reason}
    if to is Status.RUNNING:
        values["started_at"] = func.coalesce(runs.c.started_at, now_ms())
    if to in FINAL:
        values["finished_at"] = now_ms()
    if results is not None:
        values["results"] = spell(results)
    return values


def _status_entry(
    status: Status,
    step: int,
    reason: str | None = None,
    params: Mapping[str, Any] | None = None,
    results: Mapping[str, float | Table] | None = None,
) -> log.Entry:
    body: dict[str, Any] = {"status": status.value, "reason": reason, "step": step}
    if params:
        body["params"] = params
    if results is not None:
        body["results"] = results
    return log.Entry("status", body)


def own(actor: Actor) -> ColumnElement[bool]:
    """What a query for the actor's runs has to hold to."""
    return runs.c.team_id == actor.team_id


def run_of(row: Row[Any]) -> Run:
    """A whole row of `runs`."""
    columns = dict(row._mapping)
    return Run(**columns | {"status": Status(columns["status"])})

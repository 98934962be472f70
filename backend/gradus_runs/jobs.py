"""Jobs: claimed under a lease, renewed, released, lost with their holder.

A job is what one child holds: one run, or the runs of one lane group. Every claim raises
`epoch` by one, and every write of a worker is conditional on it. All times are of the
database's clock.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from gradus.events import Status
from gradus_runs import job_rows
from gradus_runs import runs as run_rows
from gradus_runs.claim import Claim, hold, let_go, matches
from gradus_runs.database import now_ms
from gradus_runs.log import LogEvent
from gradus_runs.tables import jobs, runs

DEADLY = 2  # deaths in a row without progress after which a job is given up


@dataclass(frozen=True, slots=True)
class Job:
    """One row of `jobs` with the ids of its runs."""

    id: str
    team_id: str
    owner_id: str
    queue: str
    ready: bool
    holder: str | None
    epoch: int
    lease_until: int | None
    retry_at: int | None
    priority: int
    alone: bool
    deaths: int
    death_step: int
    lockstep: bool
    created_at: int
    waiting_since: int | None
    claimed_at: int | None
    run_ids: tuple[str, ...] = ()

    @property
    def claim(self) -> Claim:
        """The right to write, for the child that has just claimed it."""
        return Claim(self.id, self.holder or "", self.epoch)


@dataclass(frozen=True, slots=True)
class Loss:
    """What the death of a child did; the events are to be broadcast after the commit."""

    jobs: tuple[str, ...]
    poisoned: tuple[str, ...]
    events: tuple[LogEvent, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an unheld run stands: jobs before it, and whether its holder was lost."""

    ahead: int
    holder_lost: bool


def unheld() -> ColumnElement[bool]:
    """No child holds a valid lease on the job."""
    return or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < now_ms())


def _waits(queue: str) -> ColumnElement[bool]:
    due = or_(jobs.c.retry_at.is_(None), jobs.c.retry_at <= now_ms())
    return and_(jobs.c.queue == queue, jobs.c.ready, unheld(), due)


def _load(column: ColumnElement[str], name: str) -> Subquery:
    """How many jobs each team, or each user, has on workers now."""
    on_workers = jobs.c.holder.is_not(None), jobs.c.lease_until >= now_ms()
    return (
        select(column, func.count().label("held"))
        .where(*on_workers)
        .group_by(column)
        .subquery(name)
    )


def _watched_first(watched: Sequence[str]) -> list[ColumnElement[int]]:
    if not watched:
        return []
    seen = exists().where(runs.c.job_id == jobs.c.id, runs.c.id.in_(watched))
    return [case((seen, 0), else_=1)]


def claim(
    conn: Connection,
    holder: str,
    queue: str,
    watched: Sequence[str],
    lease_ms: int,
    *,
    idle: bool = True,
) -> Job | None:
    """Take the fairest waiting job of a queue: watched first, then the team and the user with the
    fewest jobs on workers, then the longest wait. None when nothing waits.

    A child that already holds jobs says `idle=False` and is not given a job that must be alone.
    """
    waits = _waits(queue) if idle else and_(_waits(queue), ~jobs.c.alone)
    team, user = _load(jobs.c.team_id, "team"), _load(jobs.c.owner_id, "user_load")
    best = (
        select(jobs.c.id)
        .outerjoin(team, team.c.team_id == jobs.c.team_id)
        .outerjoin(user, user.c.owner_id == jobs.c.owner_id)
        .where(waits)
        .order_by(
            *_watched_first(watched),
            func.coalesce(team.c.held, 0),
            func.coalesce(user.c.held, 0),
            jobs.c.priority.desc(),
            jobs.c.waiting_since,
            jobs.c.id,
        )
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True, of=jobs)
        .correlate(None)
    )
    taken = (
        update(jobs)
        .where(jobs.c.id == best.scalar_subquery())
        .values(
            holder=holder,
            epoch=jobs.c.epoch + 1,
            lease_until=now_ms() + lease_ms,
            claimed_at=now_ms(),
            retry_at=None,
        )
        .returning(*jobs.c)
    )
    row = conn.execute(taken).one_or_none()
    return None if row is None else _job(conn, row)


def get(conn: Connection, job_id: str) -> Job | None:
    """A job as it is now; None when its runs were deleted."""
    row = conn.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
    return None if row is None else _job(conn, row)


def holder(conn: Connection, run_id: str) -> str | None:
    """The child whose lease on a run's job is valid; None when nobody holds it."""
    found = (
        select(jobs.c.holder)
        .join(runs, runs.c.job_id == jobs.c.id)
        .where(runs.c.id == run_id, ~unheld())
    )
    return conn.execute(found).scalar()


def renew(conn: Connection, claims: Iterable[Claim], lease_ms: int) -> set[Claim]:
    """Prolong leases; answers the claims that are lost.

    A job that got beyond the step of its last death is no longer kept alone.
    """
    return {claim for claim in sorted(claims) if not _renew_one(conn, claim, lease_ms)}


def _renew_one(conn: Connection, claim: Claim, lease_ms: int) -> bool:
    further = exists().where(runs.c.job_id == jobs.c.id, runs.c.step > jobs.c.death_step)
    renewed = (
        update(jobs)
        .where(matches(claim))
        .values(
            lease_until=now_ms() + lease_ms,
            alone=and_(jobs.c.alone, ~further),
            deaths=case((further, 0), else_=jobs.c.deaths),
        )
    )
    return conn.execute(renewed).rowcount == 1


def release(
    conn: Connection,
    claim: Claim,
    ready: bool,
    *,
    reason: str | None = None,
    retry_ms: int | None = None,
) -> list[LogEvent]:
    """Give a job back; runs still marked running go to the queue. Raises Fenced.

    `ready` says whether it wants a turn again, `retry_ms` how long to wait before. It does in
    any case when a control came that the holder has not seen.
    """
    hold(conn, claim)
    moved = _requeue(conn, claim.job_id, reason, claim)
    conn.execute(
        update(jobs)
        .where(matches(claim))
        .values(
            **_FREE,
            ready=or_(literal(ready), job_rows.asked(claim.job_id)),
            waiting_since=now_ms(),
            retry_at=None if retry_ms is None else now_ms() + retry_ms,
        )
    )
    let_go(conn, claim)
    return moved


_FREE: dict[str, Any] = {"holder": None, "lease_until": None}


def _requeue(
    conn: Connection, job_id: str, reason: str | None, claim: Claim | None = None
) -> list[LogEvent]:
    running = select(runs.c.id).where(
        runs.c.job_id == job_id, runs.c.status == Status.RUNNING.value
    )
    return [
        run_rows.move(conn, run_id, Status.QUEUED, reason=reason, claim=claim)
        for run_id in conn.execute(running).scalars().all()
    ]


def lose(conn: Connection, holder: str, on_turn: str | None) -> Loss:
    """A child is dead: its jobs are free at once, and the one on turn answers for it.

    That job's death counts unless its highest committed step grew since its last one. On the
    first that counts it is to be tried alone; on the second its runs fail as poisoned. A group of
    a sweep is taken apart instead, so that each answers for itself.
    """
    held = select(jobs).where(jobs.c.holder == holder).order_by(jobs.c.id)
    lost = conn.execute(held.with_for_update(key_share=True)).all()
    poisoned: list[str] = []
    moved: list[LogEvent] = []
    for row in lost:
        conn.execute(
            update(jobs).where(jobs.c.id == row.id).values(**_FREE, waiting_since=now_ms())
        )
        if row.id == on_turn and not row.lockstep and job_rows.several(conn, row.id):
            moved += _requeue(conn, row.id, "child_lost")
            job_rows.split(conn, row.id)
        elif row.id == on_turn and _count_death(conn, row) >= DEADLY:
            poisoned.append(row.id)
            moved += _poison(conn, row.id)
        else:
            moved += _requeue(conn, row.id, "child_lost")
    return Loss(tuple(row.id for row in lost), tuple(poisoned), tuple(moved))


def _count_death(conn: Connection, job: Row[Any]) -> int:
    reached = select(func.coalesce(func.max(runs.c.step), 0)).where(runs.c.job_id == job.id)
    step = conn.execute(reached).scalar_one()
    deaths = 0 if step > job.death_step else job.deaths + 1
    conn.execute(
        update(jobs)
        .where(jobs.c.id == job.id)
        .values(deaths=deaths, alone=deaths > 0, death_step=max(step, job.death_step))
    )
    return deaths


def _poison(conn: Connection, job_id: str) -> list[LogEvent]:
    alive = select(runs.c.id).where(runs.c.job_id == job_id, runs.c.finished_at.is_(None))
    return [
        run_rows.move(conn, run_id, Status.FAILED, reason="poisoned", params={"deaths": DEADLY})
        for run_id in conn.execute(alive).scalars().all()
    ]


def claimable(conn: Connection, queue: str) -> int:
    """How many jobs of a queue wait for a child."""
    return conn.execute(select(func.count()).select_from(jobs).where(_waits(queue))).scalar_one()


def expired(conn: Connection) -> list[Job]:
    """Jobs whose lease ran out with its holder: a lost machine. They can be claimed."""
    found = select(jobs).where(jobs.c.holder.is_not(None), jobs.c.lease_until < now_ms())
    return [_job(conn, row) for row in conn.execute(found.order_by(jobs.c.id)).all()]


def places(conn: Connection, run_ids: Sequence[str]) -> dict[str, Place]:
    """The place in the queue of each run that waits for a child; runs that are held are left out.

    The count is by waiting time; watched runs and fairness may let others pass.
    """
    waiting = (
        select(runs.c.id, jobs.c.id.label("job"), jobs.c.holder)
        .join(jobs, jobs.c.id == runs.c.job_id)
        .where(runs.c.id.in_(run_ids), jobs.c.ready, unheld())
    )
    rows = conn.execute(waiting).all()
    ahead = _ahead(conn, {row.job for row in rows}) if rows else {}
    # Between the two statements another connection may have claimed one on PostgreSQL.
    return {r.id: Place(ahead[r.job], r.holder is not None) for r in rows if r.job in ahead}


def _ahead(conn: Connection, wanted: Set[str]) -> dict[str, int]:
    """How many jobs wait longer than each: one pass over a queue, however many are asked for."""
    order = func.rank().over(partition_by=jobs.c.queue, order_by=jobs.c.waiting_since)
    ranked = select(jobs.c.id, order.label("rank")).where(jobs.c.ready, unheld()).subquery()
    found = select(ranked).where(ranked.c.id.in_(wanted))
    return {row.id: row.rank - 1 for row in conn.execute(found)}


def _job(conn: Connection, row: Row[Any]) -> Job:
    own = select(runs.c.id).where(runs.c.job_id == row.id).order_by(runs.c.lane)
    return Job(**row._mapping, run_ids=tuple(conn.execute(own).scalars()))

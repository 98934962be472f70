"""Sweeps: made with their members, read, listed, steered as a whole, ended, deleted."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Unpack

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy import (
    delete as sql_delete,
)

from gradus.events import FINAL
from gradus.sweeps.members import Member as Planning
from gradus.sweeps.members import Planned, Refusal
from gradus.sweeps.request import Goal, Prune, SweepRequest
from gradus_runs import members
from gradus_runs.actor import Actor
from gradus_runs.database import now_ms
from gradus_runs.errors import Invalid, NotFound
from gradus_runs.ids import new_id
from gradus_runs.jobs import unheld
from gradus_runs.tables import jobs, runs, sweeps
from gradus_runs.tables import members as member_rows

SweepStatus = Literal["running", "paused", "finished", "stopped"]
ENDED: frozenset[SweepStatus] = frozenset({"finished", "stopped"})
PAGE = 200
PROBLEMS_TOLD = 4  # of one setting
CURSOR = re.compile(r"([0-9]{1,15})\.(sweep_[0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Sweep:
    """One row of `sweeps`; times in milliseconds."""

    id: str
    team_id: str
    owner_id: str
    name: str
    tags: list[str]
    status: SweepStatus
    document: dict[str, Any]
    method: str
    vary: list[dict[str, Any]]
    settings: int
    asked: int
    refused: list[dict[str, Any]]
    seeds: int
    seed: int
    goal: Goal
    prune: Prune | None
    at_once: int | None
    queue: str
    scratch: bool
    created_at: int
    finished_at: int | None
    expires_at: int | None

    @property
    def owner(self) -> Actor:
        """Whose further members are made."""
        return Actor(self.owner_id, self.team_id, "editor", frozenset({"read", "write"}))

    @property
    def request(self) -> SweepRequest:
        """What was asked for, as it is planned again for each further member."""
        return SweepRequest(
            document=self.document,
            method=self.method,  # type: ignore[arg-type]
            vary=self.vary,  # type: ignore[arg-type]
            members=None if self.method == "grid" else self.settings,
            seeds=self.seeds,
            seed=self.seed,
            goal=self.goal,
            prune=self.prune,
            at_once=self.at_once,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, newest first; `cursor` opens the next, None at the end."""

    sweeps: list[Sweep]
    cursor: str | None


class Patch(TypedDict, total=False):
    """What a person may change of a sweep at any time."""

    name: str
    tags: Sequence[str]


def create(
    conn: Connection,
    actor: Actor,
    request: SweepRequest,
    planned: Planned,
    groups: Sequence[int],
    *,
    name: str,
    scratch: bool,
    tags: Sequence[str] = (),
    queue: str = "train",
    scratch_ms: int = 0,
) -> Sweep:
    """A sweep with the members that are planned, in the caller's transaction."""
    sweep_id = new_id("sweep")
    conn.execute(
        insert(sweeps).values(
            id=sweep_id,
            team_id=actor.team_id,
            owner_id=actor.user_id,
            name=name,
            tags=list(tags),
            status="running",
            document=request.document,
            method=request.method,
            vary=[each.model_dump(mode="json", exclude_none=True) for each in request.vary],
            settings=request.settings,
            asked=request.settings if planned.members else 0,
            refused=[],
            seeds=request.seeds,
            seed=request.seed,
            goal=planned.goal.model_dump(mode="json"),
            prune=None if request.prune is None else request.prune.model_dump(mode="json"),
            at_once=request.at_once,
            queue=queue,
            scratch=scratch,
            created_at=now_ms(),
            expires_at=now_ms() + scratch_ms if scratch else None,
        )
    )
    if planned.members:
        members.add(
            conn, actor, sweep_id, planned.members, groups, queue=queue, tags=tags,
            free=request.at_once, seeds=request.seeds,
        )  # fmt: skip
    return get(conn, actor, sweep_id)


def extend(
    conn: Connection,
    seen: Sweep,
    planned: Sequence[Planning],
    groups: Sequence[int],
    refused: Sequence[Refusal] = (),
) -> bool:
    """Further members of a sweep, and further settings that have none; False, with nothing done,
    where it is not any more as it was `seen`: another server has asked, or a person has stopped it."""
    now = lock(conn, seen.id)
    if now is None or (now.asked, now.status) != (seen.asked, seen.status):
        return False
    settings = len({member.setting for member in planned}) + len(refused)
    told = [*seen.refused, *(_told(each) for each in refused)]
    own = update(sweeps).where(sweeps.c.id == seen.id)
    conn.execute(own.values(asked=sweeps.c.asked + settings, refused=told))
    if planned:
        members.add(
            conn, seen.owner, seen.id, planned, groups, queue=seen.queue, tags=seen.tags,
            free=seen.at_once, seeds=seen.seeds,
        )  # fmt: skip
    return True


def _told(refusal: Refusal) -> dict[str, Any]:
    problems = [each.to_json() for each in refusal.problems[:PROBLEMS_TOLD]]
    return {
        "setting": refusal.setting,
        "values": dict(refusal.values),
        "problems": problems,
    }


def get(conn: Connection, actor: Actor, sweep_id: str) -> Sweep:
    """A sweep of the actor's team; raises NotFound."""
    found = select(sweeps).where(_own(actor), sweeps.c.id == sweep_id)
    row = conn.execute(found).one_or_none()
    if row is None:
        raise NotFound("sweep", sweep_id)
    return _sweep(row)


def page(
    conn: Connection,
    actor: Actor,
    *,
    status: Sequence[SweepStatus] = (),
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """The team's sweeps, newest first. Raises Invalid for a cursor that no page gave out."""
    limit = max(1, min(limit, PAGE))
    place = (sweeps.c.created_at, sweeps.c.id)
    found = select(sweeps).where(_own(actor)).order_by(*(column.desc() for column in place))
    if status:
        found = found.where(sweeps.c.status.in_(status))
    if cursor is not None:
        parts = CURSOR.fullmatch(cursor)
        if parts is None:
            raise Invalid(f"The cursor {cursor!r} is not one that a page gave out.", what="cursor")
        found = found.where(tuple_(*place) < tuple_(literal(int(parts[1])), literal(parts[2])))
    rows = [_sweep(row) for row in conn.execute(found.limit(limit + 1))]
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(rows[:limit], f"{last.created_at}.{last.id}" if last else None)


def patch(conn: Connection, actor: Actor, sweep_id: str, **changes: Unpack[Patch]) -> Sweep:
    """Change name or tags; a sweep that is named expires no more."""
    values: dict[str, Any] = dict(changes)
    if "name" in values:
        values |= {"scratch": False, "expires_at": None}
    if values:
        own = update(sweeps).where(_own(actor), sweeps.c.id == sweep_id)
        conn.execute(own.values(**values))
    return get(conn, actor, sweep_id)


def under_way(conn: Connection, actor: Actor) -> int:
    """How many sweeps of the actor have not ended."""
    own = (_own(actor), sweeps.c.owner_id == actor.user_id, sweeps.c.status.not_in(ENDED))
    return conn.execute(select(func.count()).select_from(sweeps).where(*own)).scalar_one()


def open_ones(conn: Connection) -> list[Sweep]:
    """Every sweep, of all teams, that has not ended or has measures to settle."""
    unsettled = exists().where(member_rows.c.sweep_id == sweeps.c.id, ~member_rows.c.settled)
    found = select(sweeps).where(or_(sweeps.c.status.not_in(ENDED), unsettled))
    return [_sweep(row) for row in conn.execute(found.order_by(sweeps.c.id))]


def lock(conn: Connection, sweep_id: str) -> Sweep | None:
    """The sweep's row, locked until the transaction ends; None when it is gone."""
    row = conn.execute(
        select(sweeps).where(sweeps.c.id == sweep_id).with_for_update()
    ).one_or_none()
    return None if row is None else _sweep(row)


def move(conn: Connection, sweep_id: str, to: SweepStatus) -> None:
    """Set the status of a sweep that has not ended."""
    values: dict[str, Any] = {"status": to}
    if to in ENDED:
        values["finished_at"] = now_ms()
    own = sweeps.c.id == sweep_id, sweeps.c.status.not_in(ENDED)
    conn.execute(update(sweeps).where(*own).values(**values))


def is_due(sweep: Sweep, scratch_ms: int, now: int | None = None) -> bool:
    """Whether `touch` would move its expiry by more than an hour a week."""
    moment = round(time.time() * 1000) if now is None else now
    expires = sweep.expires_at
    return expires is not None and expires < moment + scratch_ms - scratch_ms // 168


def touch(conn: Connection, sweep_id: str, scratch_ms: int) -> None:
    """Move the expiry of a scratch sweep, because somebody uses it."""
    own = sweeps.c.id == sweep_id, sweeps.c.expires_at.is_not(None)
    conn.execute(update(sweeps).where(*own).values(expires_at=now_ms() + scratch_ms))


def delete(conn: Connection, sweep_id: str, scratch_ms: int = 168 * 3_600_000) -> None:
    """Remove a sweep, and its members unless they are named, pinned or have children outside.

    Those that stay are ordinary runs from then on; what their holders still hold is fenced.
    """
    own = select(member_rows.c.run_id).where(member_rows.c.sweep_id == sweep_id)
    child = runs.alias("child")
    outside = exists().where(
        child.c.parent_id == runs.c.id, child.c.id.not_in(own.scalar_subquery())
    )
    kept = or_(~runs.c.scratch, runs.c.pinned, outside)
    mine = runs.c.id.in_(own)
    job_ids = list(conn.execute(select(runs.c.job_id).where(mine).distinct()).scalars())
    locked = select(jobs.c.id).where(jobs.c.id.in_(job_ids)).order_by(jobs.c.id)
    conn.execute(locked.with_for_update(key_share=True))
    # Ordinary from now on: those that nobody named expire with time, as every run does.
    stay = update(runs).where(mine, kept)
    conn.execute(stay.values(listed=True))
    conn.execute(stay.where(runs.c.scratch).values(expires_at=now_ms() + scratch_ms))
    conn.execute(sql_delete(runs).where(mine, ~kept))
    shared = exists().where(runs.c.job_id == jobs.c.id)
    conn.execute(sql_delete(jobs).where(jobs.c.id.in_(job_ids), ~shared))
    conn.execute(sql_delete(sweeps).where(sweeps.c.id == sweep_id))


def balance(conn: Connection, sweep_id: str) -> bool:
    """Let `at_once` jobs of a sweep be claimed, by their numbers, and hold back the others that no
    child holds; answers whether any became claimable."""
    sweep = lock(conn, sweep_id)
    if sweep is None or sweep.at_once is None:
        return False
    open_ = (
        select(jobs.c.id, jobs.c.retry_at, (~unheld()).label("held"))
        .join(runs, runs.c.job_id == jobs.c.id)
        .join(member_rows, member_rows.c.run_id == runs.c.id)
        .where(member_rows.c.sweep_id == sweep_id, runs.c.status.not_in(FINAL), jobs.c.ready)
        .group_by(jobs.c.id, jobs.c.retry_at, jobs.c.holder, jobs.c.lease_until)
        .order_by((~unheld()).desc(), func.min(member_rows.c.number))
    )
    rows = conn.execute(open_).all()
    freed = [row.id for row in rows[: sweep.at_once] if row.retry_at == members.NEVER]
    kept = [row.id for row in rows[sweep.at_once :] if row.retry_at is None and not row.held]
    conn.execute(update(jobs).where(jobs.c.id.in_(freed)).values(retry_at=None))
    held_back = update(jobs).where(jobs.c.id.in_(kept), unheld())
    conn.execute(held_back.values(retry_at=members.NEVER))
    return bool(freed)


def living(conn: Connection, sweep_id: str) -> list[str]:
    """The members that have not ended, by their numbers."""
    found = (
        select(runs.c.id)
        .join(member_rows, member_rows.c.run_id == runs.c.id)
        .where(member_rows.c.sweep_id == sweep_id, runs.c.status.not_in(FINAL))
        .order_by(member_rows.c.number)
    )
    return list(conn.execute(found).scalars())


def _own(actor: Actor) -> ColumnElement[bool]:
    return sweeps.c.team_id == actor.team_id


def _sweep(row: Row[Any]) -> Sweep:
    columns = dict(row._mapping)
    prune = None if columns["prune"] is None else Prune.model_validate(columns["prune"])
    goal = Goal.model_validate(columns["goal"])
    return Sweep(**columns | {"goal": goal, "prune": prune})

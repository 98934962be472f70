"""The row of a run's job, as runs need it: made, locked, kept in step with its runs."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from gradus.events import FINAL, Status
from gradus_runs.actor import Actor
from gradus_runs.database import now_ms
from gradus_runs.errors import NotFound
from gradus_runs.ids import new_id
from gradus_runs.tables import controls, jobs, runs

WANTS_A_TURN = (Status.QUEUED, Status.RUNNING, Status.WAITING)


def insert_job(conn: Connection, actor: Actor, queue: str, *, ready: bool) -> str:
    """A job without runs yet; answers its id."""
    job_id = new_id("job")
    conn.execute(
        insert(jobs).values(
            id=job_id,
            team_id=actor.team_id,
            owner_id=actor.user_id,
            queue=queue,
            ready=ready,
            created_at=now_ms(),
            waiting_since=now_ms(),
        )
    )
    return job_id


def next_lane(conn: Connection, job_id: str) -> int:
    """The lane for one more run of a job."""
    last = select(func.max(runs.c.lane)).where(runs.c.job_id == job_id)
    return int(conn.execute(last).scalar_one()) + 1


def lock_job(conn: Connection, run_id: str) -> Row[Any]:
    """The job's row of a run, locked until the transaction ends: jobs are locked before runs.

    Raises NotFound.
    """
    own = select(runs.c.job_id).where(runs.c.id == run_id).scalar_subquery()
    row = conn.execute(
        select(jobs).where(jobs.c.id == own).with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise NotFound("run", run_id)
    return row


def several(conn: Connection, job_id: str) -> bool:
    """Whether more than one run of a job has not ended."""
    return len(conn.execute(_living(job_id).limit(2)).all()) > 1


def split(conn: Connection, job_id: str) -> None:
    """Give each run of a job that has not ended a job of its own, the first keeping this one. The
    caller holds the job's lock, and nobody its lease."""
    _, *others = conn.execute(_living(job_id)).scalars()
    row = conn.execute(select(jobs).where(jobs.c.id == job_id)).one()._mapping
    for run_id in others:
        own = new_id("job")
        conn.execute(insert(jobs).values(**{**row, "id": own}))
        conn.execute(update(runs).where(runs.c.id == run_id).values(job_id=own, lane=0))
        refresh_job(conn, own)
    refresh_job(conn, job_id)


def _living(job_id: str) -> Select[tuple[str]]:
    living = select(runs.c.id).where(runs.c.job_id == job_id, runs.c.status.not_in(FINAL))
    return living.order_by(runs.c.lane)


def asked(job_id: str) -> ColumnElement[bool]:
    """A run of the job that has not ended was asked for something that its holder has not done.

    Changed numbers can wait until the run goes on; weights set by hand are to be looked at now.
    """
    waits = controls.c.body["action"].as_string() == "set"
    by_hand = controls.c.body[("changes", "weights")].as_string().is_not(None)
    return exists().where(
        runs.c.job_id == job_id,
        runs.c.status.not_in(FINAL),
        controls.c.run_id == runs.c.id,
        controls.c.applied_at.is_(None),
        or_(~waits, by_hand),
    )


def refresh_job(conn: Connection, job_id: str) -> None:
    """A job is ready while one of its runs wants a turn; waiting counts from when it became so.

    A control that waits counts too: should the holder die before it obeys, another must.
    """
    turn = exists().where(runs.c.job_id == job_id, runs.c.status.in_(WANTS_A_TURN))
    wants = or_(turn, asked(job_id))
    since = case((jobs.c.ready, jobs.c.waiting_since), else_=now_ms())
    turned = or_(and_(jobs.c.ready, ~wants), and_(~jobs.c.ready, wants))
    conn.execute(
        update(jobs)
        .where(jobs.c.id == job_id, turned)
        .values(ready=~jobs.c.ready, waiting_since=since)
    )

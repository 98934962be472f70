"""What goes by itself: scratch runs after their time, artifacts that nothing refers to, old keys."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, exists, or_, select, update

from gradus_runs import artifacts, beginnings, idempotency, sweeps, workers
from gradus_runs.database import now_ms, write
from gradus_runs.jobs import unheld
from gradus_runs.settings import Settings
from gradus_runs.store import Store
from gradus_runs.tables import jobs, launch_codes, runs, sessions
from gradus_runs.tables import sweeps as sweep_rows

BATCH = 20  # runs removed in one transaction, since others wait for it on SQLite
HOUR_MS = 3_600_000
WORTH = 168  # a use that adds less than this part of a run's life is not written down


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each were removed."""

    runs: int
    artifacts: int


def touch(conn: Connection, run_id: str, scratch_ms: int) -> None:
    """Move the expiry of a scratch run, because somebody uses it.

    Nothing is written where that would add next to nothing (an hour to a week): a hand on a
    slider sends twenty controls a second.
    """
    conn.execute(
        update(runs).where(_due(run_id, scratch_ms)).values(expires_at=now_ms() + scratch_ms)
    )


def is_due(conn: Connection, run_id: str, scratch_ms: int) -> bool:
    """Whether `touch` would write, so that who only reads takes no lock for nothing."""
    return conn.execute(select(runs.c.id).where(_due(run_id, scratch_ms))).first() is not None


def _due(run_id: str, scratch_ms: int) -> ColumnElement[bool]:
    soon = now_ms() + (scratch_ms - abs(scratch_ms) // WORTH)
    return and_(runs.c.id == run_id, runs.c.expires_at.is_not(None), runs.c.expires_at < soon)


def expire(conn: Connection) -> list[str]:
    """Remove scratch runs whose time is over and that no child holds; answers their ids."""
    over = (
        select(runs.c.id, runs.c.job_id)
        .join(jobs, jobs.c.id == runs.c.job_id)
        .where(
            runs.c.scratch,
            ~runs.c.pinned,
            runs.c.expires_at < now_ms(),
            or_(jobs.c.holder.is_(None), unheld()),
        )
        .order_by(runs.c.expires_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = conn.execute(over).all()
    conn.execute(delete(runs).where(runs.c.id.in_([row.id for row in rows])))
    empty = ~exists().where(runs.c.job_id == jobs.c.id)
    conn.execute(delete(jobs).where(jobs.c.id.in_([row.job_id for row in rows]), empty))
    return [row.id for row in rows]


def expire_sweeps(conn: Connection) -> list[str]:
    """Remove scratch sweeps whose time is over, with their members; answers their ids.

    One whose members train stays until they have.
    """
    over = (
        select(sweep_rows.c.id)
        .where(sweep_rows.c.scratch, sweep_rows.c.expires_at < now_ms())
        .where(sweep_rows.c.status != "running")
        .order_by(sweep_rows.c.expires_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    gone = list(conn.execute(over).scalars())
    for sweep_id in gone:
        sweeps.delete(conn, sweep_id)
    return gone


def forget(conn: Connection) -> None:
    """Remove sessions, launch codes, uploads, idempotency keys and workers whose time is over."""
    conn.execute(delete(sessions).where(sessions.c.expires_at < now_ms()))
    conn.execute(delete(launch_codes).where(launch_codes.c.expires_at < now_ms()))
    beginnings.forget(conn)
    idempotency.forget(conn)
    workers.forget(conn)


def sweep(engine: Engine, store: Store, settings: Settings) -> Swept:
    """One round of all of it, in short transactions; several servers may sweep at once."""
    grace_ms = int(settings.collect_hours * HOUR_MS)
    expired = write(engine, expire)
    write(engine, expire_sweeps)
    collected = write(engine, lambda conn: artifacts.collect(conn, store, grace_ms))
    write(engine, forget)
    store.clear_partial()
    return Swept(len(expired), collected)

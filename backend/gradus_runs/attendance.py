"""Runs that were begun to be looked at rest while nobody looks, and go on when somebody does.

Those that were named, pinned, begun without pictures or made by a sweep are never touched.
"""

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from gradus.controls import Control, Pause, Play
from gradus.events import Status
from gradus_runs import controls
from gradus_runs.actor import Actor
from gradus_runs.controls import ControlRow
from gradus_runs.tables import runs

BEGUN, LEFT = "begun", "left"


def unwatched(conn: Connection, watched: Collection[str]) -> list[str]:
    """The runs that train to their end for somebody to look at, and that nobody looks at; who looks
    at one of two that are trained in lockstep looks at both."""
    trains = runs.c.status.in_([Status.QUEUED, Status.RUNNING])
    found = select(runs.c.id, runs.c.job_id, runs.c.goal).where(runs.c.attended == BEGUN, trains)
    rows = [row for row in conn.execute(found) if row.goal is None]
    if not rows:
        return []
    seen = set(conn.execute(select(runs.c.job_id).where(runs.c.id.in_(watched))).scalars())
    return [row.id for row in rows if row.job_id not in seen]


def is_left(conn: Connection, run_id: str) -> bool:
    """Whether a run rests because nobody looked, so that who only looks takes no lock."""
    found = select(runs.c.id).where(runs.c.id == run_id, runs.c.attended == LEFT)
    return conn.execute(found).first() is not None


def leave(conn: Connection, run_id: str) -> ControlRow | None:
    """Let such a run rest; None where another server has done so, or a person something else."""
    return _turn(conn, run_id, BEGUN, LEFT, Pause())


def come_back(conn: Connection, run_id: str) -> ControlRow | None:
    """Let it go on; None where it does not rest for that reason."""
    return _turn(conn, run_id, LEFT, BEGUN, Play())


def stay(conn: Connection, run_id: str) -> None:
    """A person says what becomes of a run: it no longer goes on for being looked at."""
    left = runs.c.id == run_id, runs.c.attended == LEFT
    conn.execute(update(runs).where(*left).values(attended=BEGUN))


def _turn(
    conn: Connection, run_id: str, before: str, after: str, control: Control
) -> ControlRow | None:
    turned = (
        update(runs)
        .where(runs.c.id == run_id, runs.c.attended == before, runs.c.finished_at.is_(None))
        .values(attended=after)
        .returning(runs.c.owner_id, runs.c.team_id)
    )
    row = conn.execute(turned).one_or_none()
    if row is None:
        return None
    owner = Actor(row.owner_id, row.team_id, "editor", frozenset({"read", "write"}))
    return controls.request(conn, owner, run_id, control)

"""Controls: first a row, then an effect between two steps.

A run that a child holds is its holder's alone: the row waits, and Redis only wakes. A run
that nobody holds is moved here, in the transaction of the request: play queues it, pause and
stop take effect at once. Both take the lock of the job's row first, so that a claim comes
either before (then the holder obeys) or after (then it finds the run as it was left).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gradus.controls import Changes, Control, Pause, Play, Set, Step, Stop, Switch
from gradus.events import FINAL, Status
from gradus_runs import job_rows, log
from gradus_runs import runs as run_rows
from gradus_runs.actor import Actor
from gradus_runs.claim import Claim, hold
from gradus_runs.database import now_ms
from gradus_runs.errors import Conflict
from gradus_runs.ids import new_id
from gradus_runs.jobs import unheld
from gradus_runs.tables import controls, jobs, runs


@dataclass(frozen=True, slots=True)
class ControlRow:
    """A control as it was asked for, and where it took effect.

    As the answer of `request` it also says which events to broadcast and which child, if any,
    to wake.
    """

    id: str
    run_id: str
    body: dict[str, Any]
    requested_at: int
    applied_step: int | None
    applied_at: int | None
    events: tuple[log.LogEvent, ...] = ()
    holder: str | None = None


def request(conn: Connection, actor: Actor, run_id: str, control: Control) -> ControlRow:
    """Write a control down, and carry it out where no child holds the run.

    Runs in lockstep do and leave together what `shared` says: each of them has a row of its own,
    all written here. Raises NotFound, or Conflict for a run that has ended.
    """
    run_rows.get(conn, actor, run_id)
    job = job_rows.lock_job(conn, run_id)
    run = run_rows.get(conn, actor, run_id)
    if run.status in FINAL:
        raise Conflict(f"Run {run_id} has ended ({run.status}).", run=run_id, status=run.status)
    free = conn.execute(select(jobs.c.id).where(jobs.c.id == job.id, unheld())).first()
    control_id = _insert(conn, actor, run_id, control)
    asked = [(run, control_id, control)]
    common = shared(control)
    others = [other for other in run_rows.beside(conn, run) if other.status not in FINAL]
    if common is not None:
        asked += [(other, _insert(conn, actor, other.id, common), common) for other in others]
    events: list[log.LogEvent] = []
    if free:
        front = max(member.step for member, _, _ in asked)
        for member, row_id, its_own in asked:
            events += _carry_out(conn, member, row_id, its_own, front)
    job_rows.refresh_job(conn, job.id)
    row = conn.execute(select(*_COLUMNS).where(controls.c.id == control_id)).one()
    return ControlRow(**row._mapping, events=tuple(events), holder=None if free else job.holder)


def shared(control: Control) -> Control | None:
    """What of a control holds for all runs in lockstep: whatever would part their steps or batches.

    A stop is each run's own, and so are the numbers in which they are to differ.
    """
    match control:
        case Stop():
            return None
        case Set(changes=changes):
            common = Changes(speed=changes.speed, batch_size=changes.batch_size)
            return Set(changes=common) if common != Changes() else None
        case _:
            return control


_COLUMNS = (
    controls.c.id,
    controls.c.run_id,
    controls.c.body,
    controls.c.requested_at,
    controls.c.applied_step,
    controls.c.applied_at,
)


def _insert(conn: Connection, actor: Actor, run_id: str, control: Control) -> str:
    control_id = new_id("control")
    conn.execute(
        insert(controls).values(
            id=control_id,
            team_id=actor.team_id,
            owner_id=actor.user_id,
            run_id=run_id,
            body=control.model_dump(mode="json", exclude_none=True),
            requested_at=now_ms(),
        )
    )
    return control_id


def _carry_out(
    conn: Connection, run: run_rows.Run, control_id: str, control: Control, front: int
) -> list[log.LogEvent]:
    """The effect on a run that no child holds; `step` and `set` need the child that comes.

    `front` is the furthest step of its job, where all its runs pause.
    """
    match control:
        case Play():
            _settle(conn, run, but=control_id)
            _aim(conn, run, None)
            if control.ramp:  # for the child that comes: only who trains can go slowly
                return _go(conn, run, Status.QUEUED)
            return _effect(conn, run, control_id, control, Status.QUEUED)
        case Pause():
            _settle(conn, run, but=control_id)
            _aim(conn, run, {"step": front})
            return _effect(conn, run, control_id, control, Status.PAUSED)
        case Stop():
            return _effect(conn, run, control_id, control, Status.STOPPED)
        case Step():
            return _go(conn, run, Status.QUEUED)
        case Set():
            return []


def _effect(
    conn: Connection, run: run_rows.Run, control_id: str, control: Control, to: Status
) -> list[log.LogEvent]:
    _mark(conn, control_id, run.step)
    body = {"control": control_id, "body": control.model_dump(mode="json"), "step": run.step}
    return log.append(conn, run.id, [log.Entry("control", body)]) + _go(conn, run, to)


def _go(conn: Connection, run: run_rows.Run, to: Status) -> list[log.LogEvent]:
    # A holder whose lease ran out may live yet: it must not go on with a run that was moved.
    freed = {"retry_at": None, "holder": None, "lease_until": None}
    conn.execute(update(jobs).where(jobs.c.id == run.job_id).values(freed))
    return [] if run.status is to else [run_rows.move(conn, run.id, to)]


def _aim(conn: Connection, run: run_rows.Run, goal: dict[str, int] | None) -> None:
    conn.execute(update(runs).where(runs.c.id == run.id).values(goal=goal))


def _settle(conn: Connection, run: run_rows.Run, but: str) -> None:
    """Play and pause overrule the moves that no child has taken up yet."""
    waiting = controls.c.run_id == run.id, controls.c.applied_step.is_(None), controls.c.id != but
    moves = controls.c.body["action"].as_string().in_(("step", "play"))
    conn.execute(
        update(controls).where(*waiting, moves).values(applied_step=run.step, applied_at=now_ms())
    )


def _mark(conn: Connection, control_id: str, step: int) -> bool:
    marked = (
        update(controls)
        .where(controls.c.id == control_id, controls.c.applied_step.is_(None))
        .values(applied_step=step, applied_at=now_ms())
    )
    return conn.execute(marked).rowcount == 1


def pending(conn: Connection, run_ids: Sequence[str]) -> list[ControlRow]:
    """Controls that wait for the holder of these runs, in the order of their requests.

    Those of all runs of their jobs, in one look: what was asked of all takes effect together.
    """
    asked = select(runs.c.job_id).where(runs.c.id.in_(run_ids))
    beside = select(runs.c.id).where(runs.c.job_id.in_(asked))
    return _rows(
        conn.execute(
            select(*_COLUMNS)
            .where(controls.c.run_id.in_(beside), controls.c.applied_step.is_(None))
            .order_by(controls.c.requested_at, controls.c.id)
        )
    )


def since(conn: Connection, run_id: str, step: int) -> list[ControlRow]:
    """Controls that took effect at or behind `step`, to be replayed behind a checkpoint of it.

    One applied exactly at `step` may be in the checkpoint already: changes set a value, so
    that applying them again alters nothing.
    """
    return _rows(
        conn.execute(
            select(*_COLUMNS)
            .where(controls.c.run_id == run_id, controls.c.applied_step >= step)
            .order_by(controls.c.applied_step, controls.c.requested_at, controls.c.id)
        )
    )


def history(conn: Connection, actor: Actor, run_id: str) -> list[ControlRow]:
    """Every control of a run, in the order of their requests."""
    run_rows.get(conn, actor, run_id)
    return _rows(
        conn.execute(
            select(*_COLUMNS)
            .where(controls.c.run_id == run_id)
            .order_by(controls.c.requested_at, controls.c.id)
        )
    )


def applied(conn: Connection, claim: Claim, control_id: str, step: int) -> bool:
    """The holder says that a control took effect before step `step + 1`.

    False when that was said before. Raises Fenced. The event is the holder's to append.
    """
    hold(conn, claim)
    return _mark(conn, control_id, step)


def switched(
    conn: Connection, claim: Claim, run_id: str, control_id: str, switch: Switch, step: int
) -> None:
    """The holder says that training goes on by another tier from step `step + 1` on. Raises Fenced."""
    hold(conn, claim)
    owner = select(runs.c.team_id, runs.c.owner_id).where(runs.c.id == run_id)
    team_id, owner_id = conn.execute(owner).one()
    now = now_ms()
    conn.execute(
        insert(controls).values(
            id=control_id,
            team_id=team_id,
            owner_id=owner_id,
            run_id=run_id,
            body=switch.model_dump(mode="json"),
            requested_at=now,
            applied_step=step,
            applied_at=now,
        )
    )


def _rows(found: Iterable[Row[Any]]) -> list[ControlRow]:
    return [ControlRow(**row._mapping) for row in found]

"""How a claimed run comes to life: from its newest sound checkpoint, or built anew."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safetensors.torch import load
from sqlalchemy import Connection, select

from gradus.controls import Changes
from gradus.events import Status
from gradus.plan import plan_resolved
from gradus.planned import Plan
from gradus_engine.opening import AnySession, open_session
from gradus_engine.session import Session
from gradus_runs import beginnings, checkpoints, controls, reports
from gradus_runs.checkpoints import Loaded
from gradus_runs.controls import ControlRow
from gradus_runs.jobs import Job
from gradus_runs.reports import Rule
from gradus_runs.runs import Run
from gradus_runs.store import Store
from gradus_runs.tables import runs as run_table
from gradus_worker.budget import CheckpointBudget
from gradus_worker.held import Held
from gradus_worker.journal import Journal
from gradus_worker.remaking import tier_lost


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fork begins: its parent's checkpoint, and what the parent was to be trained with."""

    loaded: Loaded
    resolved: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """All that the database knows of a run's training, read before anything is built: building
    may take longer than a transaction may stay open.
    """

    newest: Loaded | None
    origin: Origin | None
    applied: Sequence[ControlRow]  # from the newest checkpoint's step on
    weights: Mapping[str, bytes]  # what it begins with, where it has to begin
    rule: Rule | None = None  # by which it may be pruned


def remember(conn: Connection, store: Store, run: Run) -> Past:
    """The past of a run; its origin only where it has no checkpoint of its own."""
    newest = checkpoints.latest(conn, store, run.id)
    origin = None if newest else origin_of(conn, store, run)
    start = newest or (origin.loaded if origin else None)
    step = start.checkpoint.step if start else 0
    weights = {} if start else beginnings.read(conn, store, run.resolved)
    rule = reports.rules(conn, [run.id]).get(run.id)
    return Past(newest, origin, controls.since(conn, run.id, step), weights, rule)


def origin_of(conn: Connection, store: Store, run: Run) -> Origin | None:
    """Where a fork begins; None for a run that begins untrained."""
    if run.parent_id is None or run.parent_step is None:
        return None
    query = select(run_table.c.resolved).where(run_table.c.id == run.parent_id)
    loaded = checkpoints.load(conn, store, run.parent_id, run.parent_step)
    return Origin(loaded, conn.execute(query).scalar_one())


def recover(
    past: Past,
    job: Job,
    run: Run,
    journal: Journal,
    *,
    device: str,
    threads: int,
    checkpoint_seconds: float,
) -> Held:
    """The run as it stands, ready for its next step.

    What the log holds beyond the checkpoint is taken back by a rewind; changes made there are
    made again at their steps. Raises what building raises.
    """
    if past.newest is None:
        session = begun(run, past.origin, past.weights, device=device, threads=threads)
    else:
        session = restored(run, past.newest, device, threads, switched=True)
    if run.step > session.step:
        journal.say("rewind", to_step=session.step, reason=_reason(run, past.newest))
    _compare_identity(run, session, journal)
    _compare_tier(past, session, journal)
    return Held(
        job,
        run,
        session,
        journal,
        replays=past.applied,
        checkpoints=CheckpointBudget(checkpoint_seconds, time.monotonic(), step=session.step),
        rule=past.rule,
    )


def begun(
    run: Run,
    origin: Origin | None,
    weights: Mapping[str, bytes],
    *,
    device: str,
    threads: int,
) -> AnySession:
    """The run at its beginning: untrained, or a fork where its parent's checkpoint ends."""
    if run.identity is not None:
        threads = run.identity["threads"]
    if origin is None:
        tier = run.identity["tier"] if run.identity is not None else None
        return restored(run, None, device, threads, tier, weights)
    session = restored(run, origin.loaded, device, threads)
    session.verdicts.forget()
    session.apply(_own_numbers(origin, session))
    return session


def restored(
    run: Run,
    found: Loaded | None,
    device: str,
    threads: int,
    tier: str | None = None,
    weights: Mapping[str, bytes] | None = None,
    *,
    switched: bool = False,
) -> AnySession:
    """A session where the checkpoint ends, with the checkpoint's number of threads and its tier.

    Only the run itself goes on by a tier that it has `switched` to: who looks needs none, and a fork
    says in rows of its own when it changes over.
    """
    state = None
    if found is not None:
        meta = dict(found.checkpoint.state)
        if not switched:
            meta.pop("switched", None)
        state = load(found.tensors), meta
    return open_session(
        plan_resolved(run.resolved),
        device=device,
        threads=threads,
        state=state,
        tier=tier,
        weights={digest: load(body) for digest, body in (weights or {}).items()},
    )


def _own_numbers(origin: Origin, session: AnySession) -> Changes:
    """What the fork's document changes of the parent's; else it keeps the parent's of that step,
    which may have been set while it ran.
    """
    before, now = numbers(plan_resolved(origin.resolved)), numbers(session.plan)
    return Changes(**{name: value for name, value in now.items() if before[name] != value})


def numbers(planned: Plan) -> dict[str, Any]:
    """The numbers of a plan that may change inside a running run."""
    train = planned.train
    return {
        "learning_rate": train.optimizer["learning_rate"],
        "batch_size": train.batch_size,
        "l1": train.l1,
        "l2": train.l2,
    }


def _reason(run: Run, found: Loaded | None) -> str:
    if found is not None and found.damaged:
        return "damaged_checkpoint"
    if run.reason == "child_lost":
        return "child_lost"
    # Whoever gives a run back says so; one that still runs was left by a lost machine.
    return "machine_lost" if run.status is Status.RUNNING else "resumed"


def _compare_identity(run: Run, session: AnySession, journal: Journal) -> None:
    """Fix the identity at the first life, and say where a later one cannot keep it."""
    now = session.identity()
    if run.identity is None:
        journal.note(identity=now)
        return
    if changed := _differences(run.identity, now):
        journal.note(inexact=True, identity=now)
        journal.verdict("verdict.identity_changed", changed, session.step)


def _compare_tier(past: Past, session: AnySession, journal: Journal) -> None:
    """Say where the tier that a run had switched to cannot be taken up again."""
    switched = past.newest.checkpoint.state.get("switched") if past.newest else None
    if switched and (not isinstance(session, Session) or session.quick is None):
        tier_lost(journal, switched, session.step)


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    names = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    if not names:
        return {}
    return {
        "what": ", ".join(names),
        "before": ", ".join(str(before.get(name)) for name in names),
        "now": ", ".join(str(now.get(name)) for name in names),
    }

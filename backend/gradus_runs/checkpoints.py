"""Checkpoints: all that a run needs to go on, bitwise.

Tensors (safetensors) are an artifact, the rest is JSON in the row. Two are kept for going on,
and the older serves when the newer is damaged. Kept ones are snapshots: log-spaced, at most
64 and 256 MB a run, thinned as it grows.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from gradus_runs import artifacts, log
from gradus_runs import runs as run_rows
from gradus_runs.actor import Actor
from gradus_runs.claim import Claim
from gradus_runs.database import now_ms
from gradus_runs.errors import Damaged, NotFound
from gradus_runs.ids import new_id
from gradus_runs.store import Store
from gradus_runs.tables import checkpoints, runs

NEWEST = 2
SNAPSHOTS = 64
SNAPSHOT_BYTES = 256 * 1024 * 1024
GRACE_MS = 60_000  # for a reader that has found the row and not yet read the tensors


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One row; `size` in bytes, `kept` marks a snapshot."""

    id: str
    run_id: str
    epoch: int
    step: int
    samples: int
    kept: bool
    tensors_hash: str
    state: dict[str, Any]
    size: int
    created_at: int


@dataclass(frozen=True, slots=True)
class Written:
    """A new checkpoint and its event, to be broadcast after the commit."""

    checkpoint: Checkpoint
    event: log.LogEvent


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sound checkpoint with its tensors, and the newer ones that were damaged."""

    checkpoint: Checkpoint
    tensors: bytes
    damaged: tuple[Checkpoint, ...]


def write(
    conn: Connection,
    claim: Claim,
    run_id: str,
    store: Store,
    *,
    tensors: bytes,
    state: Mapping[str, Any],
    step: int,
    samples: int,
    kept: bool = False,
) -> Written:
    """Store a checkpoint, say so in the log, and drop those that it makes superfluous.

    Before it come `store.keep(tensors)`, outside the transaction, and the events up to `step`,
    without which the log would have a hole behind a crash. Raises Fenced.
    """
    digest = artifacts.put(conn, store, tensors)
    checkpoint_id = new_id("checkpoint")
    body = {"checkpoint": checkpoint_id, "step": step, "samples": samples}
    body |= {"size": len(tensors), "kept": kept}
    entry = log.Entry("snapshot" if kept else "checkpoint", body)
    (event,) = log.append(conn, run_id, [entry], claim=claim)
    owner = conn.execute(select(runs.c.team_id, runs.c.owner_id).where(runs.c.id == run_id)).one()
    row = conn.execute(
        insert(checkpoints)
        .values(
            **owner._mapping,
            id=checkpoint_id,
            run_id=run_id,
            epoch=claim.epoch,
            step=step,
            samples=samples,
            kept=kept,
            tensors_hash=digest,
            state=state,
            size=len(tensors),
            created_at=now_ms(),
        )
        .returning(*_COLUMNS)
    ).one()
    _thin(conn, run_id)
    return Written(_checkpoint(row), event)


_COLUMNS = tuple(checkpoints.c[name] for name in Checkpoint.__dataclass_fields__)


def _thin(conn: Connection, run_id: str) -> None:
    rows = _newest_first(conn, run_id)
    snapshots = [row for row in rows if row.kept]
    chosen = spaced([(row.step, row.size) for row in snapshots])
    staying = {row.id for row in rows[:NEWEST]}
    staying |= {row.id for row, stays in zip(snapshots, chosen, strict=True) if stays}
    leaving = [row for row in rows if row.id not in staying]
    if leaving:
        conn.execute(delete(checkpoints).where(checkpoints.c.id.in_([row.id for row in leaving])))
        artifacts.release(conn, [row.tensors_hash for row in leaving], GRACE_MS)


def spaced(
    snapshots: Sequence[tuple[int, int]], *, count: int = SNAPSHOTS, budget: int = SNAPSHOT_BYTES
) -> list[bool]:
    """Which of the (step, size) stay: at most `count`, together at most `budget` bytes.

    Again and again that one goes whose neighbours are nearest to each other on a logarithmic
    axis of steps; the first and the last step go only when nothing else is left.
    """
    order = sorted(range(len(snapshots)), key=lambda i: snapshots[i][0])
    total = sum(size for _, size in snapshots)
    while order and (len(order) > count or total > budget):
        inner = range(1, len(order) - 1)
        gone = min(inner, key=lambda i: _gap(snapshots, order, i), default=0)
        total -= snapshots[order.pop(gone)][1]
    staying = set(order)
    return [i in staying for i in range(len(snapshots))]


def _gap(snapshots: Sequence[tuple[int, int]], order: Sequence[int], i: int) -> float:
    before, after = snapshots[order[i - 1]][0], snapshots[order[i + 1]][0]
    return math.log1p(after) - math.log1p(before)


def _newest_first(conn: Connection, run_id: str) -> list[Checkpoint]:
    """By lease, then by step: what a newer holder wrote follows from what it went on from."""
    found = (
        select(*_COLUMNS)
        .where(checkpoints.c.run_id == run_id)
        .order_by(checkpoints.c.epoch.desc(), checkpoints.c.step.desc(), checkpoints.c.id.desc())
    )
    return [_checkpoint(row) for row in conn.execute(found)]


def latest(conn: Connection, store: Store, run_id: str) -> Loaded | None:
    """The newest checkpoint whose bytes are sound; None when there is none."""
    damaged: list[Checkpoint] = []
    for checkpoint in _newest_first(conn, run_id):
        try:
            tensors = artifacts.get(conn, store, checkpoint.tensors_hash)
        except (Damaged, NotFound):
            damaged.append(checkpoint)
        else:
            return Loaded(checkpoint, tensors, tuple(damaged))
    return None


def page(conn: Connection, actor: Actor, run_id: str) -> list[Checkpoint]:
    """The checkpoints of a run by step, for the timeline."""
    run_rows.get(conn, actor, run_id)
    return sorted(_newest_first(conn, run_id), key=lambda row: (row.step, row.epoch))


def load(conn: Connection, store: Store, run_id: str, step: int) -> Loaded:
    """The newest checkpoint of exactly this step; raises NotFound, or Damaged."""
    for checkpoint in _newest_first(conn, run_id):
        if checkpoint.step == step:
            tensors = artifacts.get(conn, store, checkpoint.tensors_hash)
            return Loaded(checkpoint, tensors, ())
    raise NotFound("checkpoint", f"of {run_id} at step {step}")


def adopt(conn: Connection, run_id: str, parent: str, step: int) -> Checkpoint:
    """Let a fork begin with its parent's checkpoint of this step, kept as its first snapshot.

    In the transaction that creates the fork, so that the parent may be deleted afterwards.
    Raises NotFound.
    """
    origin = next((row for row in _newest_first(conn, parent) if row.step == step), None)
    if origin is None:
        raise NotFound("checkpoint", f"of {parent} at step {step}")
    owner = conn.execute(select(runs.c.team_id, runs.c.owner_id).where(runs.c.id == run_id)).one()
    copied = asdict(origin) | owner._asdict()
    copied |= {"id": new_id("checkpoint"), "run_id": run_id, "epoch": 0, "kept": True}
    copied["created_at"] = now_ms()
    row = conn.execute(insert(checkpoints).values(**copied).returning(*_COLUMNS)).one()
    return _checkpoint(row)


def _checkpoint(row: Row[Any]) -> Checkpoint:
    return Checkpoint(**row._mapping)

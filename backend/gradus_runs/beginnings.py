"""Weights that runs begin with: found for a plan, uploaded, and kept for as long as a run needs them.

What a run begins with is an artifact that it refers to itself, so neither the end of the run that
it comes from nor the sweeper takes it away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select

from gradus.planned import Plan
from gradus.resolved import read_weights
from gradus.weights import Kept, NoWeights, Source, Tensor
from gradus_runs import artifacts, runs, tensors, weights
from gradus_runs.actor import Actor
from gradus_runs.database import now_ms, reading
from gradus_runs.errors import Damaged, NotFound, QuotaExceeded
from gradus_runs.store import Store
from gradus_runs.tables import references

INIT, UPLOAD = "init", "upload"  # kinds of references
UPLOADS = 100  # files of a team that no run begins with yet
UPLOAD_MS = 7 * 24 * 3_600_000  # how long such a file waits for a run
# What a checkpoint's names begin with; other files have none of their own.
STATE = ("network/", "optimizer/", "best/", "member/", "snapshot/", weights.FITTED)


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds for a plan what the documents of this actor may begin with."""

    engine: Engine
    store: Store
    actor: Actor

    def __call__(self, source: Source) -> Kept:
        """Raises NoWeights."""
        with reading(self.engine) as conn:
            if source.weights is not None:
                digest, label = self._file(conn, source.weights), source.weights
            else:
                label = (
                    f"{source.run}@{'newest' if source.checkpoint is None else source.checkpoint}"
                )
                digest = self._of_run(conn, str(source.run), source.checkpoint, label)
            try:
                return _kept(conn, self.store, digest, label)
            except (NotFound, Damaged, tensors.Unreadable) as fault:
                raise NoWeights("weights.file_unknown", "weights", weights=digest) from fault

    def _file(self, conn: Connection, digest: str) -> str:
        mine = references.c.team_id == self.actor.team_id
        found = select(references.c.id).where(mine, references.c.hash == digest).limit(1)
        if conn.execute(found).first() is None:
            raise NoWeights("weights.file_unknown", "weights", weights=digest)
        return digest

    def _of_run(self, conn: Connection, run_id: str, step: int | None, label: str) -> str:
        try:
            run = runs.get(conn, self.actor, run_id)
        except NotFound:
            if (held := self._held(conn, label)) is not None:
                return held
            raise NoWeights("weights.run_unknown", "run", run=run_id) from None
        try:
            return weights.kept(conn, run, step).digest
        except NotFound:
            raise NoWeights("weights.none_kept", "run", run=run_id) from None

    def _held(self, conn: Connection, label: str) -> str | None:
        """What a run of the team began with under this label: the one that it was taken from is gone."""
        found = select(references.c.hash).where(
            references.c.team_id == self.actor.team_id,
            references.c.kind == INIT,
            references.c.name == label,
        )
        newest: str | None = conn.execute(found.order_by(references.c.id.desc()).limit(1)).scalar()
        return newest


def _kept(conn: Connection, store: Store, digest: str, label: str) -> Kept:
    head, size = artifacts.head(conn, store, digest, tensors.LENGTH)
    length = tensors.LENGTH + tensors.header_length(head, size)
    found = tensors.entries(artifacts.head(conn, store, digest, length)[0], size)
    prefix = weights.PREFIX if all(name.startswith(STATE) for name in found) else ""
    own = {
        name.removeprefix(prefix): Tensor(entry.dtype, entry.shape)
        for name, entry in found.items()
        if name.startswith(prefix) and not name.startswith(weights.FITTED)
    }
    return Kept(digest, own, prefix, label)


def hold(conn: Connection, actor: Actor, run_id: str, plan: Plan) -> None:
    """Let a new run refer to what it begins with, in the transaction that makes it."""
    for each in plan.weights:
        if each.artifact is not None:
            artifacts.refer(conn, actor, run_id, each.artifact, INIT, each.label or each.artifact)


def read(conn: Connection, store: Store, resolved: Mapping[str, Any]) -> Mapping[str, bytes]:
    """The files that a resolved document begins with, by hash. Raises NotFound or Damaged."""
    digests = [each.artifact for each in read_weights(resolved) if each.artifact is not None]
    return {digest: artifacts.get(conn, store, digest) for digest in digests}


def keep(conn: Connection, actor: Actor, store: Store, body: bytes, name: str) -> str:
    """Store an uploaded file that was checked, and answer its hash. It waits a week for a run.

    Call `store.keep(body)` before the transaction. Raises QuotaExceeded.
    """
    digest = artifacts.put(conn, store, body)
    mine = (references.c.team_id == actor.team_id, references.c.kind == UPLOAD)
    known = select(references.c.id).where(*mine, references.c.hash == digest)
    conn.execute(delete(references).where(references.c.id.in_(known)))
    count = conn.execute(select(func.count()).select_from(references).where(*mine)).scalar_one()
    if count >= UPLOADS:
        raise QuotaExceeded("uploaded files without a run", UPLOADS)
    artifacts.refer(conn, actor, None, digest, UPLOAD, name)
    return digest


def forget(conn: Connection) -> None:
    """Drop uploads that no run came for in their time; those that one begins with stay with it."""
    old = references.c.created_at < now_ms() - UPLOAD_MS
    conn.execute(delete(references).where(references.c.kind == UPLOAD, old))

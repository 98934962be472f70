"""Artifacts: bytes by their SHA-256, in a row when small, in the store when large.

What refers to them are rows of `artifact_references` and of `checkpoints`. An artifact that
nothing refers to is collected after its time; until then a second `put` takes it back.
"""

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from gradus_runs import runs as run_rows
from gradus_runs.actor import Actor
from gradus_runs.database import insert_new, now_ms
from gradus_runs.errors import NotFound
from gradus_runs.ids import new_id
from gradus_runs.store import SMALL, Store, checked, digest_of
from gradus_runs.tables import artifacts, checkpoints, references

BATCH = 100  # artifacts removed in one transaction, since others wait for it on SQLite


@dataclass(frozen=True, slots=True)
class Reference:
    """A named artifact of a run; `size` in bytes."""

    id: str
    run_id: str | None
    hash: str
    kind: str
    name: str
    size: int
    created_at: int


def put(conn: Connection, store: Store, body: bytes) -> str:
    """The digest under which `body` is now stored.

    Call `store.keep(body)` before the transaction; a large body is written here only when a
    collector removed it in between.
    """
    digest = digest_of(body)
    row = insert_new(conn, artifacts).values(
        hash=digest,
        size=len(body),
        body=body if len(body) < SMALL else None,
        created_at=now_ms(),
    )
    conn.execute(
        row.on_conflict_do_update(index_elements=[artifacts.c.hash], set_={"collect_at": None})
    )
    if len(body) >= SMALL and not store.has(digest):
        store.keep(body)
    return digest


def get(conn: Connection, store: Store, digest: str) -> bytes:
    """The bytes under a digest; raises NotFound, or Damaged when they are not what it says."""
    row = conn.execute(
        select(artifacts.c.size, artifacts.c.body).where(artifacts.c.hash == digest)
    ).one_or_none()
    if row is None:
        raise NotFound("artifact", digest)
    return store.read(digest) if row.body is None else checked(digest, bytes(row.body))


def head(conn: Connection, store: Store, digest: str, count: int) -> tuple[bytes, int]:
    """The first `count` bytes under a digest, unchecked, and how many there are; raises as `get`."""
    row = conn.execute(
        select(artifacts.c.size, artifacts.c.body).where(artifacts.c.hash == digest)
    ).one_or_none()
    if row is None:
        raise NotFound("artifact", digest)
    found = store.head(digest, count) if row.body is None else bytes(row.body)[:count]
    return found, row.size


def refer(
    conn: Connection, actor: Actor, run_id: str | None, digest: str, kind: str, name: str
) -> str:
    """Name an artifact for a run of the actor's, so that it stays; answers the reference's id."""
    if run_id is not None:
        run_rows.get(conn, actor, run_id)
    reference_id = new_id("reference")
    conn.execute(
        insert(references).values(
            id=reference_id,
            team_id=actor.team_id,
            owner_id=actor.user_id,
            run_id=run_id,
            hash=digest,
            kind=kind,
            name=name,
            created_at=now_ms(),
        )
    )
    return reference_id


def of_run(conn: Connection, actor: Actor, run_id: str) -> list[Reference]:
    """The named artifacts of a run, oldest first."""
    run_rows.get(conn, actor, run_id)
    found = (
        select(
            references.c.id,
            references.c.run_id,
            references.c.hash,
            references.c.kind,
            references.c.name,
            artifacts.c.size,
            references.c.created_at,
        )
        .join(artifacts, artifacts.c.hash == references.c.hash)
        .where(references.c.run_id == run_id)
        .order_by(references.c.id)
    )
    return [Reference(**row._mapping) for row in conn.execute(found)]


def release(conn: Connection, digests: list[str], grace_ms: int) -> None:
    """Let artifacts be collected after `grace_ms`, for those who are reading them now."""
    conn.execute(
        update(artifacts)
        .where(artifacts.c.hash.in_(digests), ~_referred())
        .values(collect_at=now_ms() + grace_ms)
    )


def collect(conn: Connection, store: Store, grace_ms: int) -> int:
    """Remove artifacts whose time has come, and start the clock for those that lost their last
    reference. Answers how many were removed, at most a hundred.

    The files go inside the transaction, while the rows are locked: a `put` of the same bytes
    waits for it, then misses the file and writes it anew.
    """
    conn.execute(
        update(artifacts)
        .where(artifacts.c.collect_at.is_(None), ~_referred())
        .values(collect_at=now_ms() + grace_ms)
    )
    conn.execute(
        update(artifacts)
        .where(artifacts.c.collect_at.is_not(None), _referred())
        .values(collect_at=None)
    )
    due = (
        select(artifacts.c.hash)
        .where(artifacts.c.collect_at <= now_ms())
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    digests = list(conn.execute(due).scalars())
    gone = conn.execute(
        delete(artifacts)
        .where(artifacts.c.hash.in_(digests), ~_referred())
        .returning(artifacts.c.hash)
    )
    removed = list(gone.scalars())
    for digest in removed:
        store.remove(digest)
    return len(removed)


def _referred() -> ColumnElement[bool]:
    return or_(
        exists().where(references.c.hash == artifacts.c.hash),
        exists().where(checkpoints.c.tensors_hash == artifacts.c.hash),
    )

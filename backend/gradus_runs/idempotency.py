"""Idempotency keys: a request sent twice under one key is carried out once.

The key is written first and the answer last, in the transaction of the request itself. A
second request with the key waits for the first to end, on either database, then finds the
answer; if the first was rolled back it finds nothing and goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from gradus_runs.actor import Actor
from gradus_runs.database import insert_new, now_ms
from gradus_runs.errors import KeyReused
from gradus_runs.tables import idempotency

KEPT_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first request was told."""

    status_code: int
    response: dict[str, Any]


def begin(conn: Connection, actor: Actor, key: str, body_hash: str) -> Answer | None:
    """The answer that the key already has; None when this request is the first, which then calls
    `finish`. Raises KeyReused when the key came with another body.
    """
    old = idempotency.c.created_at < now_ms() - KEPT_MS
    conn.execute(delete(idempotency).where(_own(actor, key), old))
    first = (
        insert_new(conn, idempotency)
        .values(
            team_id=actor.team_id,
            owner_id=actor.user_id,
            key=key,
            body_hash=body_hash,
            status_code=0,
            response={},
            created_at=now_ms(),
        )
        .on_conflict_do_nothing()
        .returning(idempotency.c.key)
    )
    if conn.execute(first).first():
        return None
    row = conn.execute(select(idempotency).where(_own(actor, key))).one()
    if row.body_hash != body_hash:
        raise KeyReused(key)
    return Answer(row.status_code, row.response)


def finish(
    conn: Connection, actor: Actor, key: str, status_code: int, response: Mapping[str, Any]
) -> None:
    """Keep the answer for those who ask again within a day."""
    conn.execute(
        update(idempotency)
        .where(_own(actor, key))
        .values(status_code=status_code, response=response)
    )


def forget(conn: Connection) -> int:
    """Remove answers older than a day; says how many."""
    old = idempotency.c.created_at < now_ms() - KEPT_MS
    return conn.execute(delete(idempotency).where(old)).rowcount


def _own(actor: Actor, key: str) -> ColumnElement[bool]:
    return and_(idempotency.c.owner_id == actor.user_id, idempotency.c.key == key)

"""Shares: links that open one run to anybody who has them, for reading only."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, or_, select, update

from gradus_runs import runs as run_rows
from gradus_runs.actor import Actor
from gradus_runs.database import now_ms
from gradus_runs.errors import NotFound, Unauthorized
from gradus_runs.ids import new_id
from gradus_runs.secret import hash_of, new_secret
from gradus_runs.tables import shares


@dataclass(frozen=True, slots=True)
class Share:
    """What may be shown of a share."""

    id: str
    run_id: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class Guest:
    """Who comes by a link: may read this one run, and no other of the team's."""

    run_id: str
    actor: Actor


def make(
    conn: Connection, actor: Actor, run_id: str, life_ms: int | None = None
) -> tuple[Share, str]:
    """A new share and its secret, which is shown this once; raises NotFound."""
    run_rows.get(conn, actor, run_id)
    secret = new_secret()
    row = conn.execute(
        insert(shares)
        .values(
            id=new_id("share"),
            team_id=actor.team_id,
            owner_id=actor.user_id,
            run_id=run_id,
            secret_hash=hash_of(secret),
            created_at=now_ms(),
            expires_at=None if life_ms is None else now_ms() + life_ms,
        )
        .returning(*_COLUMNS)
    ).one()
    return Share(**row._mapping), secret


_COLUMNS = tuple(shares.c[name] for name in Share.__dataclass_fields__)


def find(conn: Connection, secret: str) -> Guest:
    """What a link opens; raises Unauthorized when it is unknown, revoked or expired."""
    row = conn.execute(
        select(shares).where(
            shares.c.secret_hash == hash_of(secret),
            shares.c.revoked_at.is_(None),
            or_(shares.c.expires_at.is_(None), shares.c.expires_at > now_ms()),
        )
    ).one_or_none()
    if row is None:
        raise Unauthorized("This link opens nothing any more.")
    actor = Actor(row.owner_id, row.team_id, "viewer", frozenset({"read"}))
    return Guest(row.run_id, actor)


def of_run(conn: Connection, actor: Actor, run_id: str) -> list[Share]:
    """The shares of a run, oldest first."""
    run_rows.get(conn, actor, run_id)
    found = select(*_COLUMNS).where(shares.c.run_id == run_id).order_by(shares.c.id)
    return [Share(**row._mapping) for row in conn.execute(found)]


def revoke(conn: Connection, actor: Actor, share_id: str) -> None:
    """Close a link for good; raises NotFound."""
    closed = (
        update(shares)
        .where(
            shares.c.id == share_id,
            shares.c.team_id == actor.team_id,
            shares.c.revoked_at.is_(None),
        )
        .values(revoked_at=now_ms())
    )
    if conn.execute(closed).rowcount == 0:
        raise NotFound("share", share_id)

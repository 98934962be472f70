"""Sessions of browsers, and the launch codes that open them on a laptop."""

from sqlalchemy import Connection, and_, insert, select, update

from gradus_runs.actor import SCOPES, Actor
from gradus_runs.database import now_ms
from gradus_runs.errors import Unauthorized
from gradus_runs.secret import hash_of, new_secret
from gradus_runs.tables import launch_codes, memberships, sessions

SESSION_MS = 30 * 86_400_000
LAUNCH_MS = 300_000


def start(conn: Connection, actor: Actor, life_ms: int = SESSION_MS) -> str:
    """A new session; answers the secret for the cookie."""
    return _insert(conn, actor.team_id, actor.user_id, life_ms)


def _insert(conn: Connection, team_id: str, owner_id: str, life_ms: int) -> str:
    secret = new_secret()
    conn.execute(
        insert(sessions).values(
            id_hash=hash_of(secret),
            team_id=team_id,
            owner_id=owner_id,
            created_at=now_ms(),
            expires_at=now_ms() + life_ms,
        )
    )
    return secret


def find(conn: Connection, secret: str) -> Actor:
    """Whose session it is; raises Unauthorized when it is unknown, ended or expired."""
    member = and_(
        memberships.c.team_id == sessions.c.team_id, memberships.c.user_id == sessions.c.owner_id
    )
    row = conn.execute(
        select(sessions.c.owner_id, sessions.c.team_id, memberships.c.role)
        .join(memberships, member)
        .where(
            sessions.c.id_hash == hash_of(secret),
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > now_ms(),
        )
    ).one_or_none()
    if row is None:
        raise Unauthorized("This session has ended; sign in again.")
    return Actor(row.owner_id, row.team_id, row.role, SCOPES)


def end(conn: Connection, secret: str) -> None:
    """Sign out."""
    conn.execute(
        update(sessions)
        .where(sessions.c.id_hash == hash_of(secret), sessions.c.revoked_at.is_(None))
        .values(revoked_at=now_ms())
    )


def launch_code(conn: Connection, actor: Actor, life_ms: int = LAUNCH_MS) -> str:
    """A code for the address that opens the browser: good once, for five minutes."""
    code = new_secret()
    conn.execute(
        insert(launch_codes).values(
            code_hash=hash_of(code),
            team_id=actor.team_id,
            owner_id=actor.user_id,
            expires_at=now_ms() + life_ms,
        )
    )
    return code


def launch(conn: Connection, code: str) -> str:
    """Spend a launch code; answers the secret of a new session.

    Raises Unauthorized when it is unknown, spent or expired. Of two requests with one code
    the row's lock lets only the first succeed.
    """
    spent = (
        update(launch_codes)
        .where(
            launch_codes.c.code_hash == hash_of(code),
            launch_codes.c.used_at.is_(None),
            launch_codes.c.expires_at > now_ms(),
        )
        .values(used_at=now_ms())
        .returning(launch_codes.c.team_id, launch_codes.c.owner_id)
    )
    row = conn.execute(spent).one_or_none()
    if row is None:
        raise Unauthorized("This launch code was used or is over; `gradus up` prints a new one.")
    return _insert(conn, row.team_id, row.owner_id, SESSION_MS)

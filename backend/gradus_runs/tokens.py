"""Tokens for scripts: `grd_<key 8>_<secret 43>_<check 6>`.

The key finds the row, the hash of the secret proves it, and the check (CRC-32 in base 36)
lets a scanner tell a real token from a random word, and us a typing error, without a query.
"""

import secrets
import string
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from secrets import compare_digest

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from gradus_runs.actor import SCOPES, Actor
from gradus_runs.database import now_ms
from gradus_runs.errors import Invalid, NotFound, Unauthorized
from gradus_runs.ids import new_id
from gradus_runs.secret import hash_of, new_secret
from gradus_runs.tables import memberships, tokens

PREFIX = "grd"
KEY, SECRET, CHECK = 8, 43, 6
LENGTH = len(PREFIX) + 1 + KEY + 1 + SECRET + 1 + CHECK
DIGITS = string.digits + string.ascii_lowercase
USED_MS = 60_000  # a token in use writes its time once a minute, not with every request


@dataclass(frozen=True, slots=True)
class Token:
    """What may be shown of a token."""

    id: str
    name: str
    key: str
    scopes: list[str]
    created_at: int
    expires_at: int | None
    used_at: int | None
    revoked_at: int | None


def mint(
    conn: Connection,
    actor: Actor,
    *,
    name: str,
    scopes: Iterable[str],
    life_ms: int | None = None,
) -> tuple[Token, str]:
    """A new token of the actor's, and its text, which is shown this once.

    Raises Invalid for a scope that is unknown or that the actor has not.
    """
    wanted = sorted(set(scopes))
    if beyond := set(wanted) - (SCOPES & actor.scopes):
        raise Invalid(f"Scopes that cannot be given: {', '.join(sorted(beyond))}.", what="scopes")
    key = "".join(secrets.choice(DIGITS) for _ in range(KEY))
    secret = new_secret()
    row = conn.execute(
        insert(tokens)
        .values(
            id=new_id("token"),
            team_id=actor.team_id,
            owner_id=actor.user_id,
            name=name,
            key=key,
            secret_hash=hash_of(secret),
            scopes=wanted,
            created_at=now_ms(),
            expires_at=None if life_ms is None else now_ms() + life_ms,
        )
        .returning(*_COLUMNS)
    ).one()
    return Token(**row._mapping), spelled(key, secret)


_COLUMNS = tuple(tokens.c[name] for name in Token.__dataclass_fields__)


def spelled(key: str, secret: str) -> str:
    """The text of a token, with its check."""
    body = f"{PREFIX}_{key}_{secret}"
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECK):
        rest, digit = divmod(rest, len(DIGITS))
        digits = DIGITS[digit] + digits
    return f"{body}_{digits}"


def split(text: str) -> tuple[str, str]:
    """Key and secret of a token's text; raises Unauthorized for what is no token."""
    body = text[: -CHECK - 1]
    key, secret = body[len(PREFIX) + 1 :][:KEY], body[-SECRET:]
    whole = text.isascii() and len(text) == LENGTH
    if not whole or text != spelled(key, secret):
        raise Unauthorized("This is not a token.")
    return key, secret


def find(conn: Connection, text: str) -> Actor:
    """Whom a token speaks for; raises Unauthorized when it is unknown, revoked or expired."""
    key, secret = split(text)
    member = and_(
        memberships.c.team_id == tokens.c.team_id, memberships.c.user_id == tokens.c.owner_id
    )
    valid = (
        tokens.c.revoked_at.is_(None),
        or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > now_ms()),
    )
    row = conn.execute(
        select(tokens, memberships.c.role)
        .join(memberships, member)
        .where(tokens.c.key == key, *valid)
    ).one_or_none()
    if row is None or not compare_digest(row.secret_hash, hash_of(secret)):
        raise Unauthorized("This token opens nothing: it is unknown, revoked or expired.")
    return Actor(row.owner_id, row.team_id, row.role, frozenset(row.scopes))


def use(conn: Connection, text: str) -> None:
    """Note that a token was used, at most once a minute."""
    key, _ = split(text)
    fresh = tokens.c.used_at > now_ms() - USED_MS
    conn.execute(
        update(tokens)
        .where(tokens.c.key == key, or_(tokens.c.used_at.is_(None), ~fresh))
        .values(used_at=now_ms())
    )


def page(conn: Connection, actor: Actor) -> list[Token]:
    """The actor's own tokens, oldest first."""
    found = select(*_COLUMNS).where(_own(actor)).order_by(tokens.c.id)
    return [Token(**row._mapping) for row in conn.execute(found)]


def revoke(conn: Connection, actor: Actor, token_id: str) -> None:
    """End one of the actor's tokens for good; raises NotFound."""
    ended = (
        update(tokens)
        .where(tokens.c.id == token_id, _own(actor), tokens.c.revoked_at.is_(None))
        .values(revoked_at=now_ms())
    )
    if conn.execute(ended).rowcount == 0:
        raise NotFound("token", token_id)


def end(conn: Connection, text: str) -> None:
    """Revoke the token of this text; whoever knows it may. Raises Unauthorized when it is none."""
    find(conn, text)
    conn.execute(update(tokens).where(tokens.c.key == split(text)[0]).values(revoked_at=now_ms()))


def _own(actor: Actor) -> ColumnElement[bool]:
    return and_(tokens.c.team_id == actor.team_id, tokens.c.owner_id == actor.user_id)

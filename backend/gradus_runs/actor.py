"""Who asks. Every function that a request can reach takes the actor and sees only its team."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from gradus_runs.database import insert_new, now_ms
from gradus_runs.tables import memberships, teams, users

Role = Literal["viewer", "editor", "owner", "admin"]
SCOPES = frozenset({"read", "write", "admin"})

LAPTOP_TEAM = "team_laptop"
LAPTOP_USER = "user_laptop"


@dataclass(frozen=True, slots=True)
class Actor:
    """A user in a team, with what this way of signing in allows."""

    user_id: str
    team_id: str
    role: Role
    scopes: frozenset[str]


def laptop(conn: Connection) -> Actor:
    """The one person of a laptop, made with the one team when they are not there yet.

    The ids are fixed, so that server and worker may both be the first.
    """
    for table, row in (
        (teams, {"id": LAPTOP_TEAM, "name": "Laptop", "created_at": now_ms()}),
        (users, {"id": LAPTOP_USER, "name": "laptop", "created_at": now_ms()}),
        (memberships, {"team_id": LAPTOP_TEAM, "user_id": LAPTOP_USER, "role": "admin"}),
    ):
        conn.execute(insert_new(conn, table).values(**row).on_conflict_do_nothing())
    return Actor(LAPTOP_USER, LAPTOP_TEAM, "admin", SCOPES)

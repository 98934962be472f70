"""Who is asking: somebody signed in, the guest of one shared run, or nobody."""

import logging
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from gradus_runs import sessions, shares, tokens
from gradus_runs.actor import Actor
from gradus_runs.database import reading
from gradus_runs.errors import NotFound, RunsError
from gradus_server.origin import bearer
from gradus_server.policy import Rule, permits
from gradus_server.problems import Refused

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """`run_id` is set for a guest: the one run that the link opens, to be read only."""

    actor: Actor | None = None
    run_id: str | None = None

    @property
    def is_guest(self) -> bool:
        return self.run_id is not None

    def may(self, rule: Rule) -> bool:
        """Whether somebody signed in passes the rule; a guest only reads."""
        if self.actor is None or self.is_guest:
            return False
        return permits(rule, self.actor.role, self.actor.scopes)

    def admit(self, rule: Rule, run_id: str | None = None) -> None:
        """Return when the rule lets this visitor do it, to that run; raises `Refused` or NotFound."""
        if rule.scope is None:
            return
        if self.actor is None:
            raise Refused(401, "http.unauthorized")
        if not permits(rule, self.actor.role, self.actor.scopes):
            raise Refused(403, "http.scope", {"scope": rule.scope.value})
        if self.run_id is not None and not (rule.share and run_id == self.run_id):
            raise NotFound("run", run_id or "")


NOBODY = Visitor()


class Kind(StrEnum):
    TOKEN = "token"
    COOKIE = "cookie"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret and the way it came."""

    kind: Kind
    secret: str

    def __repr__(self) -> str:  # it must not reach a log
        return f"Credential({self.kind})"


def credential(headers: Headers, cookie: str, share: str | None = None) -> Credential | None:
    """What a request brings: a link's secret before a token, a token before the cookie."""
    if share:
        return Credential(Kind.SHARE, share)
    if token := bearer(headers):
        return Credential(Kind.TOKEN, token)
    if session := cookie_parser(headers.get("cookie", "")).get(cookie):
        return Credential(Kind.COOKIE, session)
    return None


class Visitors:
    """The door: which visitor a credential stands for."""

    def __init__(self, engine: Engine, cookie: str) -> None:
        self.cookie = cookie
        self._engine = engine

    def open(self, credential: Credential | None) -> Visitor:
        """Blocking. Raises Unauthorized for a secret that opens nothing; without one it is nobody."""
        if credential is None:
            return NOBODY
        with reading(self._engine) as conn:
            if credential.kind is Kind.SHARE:
                guest = shares.find(conn, credential.secret)
                return Visitor(guest.actor, guest.run_id)
            find = tokens.find if credential.kind is Kind.TOKEN else sessions.find
            return Visitor(find(conn, credential.secret))

    def lasts(self, credential: Credential | None) -> bool:
        """Blocking. Whether it opens still; true while the database cannot tell."""
        try:
            self.open(credential)
        except RunsError:
            return False
        except SQLAlchemyError:
            log.warning("rights are not checked while the database is away")
        return True

"""Shares open one run for reading, until they are closed."""

import pytest
from sqlalchemy import Engine

from gradus_runs import shares
from gradus_runs.actor import SCOPES, Actor
from gradus_runs.database import reading, writing
from gradus_runs.errors import NotFound, Unauthorized
from tests.gradus_runs.plans import make_run


def test_guest_may_read_that_run_only(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    with writing(database) as conn:
        share, secret = shares.make(conn, actor, run.id)
        guest = shares.find(conn, secret)
        assert shares.of_run(conn, actor, run.id) == [share]
    assert guest.run_id == run.id
    assert (guest.actor.role, guest.actor.scopes) == ("viewer", {"read"})


def test_closed_and_expired_links_open_nothing(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    with writing(database) as conn:
        share, closed = shares.make(conn, actor, run.id)
        _, expired = shares.make(conn, actor, run.id, life_ms=-1)
        shares.revoke(conn, actor, share.id)
        with pytest.raises(NotFound):
            shares.revoke(conn, actor, share.id)
    for secret in (closed, expired, "unknown"):
        with pytest.raises(Unauthorized), reading(database) as conn:
            shares.find(conn, secret)


def test_strangers_share_nothing_of_ours(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    stranger = Actor("user_x", "team_x", "admin", SCOPES)
    with writing(database) as conn:
        share, _ = shares.make(conn, actor, run.id)
        with pytest.raises(NotFound):
            shares.make(conn, stranger, run.id)
        with pytest.raises(NotFound):
            shares.of_run(conn, stranger, run.id)
        with pytest.raises(NotFound):
            shares.revoke(conn, stranger, share.id)

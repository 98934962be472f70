"""Tokens open what they were given, and nothing after their end."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from gradus_runs import tokens
from gradus_runs.actor import SCOPES, Actor
from gradus_runs.database import reading, writing
from gradus_runs.errors import Invalid, NotFound, Unauthorized
from gradus_runs.tables import memberships
from gradus_runs.tables import tokens as table


def mint(database: Engine, actor: Actor, **options: Any) -> tuple[tokens.Token, str]:
    with writing(database) as conn:
        return tokens.mint(conn, actor, **{"name": "ci", "scopes": ["read"]} | options)


def find(database: Engine, text: str) -> Actor:
    with reading(database) as conn:
        return tokens.find(conn, text)


def test_token_speaks_for_its_owner_within_its_scopes(database: Engine, actor: Actor) -> None:
    _, text = mint(database, actor, scopes=["write", "read"])
    found = find(database, text)
    assert (found.user_id, found.team_id, found.role) == (actor.user_id, actor.team_id, "admin")
    assert found.scopes == {"read", "write"}


def test_text_has_the_form_that_scanners_know(database: Engine, actor: Actor) -> None:
    for _ in range(20):
        _, text = mint(database, actor)
        assert re.fullmatch(r"grd_[0-9a-z]{8}_[A-Za-z0-9_-]{43}_[0-9a-z]{6}", text)


def test_secret_is_kept_nowhere(database: Engine, actor: Actor) -> None:
    _, text = mint(database, actor)
    _, secret = tokens.split(text)
    with reading(database) as conn:
        row = conn.execute(select(table)).one()
    assert secret not in repr(row)


def test_any_other_character_opens_nothing(database: Engine, actor: Actor) -> None:
    _, text = mint(database, actor)
    for place in range(len(text)):
        other = text[:place] + ("a" if text[place] != "a" else "b") + text[place + 1 :]
        with pytest.raises(Unauthorized):
            find(database, other)


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda b: b.decode("latin-1")))
def test_words_are_no_tokens(text: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.split(text)


def test_right_form_with_a_wrong_secret_opens_nothing(database: Engine, actor: Actor) -> None:
    token, _ = mint(database, actor)
    other, text = mint(database, actor)
    key, secret = tokens.split(text)
    assert key == other.key
    with pytest.raises(Unauthorized, match="unknown, revoked or expired"):
        find(database, tokens.spelled(token.key, secret))


def test_revoked_expired_and_orphaned_tokens_open_nothing(database: Engine, actor: Actor) -> None:
    token, text = mint(database, actor)
    _, expired = mint(database, actor, life_ms=-1)
    _, orphaned = mint(database, actor)
    with writing(database) as conn:
        tokens.revoke(conn, actor, token.id)
        with pytest.raises(NotFound):
            tokens.revoke(conn, actor, token.id)
    for ended in (text, expired):
        with pytest.raises(Unauthorized):
            find(database, ended)
    with writing(database) as conn:
        conn.execute(delete(memberships))
    with pytest.raises(Unauthorized):
        find(database, orphaned)


def test_nobody_gives_more_than_he_has(database: Engine, actor: Actor) -> None:
    reader = Actor(actor.user_id, actor.team_id, "viewer", frozenset({"read"}))
    for giver, scopes in ((reader, ["write"]), (actor, ["everything"])):
        with pytest.raises(Invalid, match=scopes[0]):
            mint(database, giver, scopes=scopes)


def test_use_is_noted_once_a_minute(database: Engine, actor: Actor) -> None:
    _, text = mint(database, actor)
    noted = []
    for _ in range(2):
        with writing(database) as conn:
            tokens.use(conn, text)
            noted.append(tokens.page(conn, actor)[0].used_at)
    assert noted[0] is not None
    assert noted[0] == noted[1]


def test_lists_show_the_actors_own(database: Engine, actor: Actor) -> None:
    token, _ = mint(database, actor)
    with reading(database) as conn:
        assert tokens.page(conn, actor) == [token]
        assert tokens.page(conn, Actor("user_x", actor.team_id, "admin", SCOPES)) == []

"""Sessions of browsers, and launch codes that open one once."""

import threading

import pytest
from sqlalchemy import Engine

from gradus_runs import sessions
from gradus_runs.actor import Actor
from gradus_runs.database import reading, write, writing
from gradus_runs.errors import Unauthorized


def find(database: Engine, secret: str) -> Actor:
    with reading(database) as conn:
        return sessions.find(conn, secret)


def test_session_is_its_users_until_it_ends(database: Engine, actor: Actor) -> None:
    with writing(database) as conn:
        secret = sessions.start(conn, actor)
    assert find(database, secret) == actor
    with writing(database) as conn:
        sessions.end(conn, secret)
    with pytest.raises(Unauthorized):
        find(database, secret)


@pytest.mark.parametrize("secret", ["", "x", "\0", "\ud800", "é" * 5000])
def test_other_words_open_nothing(database: Engine, secret: str) -> None:
    with pytest.raises(Unauthorized):
        find(database, secret)


def test_expired_session_opens_nothing(database: Engine, actor: Actor) -> None:
    with writing(database) as conn:
        secret = sessions.start(conn, actor, life_ms=-1)
    with pytest.raises(Unauthorized):
        find(database, secret)


def test_launch_code_opens_a_session_once(database: Engine, actor: Actor) -> None:
    with writing(database) as conn:
        code = sessions.launch_code(conn, actor)
        secret = sessions.launch(conn, code)
    assert find(database, secret) == actor
    with pytest.raises(Unauthorized, match="was used"), writing(database) as conn:
        sessions.launch(conn, code)


def test_launch_code_is_over_after_its_time(database: Engine, actor: Actor) -> None:
    with writing(database) as conn:
        code = sessions.launch_code(conn, actor, life_ms=-1)
    with pytest.raises(Unauthorized), writing(database) as conn:
        sessions.launch(conn, code)


def test_of_several_with_one_code_one_is_let_in(database: Engine, actor: Actor) -> None:
    with writing(database) as conn:
        code = sessions.launch_code(conn, actor)
    gate = threading.Barrier(4)
    opened: list[str] = []
    refused: list[Unauthorized] = []

    def knock() -> None:
        gate.wait()
        try:
            opened.append(write(database, lambda conn: sessions.launch(conn, code)))
        except Unauthorized as error:
            refused.append(error)

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(opened), len(refused)) == (1, 3)

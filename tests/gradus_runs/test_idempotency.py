"""One key, one effect: also when two requests come at one moment, or the first fails."""

import threading

import pytest
from sqlalchemy import Connection, Engine, update

from gradus_runs import idempotency, listing, runs
from gradus_runs.actor import Actor
from gradus_runs.database import reading, write, writing
from gradus_runs.errors import KeyReused
from gradus_runs.tables import idempotency as table
from tests.gradus_runs.plans import DOCUMENT, small_plan


def create(conn: Connection, actor: Actor, key: str, body_hash: str = "b" * 64) -> str:
    """What the route of `POST /runs` does with a key."""
    if answer := idempotency.begin(conn, actor, key, body_hash):
        return str(answer.response["id"])
    run = runs.create(conn, actor, small_plan(), DOCUMENT, name="run")
    idempotency.finish(conn, actor, key, 201, {"id": run.id})
    return run.id


def count(database: Engine, actor: Actor) -> int:
    with reading(database) as conn:
        return len(listing.page(conn, actor).runs)


def test_second_request_gets_the_first_answer(database: Engine, actor: Actor) -> None:
    made = [write(database, lambda conn: create(conn, actor, "k")) for _ in range(3)]
    assert len(set(made)) == 1
    assert count(database, actor) == 1
    with writing(database) as conn:
        answer = idempotency.begin(conn, actor, "k", "b" * 64)
    assert answer == idempotency.Answer(201, {"id": made[0]})


def test_other_body_under_one_key_is_refused(database: Engine, actor: Actor) -> None:
    write(database, lambda conn: create(conn, actor, "k"))
    with pytest.raises(KeyReused, match="'k'"):
        write(database, lambda conn: create(conn, actor, "k", "c" * 64))


def test_failed_request_leaves_its_key_free(database: Engine, actor: Actor) -> None:
    def fail(conn: Connection) -> None:
        create(conn, actor, "k")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(database, fail)
    write(database, lambda conn: create(conn, actor, "k"))
    assert count(database, actor) == 1


def test_requests_at_one_moment_make_one_run(database: Engine, actor: Actor) -> None:
    gate = threading.Barrier(4)
    made: list[str] = []

    def request() -> None:
        gate.wait()
        made.append(write(database, lambda conn: create(conn, actor, "k")))

    threads = [threading.Thread(target=request) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert count(database, actor) == 1


def test_key_is_free_again_after_a_day(database: Engine, actor: Actor) -> None:
    first = write(database, lambda conn: create(conn, actor, "k"))
    write(database, lambda conn: create(conn, actor, "other"))
    with writing(database) as conn:
        conn.execute(update(table).values(created_at=table.c.created_at - idempotency.KEPT_MS - 1))
    assert write(database, lambda conn: create(conn, actor, "k")) != first
    assert write(database, idempotency.forget) == 1

"""Workers are there while they say so."""

from typing import Any

from sqlalchemy import Connection, Engine

from gradus_runs import workers
from gradus_runs.database import reading, writing


def announce(conn: Connection, name: str, **options: Any) -> None:
    facts = {
        "host": "h", "pid": 1, "queues": ["train"], "children": 2, "warm": 0,
        "identity": {"device": "cpu"}, "lease_ms": 30_000,
    }  # fmt: skip
    workers.announce(conn, name, **facts | options)


def test_children_are_counted_by_queue(database: Engine) -> None:
    with writing(database) as conn:
        announce(conn, "worker_1")
        announce(conn, "worker_2", queues=["train", "inspect"], children=1)
        announce(conn, "worker_3", lease_ms=-1)
    with reading(database) as conn:
        assert workers.children(conn) == {"train": 3, "inspect": 1}


def test_announcing_again_renews(database: Engine) -> None:
    with writing(database) as conn:
        announce(conn, "worker_1", lease_ms=-1)
        assert workers.alive(conn) == []
        announce(conn, "worker_1", warm=2)
        (worker,) = workers.alive(conn)
    assert (worker.warm, worker.identity) == (2, {"device": "cpu"})


def test_who_leaves_is_gone_and_who_was_lost_is_forgotten(database: Engine) -> None:
    with writing(database) as conn:
        announce(conn, "worker_1")
        announce(conn, "worker_2", lease_ms=-1)
        workers.leave(conn, "worker_1")
        assert workers.alive(conn) == []
        assert workers.forget(conn) == 1

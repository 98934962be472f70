"""Artifacts: small ones in the row, large ones in the store, gone only when nothing needs them."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from gradus_runs import artifacts, runs
from gradus_runs.actor import SCOPES, Actor
from gradus_runs.database import reading, writing
from gradus_runs.errors import Damaged, NotFound
from gradus_runs.store import SMALL, Store
from gradus_runs.tables import artifacts as table
from tests.gradus_runs.plans import make_run

LARGE = os.urandom(SMALL + 1)
DAY = 86_400_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "artifacts")


def put(database: Engine, store: Store, body: bytes) -> str:
    with writing(database) as conn:
        return artifacts.put(conn, store, body)


def get(database: Engine, store: Store, digest: str) -> bytes:
    with reading(database) as conn:
        return artifacts.get(conn, store, digest)


def collect(database: Engine, store: Store, grace_ms: int = DAY) -> int:
    with writing(database) as conn:
        return artifacts.collect(conn, store, grace_ms)


def a_day_later(database: Engine) -> None:
    with writing(database) as conn:
        conn.execute(update(table).values(collect_at=table.c.collect_at - DAY - 1))


@pytest.mark.parametrize("body", [b"", b"small", LARGE])
def test_bytes_come_back(database: Engine, store: Store, body: bytes) -> None:
    assert get(database, store, put(database, store, body)) == body


def test_only_large_bodies_make_files(database: Engine, store: Store) -> None:
    assert not store.has(put(database, store, b"small"))
    assert store.has(put(database, store, LARGE))
    with reading(database) as conn:
        sizes = {r.size: r.body for r in conn.execute(select(table.c.size, table.c.body))}
    assert sizes == {5: b"small", len(LARGE): None}


def test_damage_is_seen_in_the_row_and_in_the_file(database: Engine, store: Store) -> None:
    small, large = put(database, store, b"small"), put(database, store, LARGE)
    with writing(database) as conn:
        conn.execute(update(table).where(table.c.hash == small).values(body=b"smaII"))
    store.path(large).write_bytes(LARGE[:-1] + b"?")
    for digest in (small, large):
        with pytest.raises(Damaged, match=digest):
            get(database, store, digest)


def test_unknown_hash_is_not_found(database: Engine, store: Store) -> None:
    with pytest.raises(NotFound):
        get(database, store, "0" * 64)


def test_unreferenced_artifact_goes_after_its_time(database: Engine, store: Store) -> None:
    digest = put(database, store, LARGE)
    assert collect(database, store) == 0
    assert collect(database, store) == 0
    a_day_later(database)
    assert collect(database, store) == 1
    assert not store.has(digest)
    with pytest.raises(NotFound):
        get(database, store, digest)


def test_reference_keeps_an_artifact_as_long_as_its_run(
    database: Engine, actor: Actor, store: Store
) -> None:
    run = make_run(database, actor)
    digest = put(database, store, LARGE)
    with writing(database) as conn:
        artifacts.refer(conn, actor, run.id, digest, "export", "net.onnx")
        (named,) = artifacts.of_run(conn, actor, run.id)
    assert (named.hash, named.kind, named.name, named.size) == (
        digest, "export", "net.onnx", len(LARGE),
    )  # fmt: skip
    collect(database, store, grace_ms=-1)
    assert collect(database, store, grace_ms=-1) == 0
    with writing(database) as conn:
        runs.delete(conn, actor, run.id)
    assert collect(database, store, grace_ms=-1) == 1


def test_second_put_takes_a_doomed_artifact_back(database: Engine, store: Store) -> None:
    digest = put(database, store, LARGE)
    collect(database, store)
    a_day_later(database)
    put(database, store, LARGE)
    assert collect(database, store) == 0
    assert get(database, store, digest) == LARGE


def test_put_after_collection_writes_the_file_anew(database: Engine, store: Store) -> None:
    digest = store.keep(LARGE)
    store.remove(digest)
    assert put(database, store, LARGE) == digest
    assert get(database, store, digest) == LARGE


def test_strangers_can_neither_name_nor_list(database: Engine, actor: Actor, store: Store) -> None:
    run = make_run(database, actor)
    digest = put(database, store, b"x")
    stranger = Actor("user_x", "team_x", "admin", SCOPES)
    with writing(database) as conn:
        with pytest.raises(NotFound):
            artifacts.refer(conn, stranger, run.id, digest, "export", "mine")
        with pytest.raises(NotFound):
            artifacts.of_run(conn, stranger, run.id)

"""What goes by itself, and what stays."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from gradus_runs import artifacts, listing, retention, runs, sessions
from gradus_runs.actor import Actor
from gradus_runs.database import reading, writing
from gradus_runs.settings import load
from gradus_runs.store import SMALL, Store
from tests.gradus_runs.plans import claim_run, make_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "artifacts")


def expire(database: Engine) -> list[str]:
    with writing(database) as conn:
        return retention.expire(conn)


def test_scratch_run_goes_after_its_time(database: Engine, actor: Actor) -> None:
    over = make_run(database, actor, scratch_ms=-1)
    make_run(database, actor)
    make_run(database, actor, scratch=False)
    assert expire(database) == [over.id]
    with reading(database) as conn:
        assert len(listing.page(conn, actor).runs) == 2


def test_use_moves_the_expiry(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor, scratch_ms=-1)
    with writing(database) as conn:
        retention.touch(conn, run.id, 60_000)
    assert expire(database) == []


def test_a_use_just_after_another_is_not_written_down(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor, scratch_ms=60_000)
    with writing(database) as conn:
        retention.touch(conn, run.id, 60_000)
        assert not retention.is_due(conn, run.id, 60_000)
        assert retention.is_due(conn, run.id, 120_000)
        assert runs.get(conn, actor, run.id).expires_at == run.expires_at


def test_use_gives_no_expiry_to_a_run_that_stays(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor, scratch=False)
    with writing(database) as conn:
        retention.touch(conn, run.id, -1)
        assert runs.get(conn, actor, run.id).expires_at is None


def test_named_and_pinned_runs_stay(database: Engine, actor: Actor) -> None:
    named, pinned = (make_run(database, actor, scratch_ms=-1) for _ in range(2))
    with writing(database) as conn:
        runs.patch(conn, actor, named.id, name="mine")
        runs.patch(conn, actor, pinned.id, pinned=True)
    assert expire(database) == []


def test_held_run_is_not_taken_from_its_holder(database: Engine, actor: Actor) -> None:
    make_run(database, actor, scratch_ms=-1)
    claim_run(database)
    assert expire(database) == []


def test_sweep_clears_runs_then_what_only_they_referred_to(
    database: Engine, actor: Actor, store: Store
) -> None:
    run = make_run(database, actor, scratch_ms=-1)
    body = bytes(SMALL)
    with writing(database) as conn:
        digest = artifacts.put(conn, store, body)
        artifacts.refer(conn, actor, run.id, digest, "export", "x")
        old = sessions.start(conn, actor, life_ms=-1)
    settings = load({"GRADUS_COLLECT_HOURS": "0"})
    first = retention.sweep(database, store, settings)
    second = retention.sweep(database, store, settings)
    assert first.runs == 1
    assert first.artifacts + second.artifacts == 1
    assert not store.has(digest)
    assert old

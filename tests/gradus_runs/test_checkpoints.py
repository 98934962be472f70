"""Checkpoints: two to go on from, snapshots to look back at, never a wrong byte."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from gradus_runs import artifacts, checkpoints, log
from gradus_runs.actor import SCOPES, Actor
from gradus_runs.checkpoints import SNAPSHOTS, spaced
from gradus_runs.claim import Claim
from gradus_runs.database import reading, writing
from gradus_runs.errors import Damaged, Fenced, NotFound
from gradus_runs.store import SMALL, Store
from gradus_runs.tables import artifacts as artifact_table
from tests.gradus_runs.plans import claim_run, make_run

STATE = {"sampler": {"position": 3}, "identity": {"torch": "2.13"}}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "artifacts")


def write(
    database: Engine, claim: Claim, run_id: str, store: Store, step: int, *, kept: bool = False
) -> checkpoints.Written:
    tensors = body(step)
    store.keep(tensors)
    with writing(database) as conn:
        return checkpoints.write(
            conn, claim, run_id, store,
            tensors=tensors, state=STATE, step=step, samples=10 * step, kept=kept,
        )  # fmt: skip


def body(step: int) -> bytes:
    """Tensors of a step, too large for a row."""
    return step.to_bytes(8, "little") * (SMALL // 8)


def latest(database: Engine, store: Store, run_id: str) -> checkpoints.Loaded | None:
    with reading(database) as conn:
        return checkpoints.latest(conn, store, run_id)


def steps_of(database: Engine, actor: Actor, run_id: str) -> list[int]:
    with reading(database) as conn:
        return [row.step for row in checkpoints.page(conn, actor, run_id)]


def test_newest_comes_back_with_its_state(database: Engine, actor: Actor, store: Store) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim
    write(database, claim, run.id, store, 5)
    written = write(database, claim, run.id, store, 9)
    loaded = latest(database, store, run.id)
    assert loaded is not None
    assert (loaded.tensors, loaded.checkpoint.state) == (body(9), STATE)
    assert loaded.checkpoint == written.checkpoint
    assert written.event.body == {
        "checkpoint": written.checkpoint.id, "step": 9, "samples": 90, "size": SMALL, "kept": False,
    }  # fmt: skip


def test_run_without_checkpoint_has_none(database: Engine, actor: Actor, store: Store) -> None:
    assert latest(database, store, make_run(database, actor).id) is None


def test_two_are_kept_and_the_tensors_of_others_go_soon(
    database: Engine, actor: Actor, store: Store
) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim
    first = write(database, claim, run.id, store, 1).checkpoint
    for step in (2, 3, 4):
        write(database, claim, run.id, store, step)
    assert steps_of(database, actor, run.id) == [3, 4]
    assert store.has(first.tensors_hash)
    with writing(database) as conn:
        conn.execute(update(artifact_table).values(collect_at=artifact_table.c.collect_at - 60_001))
        assert artifacts.collect(conn, store, 86_400_000) == 2
    assert not store.has(first.tensors_hash)


def test_damaged_newest_falls_back_to_the_older(
    database: Engine, actor: Actor, store: Store
) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim
    write(database, claim, run.id, store, 5)
    newest = write(database, claim, run.id, store, 9).checkpoint
    path = store.path(newest.tensors_hash)
    whole = path.read_bytes()
    damages = [whole[:-1], b"", whole + b"\0", os.urandom(SMALL)]
    damages += [
        whole[:at] + bytes([whole[at] ^ 8]) + whole[at + 1 :] for at in (0, 4096, SMALL - 1)
    ]
    for damage in damages:
        path.write_bytes(damage)
        loaded = latest(database, store, run.id)
        assert loaded is not None
        assert (loaded.checkpoint.step, loaded.tensors) == (5, body(5))
        assert loaded.damaged == (newest,)
    path.unlink()
    loaded = latest(database, store, run.id)
    assert loaded is not None
    assert loaded.checkpoint.step == 5


def test_when_all_are_damaged_there_is_none(database: Engine, actor: Actor, store: Store) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim
    for step in (5, 9):
        digest = write(database, claim, run.id, store, step).checkpoint.tensors_hash
        store.path(digest).write_bytes(b"rot")
    assert latest(database, store, run.id) is None
    with reading(database) as conn, pytest.raises(Damaged):
        checkpoints.load(conn, store, run.id, 9)


def test_newer_holder_counts_more_than_a_higher_step(
    database: Engine, actor: Actor, store: Store
) -> None:
    run = make_run(database, actor)
    write(database, claim_run(database, "first", lease_ms=-1).claim, run.id, store, 90)
    write(database, claim_run(database, "second").claim, run.id, store, 70)
    loaded = latest(database, store, run.id)
    assert loaded is not None
    assert loaded.checkpoint.step == 70


def test_zombie_leaves_no_checkpoint(database: Engine, actor: Actor, store: Store) -> None:
    run = make_run(database, actor)
    zombie = claim_run(database, "first", lease_ms=-1).claim
    claim_run(database, "second")
    with pytest.raises(Fenced):
        write(database, zombie, run.id, store, 5)
    assert latest(database, store, run.id) is None


def test_snapshots_stay_and_are_said_in_the_log(
    database: Engine, actor: Actor, store: Store
) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim
    for step in (1, 2, 4, 8, 16):
        write(database, claim, run.id, store, step, kept=step in (1, 4))
    assert steps_of(database, actor, run.id) == [1, 4, 8, 16]
    with reading(database) as conn:
        types = [event.type for event in log.read(conn, run.id, after=1)]
        assert checkpoints.load(conn, store, run.id, 4).tensors == body(4)
        with pytest.raises(NotFound, match="step 2"):
            checkpoints.load(conn, store, run.id, 2)
    assert types == ["snapshot", "checkpoint", "snapshot", "checkpoint", "checkpoint"]


def test_strangers_see_no_checkpoints(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    with reading(database) as conn, pytest.raises(NotFound):
        checkpoints.page(conn, Actor("user_x", "team_x", "admin", SCOPES), run.id)


SNAPSHOT = st.tuples(st.integers(0, 10**9), st.integers(1, 10**6))


@given(st.lists(SNAPSHOT, max_size=150, unique_by=lambda s: s[0]), st.integers(1, 10**8))
def test_thinned_snapshots_keep_to_both_limits(
    snapshots: list[tuple[int, int]], budget: int
) -> None:
    chosen = spaced(snapshots, budget=budget)
    staying = [snapshot for snapshot, stays in zip(snapshots, chosen, strict=True) if stays]
    assert len(staying) <= SNAPSHOTS
    assert sum(size for _, size in staying) <= budget
    if len(snapshots) <= SNAPSHOTS and sum(size for _, size in snapshots) <= budget:
        assert staying == snapshots
    if len(staying) >= 2:
        steps = [step for step, _ in snapshots]
        assert {min(steps), max(steps)} <= {step for step, _ in staying}


def test_thinning_leaves_steps_even_on_a_logarithmic_axis() -> None:
    steps = list(range(1, 1025))
    chosen = spaced([(step, 1) for step in steps], count=11)
    kept = [step for step, stays in zip(steps, chosen, strict=True) if stays]
    ratios = [later / earlier for earlier, later in pairwise(kept)]
    assert kept[0] == 1
    assert kept[-1] == 1024
    assert max(ratios) < 3

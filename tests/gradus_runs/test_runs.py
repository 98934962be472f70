"""Runs are made whole, found by their team alone, listed page by page and moved by the table."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from gradus.events import FINAL, MOVES, Status
from gradus_runs import checkpoints, jobs, listing, log, runs
from gradus_runs.actor import SCOPES, Actor
from gradus_runs.database import reading, writing
from gradus_runs.errors import Invalid, NotAllowedMove, NotFound
from gradus_runs.store import Store
from gradus_runs.tables import chunks, events
from gradus_runs.tables import jobs as job_table
from gradus_runs.tables import runs as run_table
from tests.gradus_runs.plans import DOCUMENT, claim_run, make_run, metrics, small_plan, steps

STRANGER = Actor("user_x", "team_x", "admin", SCOPES)


def listed(database: Engine, actor: Actor, **options: Any) -> list[str]:
    with reading(database) as conn:
        return [run.name for run in listing.page(conn, actor, **options).runs]


def put(database: Engine, run: runs.Run, status: Status) -> None:
    with writing(database) as conn:
        conn.execute(update(run_table).where(run_table.c.id == run.id).values(status=status))


def test_run_comes_with_its_document_its_plan_and_a_job(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor, source="# mine", tags=("a", "b"), layout={"hue": 3})
    assert run.id.startswith("run_")
    assert (run.status, run.step, run.last_event, run.seed) == (Status.QUEUED, 0, 1, 7)
    assert (run.document, run.resolved, run.spec_hash) == (DOCUMENT, DOCUMENT, "a" * 64)
    assert (run.source, run.tags, run.layout) == ("# mine", ["a", "b"], {"hue": 3})
    assert (run.team_id, run.owner_id) == (actor.team_id, actor.user_id)
    with reading(database) as conn:
        assert jobs.claimable(conn, "train") == 1


@pytest.mark.parametrize(
    ("start", "goal", "status"),
    [
        ("run", None, Status.QUEUED),
        ("batch", {"step": 1}, Status.QUEUED),
        ("epoch", {"samples": 250}, Status.QUEUED),
        ("paused", {"step": 0}, Status.PAUSED),
    ],
)
def test_start_decides_where_it_pauses(
    database: Engine, actor: Actor, start: str, goal: object, status: Status
) -> None:
    run = make_run(database, actor, start=start)
    assert (run.goal, run.status) == (goal, status)


def test_plan_without_data_cannot_be_run(database: Engine, actor: Actor) -> None:
    plan = replace(small_plan(), dataset=None)
    with pytest.raises(Invalid, match="needs data"), writing(database) as conn:
        runs.create(conn, actor, plan, DOCUMENT, name="x")


def test_another_teams_runs_are_not_there(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    with writing(database) as conn:
        for reach in (runs.get, runs.patch, runs.delete, listing.tree):
            with pytest.raises(NotFound, match=run.id):
                reach(conn, STRANGER, run.id)
        with pytest.raises(NotFound):
            runs.create(conn, STRANGER, small_plan(), DOCUMENT, name="x", parent=run.id)
    assert listed(database, STRANGER) == []
    assert listed(database, actor) == ["test"]


def test_pages_go_through_all_runs_once_newest_first(database: Engine, actor: Actor) -> None:
    for n in range(7):
        make_run(database, actor, name=f"run {n}")
    seen: list[str] = []
    cursor = None
    with reading(database) as conn:
        while page := listing.page(conn, actor, cursor=cursor, limit=3):
            seen += [run.name for run in page.runs]
            cursor = page.cursor
            if cursor is None:
                break
    assert seen == [f"run {n}" for n in reversed(range(7))]


def test_lists_are_filtered_by_status_tag_and_part_of_the_name(
    database: Engine, actor: Actor
) -> None:
    make_run(database, actor, name="Spiral 100%", tags=("toy", "it's"))
    make_run(database, actor, name="digits", tags=("real",), start="paused")
    assert listed(database, actor, tag="it's") == ["Spiral 100%"]
    assert listed(database, actor, tag="to") == []
    assert listed(database, actor, name="sPIR") == ["Spiral 100%"]
    assert listed(database, actor, name="0%") == ["Spiral 100%"]
    assert listed(database, actor, name="%") == ["Spiral 100%"]
    assert listed(database, actor, status=[Status.PAUSED, Status.FAILED]) == ["digits"]


@pytest.mark.parametrize("cursor", ["", "x", "12", "12.", "-1.run_", "9" * 5000, "1.run_\0", "٣.a"])
def test_cursor_from_elsewhere_is_refused(database: Engine, actor: Actor, cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor"):
        listed(database, actor, cursor=cursor)


def test_naming_or_pinning_keeps_a_scratch_run(database: Engine, actor: Actor) -> None:
    first, second = make_run(database, actor), make_run(database, actor)
    assert first.expires_at is not None
    with writing(database) as conn:
        named = runs.patch(conn, actor, first.id, name="mine", tags=["t"])
        pinned = runs.patch(conn, actor, second.id, pinned=True)
    assert (named.name, named.tags, named.scratch, named.expires_at) == ("mine", ["t"], False, None)
    assert (pinned.pinned, pinned.expires_at) == (True, None)


def test_nothing_else_can_be_patched(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    with pytest.raises(Invalid, match="owner_id"), writing(database) as conn:
        runs.patch(conn, actor, run.id, owner_id="me")  # type: ignore[call-arg]


@pytest.mark.parametrize("status", list(Status))
def test_moves_are_exactly_those_of_the_table(
    database: Engine, actor: Actor, status: Status
) -> None:
    for to in Status:
        run = make_run(database, actor)
        put(database, run, status)
        if to in MOVES[status]:
            with writing(database) as conn:
                event = runs.move(conn, run.id, to, reason="why")
                moved = runs.get(conn, actor, run.id)
            assert (moved.status, moved.reason, event.body["reason"]) == (to, "why", "why")
            assert (moved.finished_at is not None) == (to in FINAL)
        else:
            with pytest.raises(NotAllowedMove), writing(database) as conn:
                runs.move(conn, run.id, to)


def test_holder_may_announce_a_run_that_another_left_running(
    database: Engine, actor: Actor
) -> None:
    run = make_run(database, actor)
    first = claim_run(database, "first", lease_ms=-1)
    second = claim_run(database, "second")
    put(database, run, Status.RUNNING)
    with writing(database) as conn:
        event = runs.move(conn, run.id, Status.RUNNING, claim=second.claim)
    assert (event.epoch, first.epoch) == (2, 1)


def test_results_come_with_the_end(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim
    with writing(database) as conn:
        runs.move(conn, run.id, Status.RUNNING, claim=claim)
        results = {"test/accuracy": 0.5, "test/loss": float("inf")}
        event = runs.move(conn, run.id, Status.FINISHED, results=results, claim=claim)
        finished = runs.get(conn, actor, run.id)
    assert finished.results == {"test/accuracy": 0.5, "test/loss": "Infinity"}
    assert event.body["results"] == finished.results
    with reading(database) as conn:
        job = jobs.get(conn, run.job_id)
    assert job is not None
    assert not job.ready


def test_holder_notes_facts_on_the_row(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim
    with writing(database) as conn:
        runs.note(conn, claim, run.id, identity={"torch": "2"}, inexact=True, goal={"step": 9})
        noted = runs.get(conn, actor, run.id)
    assert (noted.identity, noted.inexact, noted.goal) == ({"torch": "2"}, True, {"step": 9})


def test_deleting_leaves_no_row_behind(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    child = make_run(database, actor, parent=run.id)
    with writing(database) as conn:
        log.append(conn, run.id, [metrics(1, loss=steps(1, 1.0))])
        runs.delete(conn, actor, run.id)
    with reading(database) as conn:
        assert {row.run_id for row in conn.execute(select(events.c.run_id))} == {child.id}
        assert conn.execute(select(chunks.c.run_id)).all() == []
        assert conn.execute(select(job_table.c.id)).scalars().all() == [child.job_id]
        assert runs.get(conn, actor, child.id).parent_id is None


def test_tree_is_the_same_from_every_member(database: Engine, actor: Actor) -> None:
    root = make_run(database, actor)
    left, right = (make_run(database, actor, parent=root.id) for _ in range(2))
    leaf = make_run(database, actor, parent=left.id)
    make_run(database, actor)
    family = [root.id, left.id, right.id, leaf.id]
    with reading(database) as conn:
        for member in family:
            assert [run.id for run in listing.tree(conn, actor, member)] == family


def test_fork_begins_at_its_parents_checkpoint(
    database: Engine, actor: Actor, tmp_path: Path
) -> None:
    store = Store(tmp_path / "artifacts")
    parent = make_run(database, actor)
    claim = claim_run(database).claim
    with writing(database) as conn:
        checkpoints.write(
            conn, claim, parent.id, store, tensors=b"w", state={"a": 1}, step=30, samples=300
        )
        fork = runs.create(
            conn, actor, small_plan(), DOCUMENT,
            name="fork", parent=parent.id, parent_step=30, start="epoch",
        )  # fmt: skip
        checkpoints.adopt(conn, fork.id, parent.id, 30)
        runs.delete(conn, actor, parent.id)
        loaded = checkpoints.latest(conn, store, fork.id)
    assert (fork.step, fork.samples, fork.goal) == (30, 300, {"samples": 500})
    assert loaded is not None
    assert (loaded.tensors, loaded.checkpoint.state) == (b"w", {"a": 1})
    assert (loaded.checkpoint.step, loaded.checkpoint.kept) == (30, True)


def test_fork_from_a_step_without_checkpoint_is_refused(database: Engine, actor: Actor) -> None:
    parent = make_run(database, actor)
    with pytest.raises(NotFound, match="step 5"):
        make_run(database, actor, parent=parent.id, parent_step=5)

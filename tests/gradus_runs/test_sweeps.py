"""Sweeps and their members on both databases."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, text, update

from gradus.events import Status
from gradus.sweeps.members import plan_sweep
from gradus.sweeps.request import Goal, SweepRequest
from gradus_runs import jobs, listing, log, members, retention, runs, sweeps
from gradus_runs.actor import Actor
from gradus_runs.database import reading, writing
from gradus_runs.members import Member
from gradus_runs.reports import judge
from gradus_runs.sweeps import Sweep
from gradus_runs.tables import sweeps as sweep_rows
from tests.gradus_runs.plans import claim_run, make_run, metrics, steps

RATE = "/train/optimizer/learning_rate"
SPEC = {
    "spec": "nn/1",
    "data": "circle",
    "network": {"layers": [{"type": "linear", "units": 2, "activation": "tanh"}, "linear"]},
}


def make(
    database: Engine, actor: Actor, groups: Sequence[int] = (2, 2), **asked: Any
) -> tuple[Sweep, list[Member]]:
    """Four members, in two jobs unless said."""
    vary = [{"path": RATE, "values": [0.1, 0.2, 0.3, 0.4]}]
    request = SweepRequest.model_validate({"document": SPEC, "vary": vary, **asked})
    with writing(database) as conn:
        made = sweeps.create(
            conn,
            actor,
            request,
            plan_sweep(request),
            groups,
            name="s",
            scratch=True,
            scratch_ms=1000,
        )
        return made, members.of_sweep(conn, made.id)


def end(database: Engine, run: str, status: Status, *losses: float) -> None:
    with writing(database) as conn:
        log.append(conn, run, [metrics(len(losses), **{"validation/loss": steps(1, *losses)})])
        runs.move(conn, run, Status.RUNNING)
        runs.move(conn, run, status)


def test_members_are_runs_of_grouped_jobs(database: Engine, actor: Actor) -> None:
    made, found = make(database, actor)
    first = claim_run(database)
    assert first.run_ids == (found[0].run_id, found[1].run_id)
    assert not first.lockstep
    with reading(database) as conn:
        run = runs.get(conn, actor, found[2].run_id)
        assert runs.beside(conn, run) == []
        assert log.read(conn, run.id)[0].body["status"] == "queued"
        place = members.places(conn, [run.id])[run.id]
    assert (place.sweep_id, place.number, place.varied) == (made.id, 2, {RATE: 0.3})
    assert found[0].train_size == run.resolved["data"]["sizes"]["train"]


def test_a_member_is_judged_by_its_goal(database: Engine, actor: Actor) -> None:
    made, found = make(database, actor)
    end(database, found[0].run_id, Status.FINISHED, 0.5, 0.1, float("nan"), 0.3)
    end(database, found[1].run_id, Status.FAILED, 0.01)
    with reading(database) as conn:
        known = members.of_sweep(conn, made.id)
        for goal, expected in (
            (Goal(series="validation/loss"), 0.1),
            (Goal(series="validation/loss", take="last"), 0.3),
            (Goal(series="validation/loss", direction="maximize"), 0.5),
        ):
            assert members.measured(conn, known, goal)[0] == expected
    with writing(database) as conn:
        members.settle(conn, [(found[0].run_id, 0.1), (found[1].run_id, 0.01)])
        best = members.best(conn, made.id, made.goal)
        assert members.counts(conn, [made.id]) == {
            made.id: {"finished": 1, "failed": 1, "queued": 2}
        }
    assert best is not None
    assert best.run_id == found[0].run_id


def test_members_are_read_again_when_one_has_ended_and_at_the_end(
    database: Engine, actor: Actor
) -> None:
    made, found = make(database, actor)

    def stirred() -> bool:
        with reading(database) as conn:
            return members.stirred(conn, made.id)

    assert not stirred()
    end(database, found[0].run_id, Status.FINISHED, 0.5)
    assert stirred()
    with writing(database) as conn:
        members.settle(conn, [(found[0].run_id, 0.5)])
    assert not stirred()
    for each in found[1:]:
        end(database, each.run_id, Status.FINISHED, 0.5)
    with writing(database) as conn:
        members.settle(conn, [(each.run_id, 0.5) for each in found[1:]])
    assert stirred()


def test_points_behind_a_rewind_are_not_what_a_member_came_to(
    database: Engine, actor: Actor
) -> None:
    _, found = make(database, actor)
    run, job = found[0].run_id, claim_run(database)
    entries = [metrics(3, **{"validation/loss": steps(1, 0.5, 0.4, 0.1)})]
    with writing(database) as conn:
        log.append(conn, run, entries, claim=job.claim)
        jobs.release(conn, job.claim, ready=True)
    again = claim_run(database)
    while run not in again.run_ids:
        again = claim_run(database)
    with writing(database) as conn:
        log.append(
            conn, run, [log.Entry("rewind", {"to_step": 1, "reason": "x"})], claim=again.claim
        )
        points = members.of_series(conn, [run], "validation/loss")[run]
    assert points.mean.tolist() == [0.5]


def test_a_group_whose_child_dies_is_taken_apart(database: Engine, actor: Actor) -> None:
    _, found = make(database, actor, groups=(4,))
    job = claim_run(database)
    with writing(database) as conn:
        for each in found[:2]:
            runs.move(conn, each.run_id, Status.RUNNING, claim=job.claim)
        lost = jobs.lose(conn, "child", on_turn=job.id)
    assert lost.poisoned == ()
    taken = {claim_run(database).run_ids for _ in range(4)}
    assert taken == {(each.run_id,) for each in found}


def test_a_scratch_sweep_and_its_members_go_together(database: Engine, actor: Actor) -> None:
    made, found = make(database, actor)
    with writing(database) as conn:
        assert retention.expire(conn) == []  # members live as long as their sweep
        conn.execute(update(sweep_rows).values(expires_at=1))
        assert retention.expire_sweeps(conn) == []  # under way
        sweeps.move(conn, made.id, "stopped")
        runs.patch(conn, actor, found[3].run_id, name="kept")
        assert retention.expire_sweeps(conn) == [made.id]
        left = [run.id for run in listing.page(conn, actor, members=True).runs]
        assert left == [found[3].run_id]
        assert conn.execute(text("SELECT count(*) FROM jobs")).scalar() == 1


def test_two_servers_that_ask_at_once_make_one_round(database: Engine, actor: Actor) -> None:
    vary = [{"path": RATE, "low": 0.1, "high": 0.4}]
    asked = {"method": "tpe", "vary": vary, "members": 3}
    made, found = make(database, actor, groups=(), **asked)
    assert found == []
    request = SweepRequest.model_validate({"document": SPEC, "vary": vary, "method": "random"})
    planned = plan_sweep(request.model_copy(update={"members": 3})).members
    with writing(database) as conn:
        assert sweeps.extend(conn, made, planned, [3])
        assert not sweeps.extend(conn, made, planned, [3])
        assert len(members.of_sweep(conn, made.id)) == 3


def test_only_so_many_jobs_can_be_claimed(database: Engine, actor: Actor) -> None:
    made, found = make(database, actor, groups=(1, 1, 1, 1), at_once=2)
    with reading(database) as conn:
        assert jobs.claimable(conn, "train") == 2
    end(database, found[0].run_id, Status.FINISHED, 0.1)
    with writing(database) as conn:
        assert sweeps.balance(conn, made.id)
        assert jobs.claimable(conn, "train") == 2
        assert not sweeps.balance(conn, made.id)


def test_the_list_of_runs_passes_over_members_by_an_index(database: Engine, actor: Actor) -> None:
    own = make_run(database, actor)
    make(database, actor)
    with reading(database) as conn:
        assert [run.id for run in listing.page(conn, actor).runs] == [own.id]
        if conn.dialect.name == "sqlite":
            listed = (
                "SELECT id FROM runs WHERE team_id = 'a' AND listed = 1 ORDER BY created_at DESC"
            )
            plan = conn.execute(text(f"EXPLAIN QUERY PLAN {listed}")).all()
            assert "ix_runs_listed" in str(plan)
            assert "TEMP B-TREE" not in str(plan)


@pytest.mark.parametrize(
    ("direction", "value", "others", "pruned"),
    [
        ("minimize", 0.9, [0.1, 0.2, 0.3, 0.4], True),
        ("minimize", 0.2, [0.1, 0.2, 0.3, 0.4], False),
        ("maximize", 0.2, [0.1, 0.2, 0.3, 0.4], True),
        ("maximize", 0.9, [0.1, 0.2, 0.3, 0.4], False),
        ("minimize", 0.9, [0.1, 0.2, 0.3], False),
        ("minimize", float("nan"), [0.1, 0.2, 0.3, 0.4], True),
        ("minimize", float("nan"), [None, None, None, None], False),
        ("minimize", 0.9, [None, None, None, 0.1], False),
    ],
)
def test_worse_than_half_of_the_others_is_pruned(
    direction: Any, value: float, others: list[float | None], pruned: bool
) -> None:
    goal = Goal(series="validation/loss", direction=direction)
    assert judge(goal, 3, value, others).pruned is pruned

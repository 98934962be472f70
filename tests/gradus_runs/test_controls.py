"""Controls of held runs wait for their holder; those of unheld runs take effect at once."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine

from gradus.controls import Changes, Control, Pause, Play, Set, Step, Stop
from gradus.events import Status
from gradus_runs import controls, jobs, log, runs
from gradus_runs.actor import SCOPES, Actor
from gradus_runs.claim import Claim
from gradus_runs.database import reading, write, writing
from gradus_runs.errors import Conflict, Fenced, NotFound
from tests.gradus_runs.plans import claim_run, make_run, metrics, steps


def ask(database: Engine, actor: Actor, run: runs.Run, control: Control) -> controls.ControlRow:
    with writing(database) as conn:
        return controls.request(conn, actor, run.id, control)


def now(database: Engine, actor: Actor, run: runs.Run) -> runs.Run:
    with reading(database) as conn:
        return runs.get(conn, actor, run.id)


def claimable(database: Engine) -> int:
    with reading(database) as conn:
        return jobs.claimable(conn, "train")


def test_play_queues_a_paused_run_that_nobody_holds(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor, start="paused")
    row = ask(database, actor, run, Play())
    assert (now(database, actor, run).status, claimable(database)) == (Status.QUEUED, 1)
    assert now(database, actor, run).goal is None
    assert [event.type for event in row.events] == ["control", "status"]
    assert [event.number for event in row.events] == [2, 3]
    assert (row.applied_step, row.holder) == (0, None)


def test_pause_takes_a_queued_run_out_of_the_queue(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    row = ask(database, actor, run, Pause())
    paused = now(database, actor, run)
    assert (paused.status, paused.goal, claimable(database)) == (Status.PAUSED, {"step": 0}, 0)
    assert row.events[-1].body["status"] == "paused"


def test_stop_ends_a_run_that_nobody_holds(database: Engine, actor: Actor) -> None:
    for start in ("run", "paused"):
        run = make_run(database, actor, start=start)
        ask(database, actor, run, Stop())
        stopped = now(database, actor, run)
        assert stopped.status is Status.STOPPED
        assert stopped.finished_at is not None
    assert claimable(database) == 0


def test_step_queues_a_paused_run_and_waits_for_its_holder(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor, start="paused")
    row = ask(database, actor, run, Step(count=3))
    assert (now(database, actor, run).status, row.applied_step) == (Status.QUEUED, None)
    with reading(database) as conn:
        assert [waiting.id for waiting in controls.pending(conn, [run.id])] == [row.id]


def test_pause_overrules_steps_that_nobody_has_taken_up(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor, start="paused")
    ask(database, actor, run, Step())
    change = ask(database, actor, run, Set(changes=Changes(learning_rate=0.1)))
    ask(database, actor, run, Pause())
    assert now(database, actor, run).status is Status.PAUSED
    with reading(database) as conn:
        assert [waiting.id for waiting in controls.pending(conn, [run.id])] == [change.id]


def test_controls_of_a_held_run_are_its_holders(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    claim_run(database, "child")
    for control in (Pause(), Play(), Stop(), Step(), Set(changes=Changes(batch_size=4))):
        row = ask(database, actor, run, control)
        assert (row.holder, row.events, row.applied_step) == ("child", (), None)
    assert now(database, actor, run).status is Status.QUEUED
    with reading(database) as conn:
        bodies = [row.body for row in controls.pending(conn, [run.id])]
    assert [body["action"] for body in bodies] == ["pause", "play", "stop", "step", "set"]
    assert bodies[-1] == {"action": "set", "changes": {"batch_size": 4}}


def test_run_of_a_lost_machine_counts_as_unheld(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    job = claim_run(database, lease_ms=30_000)
    with writing(database) as conn:
        runs.move(conn, run.id, Status.RUNNING, claim=job.claim)
        jobs.renew(conn, [job.claim], -1)
    ask(database, actor, run, Stop())
    assert now(database, actor, run).status is Status.STOPPED


@pytest.mark.parametrize("control", [Play(), Pause(), Step(), Stop()])
def test_holder_that_comes_back_after_its_lease_finds_the_run_moved_without_it(
    database: Engine, actor: Actor, control: Control
) -> None:
    run = make_run(database, actor)
    late = claim_run(database, lease_ms=30_000).claim
    with writing(database) as conn:
        runs.move(conn, run.id, Status.RUNNING, claim=late)
        jobs.renew(conn, [late], -1)
    ask(database, actor, run, control)
    with writing(database) as conn:
        assert jobs.renew(conn, [late], 30_000) == {late}
    with pytest.raises(Fenced), writing(database) as conn:
        log.append(conn, run.id, [metrics(1, loss=steps(1, 1.0))], claim=late)


def test_changed_numbers_leave_a_late_holder_alone(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    late = claim_run(database, lease_ms=-1).claim
    ask(database, actor, run, Set(changes=Changes(l1=0.1)))
    with writing(database) as conn:
        assert jobs.renew(conn, [late], 30_000) == set()


def pause_in_memory(database: Engine, run: runs.Run) -> Claim:
    """The claim of a child that keeps the paused run in its memory."""
    claim = claim_run(database).claim
    with writing(database) as conn:
        runs.move(conn, run.id, Status.PAUSED, claim=claim)
    return claim


def test_control_that_the_holder_has_not_seen_when_it_lets_go_is_not_lost(
    database: Engine, actor: Actor
) -> None:
    run = make_run(database, actor)
    claim = pause_in_memory(database, run)
    ask(database, actor, run, Play())
    with writing(database) as conn:
        jobs.release(conn, claim, ready=False)
    assert claimable(database) == 1


@pytest.mark.parametrize(("control", "waiting"), [(Play(), 1), (Set(changes=Changes(l1=1.0)), 0)])
def test_control_of_a_holder_that_dies_calls_another(
    database: Engine, actor: Actor, control: Control, waiting: int
) -> None:
    run = make_run(database, actor)
    pause_in_memory(database, run)
    ask(database, actor, run, control)
    assert claimable(database) == 0
    with writing(database) as conn:
        jobs.lose(conn, "child", None)
    assert claimable(database) == waiting


def test_ended_runs_take_no_control(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    ask(database, actor, run, Stop())
    with pytest.raises(Conflict, match="has ended"):
        ask(database, actor, run, Play())
    with reading(database) as conn:
        assert len(controls.history(conn, actor, run.id)) == 1


def test_another_teams_run_is_not_there(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    stranger = Actor("user_x", "team_x", "admin", SCOPES)
    with pytest.raises(NotFound):
        ask(database, stranger, run, Stop())


def test_control_takes_effect_once(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim
    row = ask(database, actor, run, Set(changes=Changes(learning_rate=0.5)))
    with writing(database) as conn:
        assert controls.applied(conn, claim, row.id, 7)
        assert not controls.applied(conn, claim, row.id, 9)
        assert controls.pending(conn, [run.id]) == []
        assert [again.applied_step for again in controls.since(conn, run.id, 7)] == [7]
        assert controls.since(conn, run.id, 8) == []


def test_zombie_applies_nothing(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    zombie = claim_run(database, lease_ms=-1).claim
    claim_run(database, "heir")
    row = ask(database, actor, run, Pause())
    with pytest.raises(Fenced), writing(database) as conn:
        controls.applied(conn, zombie, row.id, 1)


def together(*works: Callable[[], object]) -> list[object]:
    """What each answered, or raised, when all began at one moment."""
    gate = threading.Barrier(len(works))
    answers: list[object] = [None] * len(works)

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = works[place]()
        except Exception as error:
            answers[place] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_claim_and_pause_at_one_moment_end_in_one_of_two_ways(
    database: Engine, actor: Actor
) -> None:
    """Either the holder has it and the pause waits for it, or it is paused and nobody has it."""
    for n in range(12):
        run = make_run(database, actor)

        def claim(holder: str = f"child{n}") -> jobs.Job | None:
            return write(database, lambda c: jobs.claim(c, holder, "train", [], 30_000))

        def pause(run: runs.Run = run) -> controls.ControlRow:
            return write(database, lambda c: controls.request(c, actor, run.id, Pause()))

        job, row = together(claim, pause)
        assert isinstance(row, controls.ControlRow)
        paused = now(database, actor, run).status is Status.PAUSED
        assert paused == (job is None)
        assert row.holder == (None if paused else f"child{n}")
        assert (row.applied_step is None) == (not paused)


def test_two_stops_at_one_moment_stop_once(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)

    def stop() -> controls.ControlRow:
        return write(database, lambda c: controls.request(c, actor, run.id, Stop()))

    answers = together(stop, stop, stop)
    assert sum(isinstance(answer, controls.ControlRow) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 2
    with reading(database) as conn:
        assert [event.type for event in log.read(conn, run.id)] == ["status", "control", "status"]


def test_play_and_pause_at_one_moment_leave_a_log_that_says_how_it_ended(
    database: Engine, actor: Actor
) -> None:
    run = make_run(database, actor, start="paused")

    def asked(control: Control) -> Callable[[], controls.ControlRow]:
        return lambda: write(database, lambda c: controls.request(c, actor, run.id, control))

    together(asked(Play()), asked(Pause()), asked(Play()))
    with reading(database) as conn:
        events = log.read(conn, run.id)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    last = [event for event in events if event.type == "status"][-1]
    assert now(database, actor, run).status == last.body["status"]
    assert claimable(database) == (last.body["status"] == "queued")


def test_holder_and_server_write_to_one_log_without_a_deadlock(
    database: Engine, actor: Actor
) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim

    def record() -> None:
        for step in range(1, 16):
            with writing(database) as conn:
                entry = metrics(step, loss=steps(step, 1.0))
                log.append(conn, run.id, [entry], claim=claim)

    def renew() -> None:
        for _ in range(15):
            with writing(database) as conn:
                assert jobs.renew(conn, [claim], 30_000) == set()

    def control() -> None:
        for _ in range(15):
            ask(database, actor, run, Pause())

    assert together(record, renew, control) == [None] * 3


def test_a_control_that_fails_leaves_no_row(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)

    def interrupted(conn: Connection) -> None:
        controls.request(conn, actor, run.id, Stop())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(database, interrupted)
    with reading(database) as conn:
        assert controls.history(conn, actor, run.id) == []
    assert now(database, actor, run).status is Status.QUEUED

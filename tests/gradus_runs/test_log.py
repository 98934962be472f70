"""Numbers without a gap, points that come back as they went in, and the fence."""

import math
import threading

import pytest
from sqlalchemy import Engine

from gradus.events import BODIES, Event, Status
from gradus_runs import chunks, jobs, log, runs
from gradus_runs.actor import Actor, laptop
from gradus_runs.claim import Claim
from gradus_runs.database import reading, writing
from gradus_runs.errors import Fenced, NotFound
from gradus_runs.log import Entry
from tests.gradus_runs.plans import claim_run, make_run, metrics, steps


def verdict(code: str = "verdict.dead_units") -> Entry:
    return Entry("verdict", {"code": code, "params": {}, "step": 1})


def test_log_of_a_run_begins_with_its_status(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    with reading(database) as conn:
        (first,) = log.read(conn, run.id)
    assert (first.number, first.type, first.epoch) == (1, "status", 0)
    assert first.body["status"] == "queued"


def test_metrics_come_back_with_every_number_even_those_json_cannot_say(
    database: Engine, actor: Actor
) -> None:
    run = make_run(database, actor)
    claim = claim_run(database).claim
    points = {
        "train/loss": steps(1, 0.1, math.nan, math.inf),
        "train/accuracy": steps(1, 0, -0.0, 1),
    }
    with writing(database) as conn:
        written = log.append(conn, run.id, [metrics(3, **points)], claim=claim)
    with reading(database) as conn:
        found = log.read(conn, run.id, after=1)
    assert [event.to_json() for event in found] == [event.to_json() for event in written]
    loss = found[0].to_json()["body"]["series"]["train/loss"]
    assert loss["mean"] == [0.1, "NaN", "Infinity"]
    assert chunks.pack(found[0].series["train/loss"]) == chunks.pack(points["train/loss"])


def test_events_travel_in_the_shape_of_the_language(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    with writing(database) as conn:
        log.append(conn, run.id, [metrics(1, loss=steps(1, 2.0)), verdict()])
    with reading(database) as conn:
        travelling = [Event.model_validate(event.to_json()) for event in log.read(conn, run.id)]
    assert [event.number for event in travelling] == [1, 2, 3]
    for event in travelling:
        BODIES[event.type].model_validate(event.body)


def test_metrics_move_the_run_and_a_rewind_moves_it_back(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    with writing(database) as conn:
        log.append(conn, run.id, [metrics(2, loss=steps(1, 3.0, 2.0), accuracy=steps(2, 0.5))])
        log.append(conn, run.id, [metrics(5, loss=steps(3, 1.0, 0.5, math.nan))])
        ahead = runs.get(conn, actor, run.id)
        log.append(conn, run.id, [Entry("rewind", {"to_step": 4, "reason": "child_lost"})])
        back = runs.get(conn, actor, run.id)
    assert (ahead.step, ahead.samples, ahead.elapsed) == (5, 50, 0.5)
    assert ahead.latest == {"loss": "NaN", "accuracy": 0.5}
    assert back.step == 4


def test_reading_goes_on_behind_a_number(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    with writing(database) as conn:
        log.append(conn, run.id, [verdict(f"v{i}") for i in range(5)])
    with reading(database) as conn:
        assert [event.number for event in log.read(conn, run.id, after=2, limit=3)] == [3, 4, 5]
        assert log.read(conn, run.id, after=6) == []


def test_numbers_have_no_gap_and_readers_see_them_in_order(database: Engine, actor: Actor) -> None:
    """Servers and a worker write at once, some of them roll back; a reader follows."""
    run = make_run(database, actor)
    claim = claim_run(database).claim
    ended = threading.Event()
    seen: list[int] = []

    def serve(writer: int) -> None:
        for i in range(15):
            with writing(database) as conn:
                log.append(conn, run.id, [verdict(f"server{writer}.{i}")])

    def work() -> None:
        for i in range(15):
            with writing(database) as conn:
                log.append(conn, run.id, [metrics(i, loss=steps(i, 1.0)), verdict()], claim=claim)

    def give_up() -> None:
        for _ in range(10):
            with database.connect().execution_options(gradus_writes=True) as conn:
                log.append(conn, run.id, [verdict("never")])
                conn.rollback()

    def follow() -> None:
        last = False
        while not last:
            last = ended.wait(0.01)
            with reading(database) as conn:
                seen.extend(e.number for e in log.read(conn, run.id, after=seen[-1] if seen else 0))

    writers = [threading.Thread(target=serve, args=(n,)) for n in range(2)]
    writers += [threading.Thread(target=work), threading.Thread(target=give_up)]
    reader = threading.Thread(target=follow)
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    ended.set()
    reader.join()
    assert seen == list(range(1, 1 + 1 + 30 + 30))


def test_zombie_writes_nothing(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    zombie = claim_run(database, "first").claim
    with writing(database) as conn:
        jobs.lose(conn, "first", None)
    heir = claim_run(database, "second").claim
    assert heir.epoch == zombie.epoch + 1
    with pytest.raises(Fenced), writing(database) as conn:
        log.append(conn, run.id, [metrics(9, loss=steps(9, 1.0))], claim=zombie)
    with pytest.raises(Fenced), writing(database) as conn:
        runs.move(conn, run.id, Status.FINISHED, claim=zombie)
    with pytest.raises(Fenced), writing(database) as conn:
        runs.note(conn, zombie, run.id, goal={"step": 1})
    with reading(database) as conn:
        assert runs.get(conn, actor, run.id).step == 0
        assert all(event.type == "status" for event in log.read(conn, run.id))


def test_claim_is_good_for_its_own_job_only(database: Engine, actor: Actor) -> None:
    make_run(database, actor)
    claim = claim_run(database).claim
    other = make_run(database, actor)
    with pytest.raises(Fenced), writing(database) as conn:
        log.append(conn, other.id, [verdict()], claim=claim)


def test_new_claim_waits_for_a_write_under_way(postgres_engine: Engine) -> None:
    """Else a zombie's statement, begun before the claim, could end after it."""
    with writing(postgres_engine) as conn:
        actor = laptop(conn)
    run = make_run(postgres_engine, actor)
    claim = claim_run(postgres_engine, lease_ms=1).claim
    with writing(postgres_engine) as conn:
        log.append(conn, run.id, [verdict()], claim=claim)
        with writing(postgres_engine) as other:
            assert jobs.claim(other, "second", "train", [], 1000) is None
    assert claim_run(postgres_engine, "second").epoch == claim.epoch + 1


def test_appending_to_no_run_is_refused(database: Engine) -> None:
    with pytest.raises(NotFound), writing(database) as conn:
        log.append(conn, "run_missing", [verdict()])


def test_times_are_written_with_milliseconds() -> None:
    assert log.rfc3339(1_700_000_000_007) == "2023-11-14T22:13:20.007Z"
    assert log.rfc3339(0) == "1970-01-01T00:00:00.000Z"


def test_claims_sort_by_job() -> None:
    assert sorted([Claim("b", "x", 1), Claim("a", "y", 9)])[0].job_id == "a"

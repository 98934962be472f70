"""The recorder on a real database: in order, together, fenced, and patient."""

from collections.abc import Iterator

import numpy as np
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from gradus.events import Status
from gradus.plan import plan
from gradus_engine.points import block
from gradus_engine.train import Metrics
from gradus_runs import chunks, jobs, log, runs
from gradus_runs.actor import Actor, laptop
from gradus_runs.claim import Claim
from gradus_runs.database import open_database, reading, writing
from gradus_runs.log import Entry, LogEvent
from gradus_worker import metrics
from gradus_worker.journal import Journal
from gradus_worker.recorder import Recorder
from tests.gradus_worker.documents import toy
from tests.gradus_worker.workshop import until


@pytest.fixture
def recorder(database: Engine) -> Iterator[Recorder]:
    made = Recorder(database, lambda events: None)
    made.start()
    yield made
    made.stop()
    made.join(10)


def claimed(engine: Engine, actor: Actor) -> tuple[str, Claim]:
    with writing(engine) as conn:
        run = runs.create(conn, actor, plan(toy()), toy(), name="test")
        job = jobs.claim(conn, "child", "train", [], 30_000)
    assert job is not None
    return run.id, job.claim


def measured(first: int, *losses: float) -> Entry:
    points = block(first, np.array(losses))
    last = first + len(losses) - 1
    return metrics.entry(Metrics(last, 10 * last, 0.1 * last, {"train/loss": points}))


def numbered(engine: Engine, run: str) -> list[LogEvent]:
    with reading(engine) as conn:
        return log.read(conn, run)


def test_blocks_between_two_commits_become_one_event_with_all_their_points(
    database: Engine, actor: Actor, recorder: Recorder
) -> None:
    run, claim = claimed(database, actor)
    stream = recorder.open(run, claim)
    recorder.put(stream, measured(1, 0.5), measured(2, 0.4, 0.3), measured(4, 0.2))
    assert recorder.drain(stream, 5)
    (event,) = [e for e in numbered(database, run) if e.type == "metrics"]
    assert event.body["step"] == 4
    assert event.series["train/loss"].first_step.tolist() == [1, 2, 4]


def test_what_was_put_in_order_stands_in_order(
    database: Engine, actor: Actor, recorder: Recorder
) -> None:
    run, claim = claimed(database, actor)
    stream = recorder.open(run, claim)
    recorder.put(stream, measured(1, 0.5))
    recorder.put(stream, Entry("verdict", {"code": "x", "step": 1}))
    recorder.put(stream, measured(2, 0.4))
    assert recorder.drain(stream, 5)
    kinds = [event.type for event in numbered(database, run)]
    assert kinds == ["status", "metrics", "verdict", "metrics"]


def test_a_fenced_run_takes_nothing_of_its_neighbour_with_it(
    database: Engine, actor: Actor, recorder: Recorder
) -> None:
    (lost, old), (kept, claim) = claimed(database, actor), claimed(database, actor)
    with writing(database) as conn:
        jobs.lose(conn, old.holder, None)
        taken = [jobs.claim(conn, "child", "train", [], 30_000) for _ in range(2)]
    (again,) = [job.claim for job in taken if job is not None and job.id == claim.job_id]
    stays, gone = recorder.open(kept, again), recorder.open(lost, old)
    recorder.put(stays, measured(1, 0.5))
    recorder.put(gone, measured(1, 0.5))
    assert recorder.drain(stays, 5)
    assert not recorder.drain(gone, 5)
    assert gone.lost is not None
    assert [event.type for event in numbered(database, lost)][-1] == "status"
    assert [event.type for event in numbered(database, kept)][-1] == "metrics"


def test_a_checkpoint_that_comes_after_the_release_does_not_undo_it(
    database: Engine, actor: Actor, recorder: Recorder
) -> None:
    run, claim = claimed(database, actor)
    journal = Journal(recorder, run, claim)
    journal.status(Status.FAILED, reason="diverged")
    journal.release(ready=False)
    journal.put(lambda conn: log.append(conn, run, [measured(1, 0.5)], claim=claim))
    assert journal.close(5)
    with reading(database) as conn:
        assert runs.get(conn, actor, run).status is Status.FAILED


def test_events_are_broadcast_after_their_commit_and_only_then(
    database: Engine, actor: Actor
) -> None:
    seen: list[bool] = []

    def broadcast(events: list[LogEvent]) -> None:
        committed = numbered(database, run)
        seen.extend(event in committed for event in events)

    run, claim = claimed(database, actor)
    recorder = Recorder(database, broadcast)  # type: ignore[arg-type]
    recorder.start()
    stream = recorder.open(run, claim)
    recorder.put(stream, Entry("verdict", {"code": "x", "step": 1}))
    assert recorder.drain(stream, 5)
    recorder.stop()
    recorder.join(10)
    assert seen == [True]


def test_an_outage_of_the_database_loses_nothing(postgres: str) -> None:
    engine = open_database(postgres)
    with writing(engine) as conn:
        actor = laptop(conn)
    run, claim = claimed(engine, actor)
    recorder = Recorder(engine, lambda events: None)
    recorder.start()
    stream = recorder.open(run, claim)
    lock(postgres, closed=True)
    for step in range(1, 50):
        recorder.put(stream, measured(step, 1 / step), urgent=True)
    until(lambda: recorder.outage, 60, "the outage to be noticed")
    lock(postgres, closed=False)
    assert recorder.drain(stream, 10)
    with reading(engine) as conn:
        points = chunks.series(conn, run, ["train/loss"])["train/loss"]
    assert points.count.sum() == 49
    recorder.stop()
    recorder.join(10)
    engine.dispose()


def lock(url: str, *, closed: bool) -> None:
    """Refuse all connections to the database of `url` and end those there are, or let them in."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as connection:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
            sql.Identifier(str(name)), sql.Literal(not closed)
        )
        connection.execute(allow)
        if closed:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )

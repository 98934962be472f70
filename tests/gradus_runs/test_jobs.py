"""Claims that are unique and fair, leases that end, deaths that are counted."""

import multiprocessing
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from gradus.events import Status
from gradus_runs import jobs, log, runs
from gradus_runs.actor import SCOPES, Actor
from gradus_runs.claim import Claim
from gradus_runs.database import open_database, reading, writing
from gradus_runs.errors import Fenced
from gradus_runs.tables import jobs as job_table
from gradus_runs.tables import memberships, teams, users
from tests.gradus_runs.plans import claim_run, make_run, metrics, steps

LEASE = 30_000


def claim(database: Engine, holder: str = "child", **options: Any) -> jobs.Job | None:
    with writing(database) as conn:
        return jobs.claim(conn, holder, "train", **{"watched": [], "lease_ms": LEASE} | options)


def colleague(database: Engine, team: str, user: str) -> Actor:
    with writing(database) as conn:
        if team != "team_laptop":
            conn.execute(insert(teams).values(id=team, name=team, created_at=0))
        conn.execute(insert(users).values(id=user, name=user, created_at=0))
        conn.execute(insert(memberships).values(team_id=team, user_id=user, role="editor"))
    return Actor(user, team, "editor", SCOPES)


def start(database: Engine, holder: str, *, step: int = 0) -> jobs.Job:
    """A claimed job whose run is running and has committed `step`."""
    job = claim(database, holder)
    assert job is not None
    with writing(database) as conn:
        for run_id in job.run_ids:
            runs.move(conn, run_id, Status.RUNNING, claim=job.claim)
    commit(database, job, step)
    return job


def commit(database: Engine, job: jobs.Job, step: int) -> None:
    with writing(database) as conn:
        for run_id in job.run_ids:
            log.append(conn, run_id, [metrics(step, loss=steps(step, 1.0))], claim=job.claim)


def lose(database: Engine, holder: str, on_turn: str | None) -> jobs.Loss:
    with writing(database) as conn:
        return jobs.lose(conn, holder, on_turn)


def job_of(database: Engine, job_id: str) -> jobs.Job:
    with reading(database) as conn:
        job = jobs.get(conn, job_id)
    assert job is not None
    return job


def take_all(url: str, holder: str, answers: "multiprocessing.Queue[list[str]]") -> None:
    engine = open_database(url)
    taken = []
    while job := claim(engine, holder):
        taken.append(job.id)
    engine.dispose()
    answers.put(taken)


def test_three_processes_claim_every_job_once(
    database: Engine, database_url: str, actor: Actor
) -> None:
    made = [make_run(database, actor).job_id for _ in range(60)]
    spawn = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[list[str]] = spawn.Queue()
    children = [
        spawn.Process(target=take_all, args=(database_url, f"child{n}", answers)) for n in range(3)
    ]
    for child in children:
        child.start()
    taken = [answers.get(timeout=60) for _ in children]
    for child in children:
        child.join()
    assert sorted(job for part in taken for job in part) == sorted(made)


def test_claim_says_what_is_held_and_until_when(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    job = claim(database, "child")
    assert job is not None
    assert (job.run_ids, job.holder, job.epoch) == ((run.id,), "child", 1)
    assert job.lease_until is not None
    assert job.claimed_at is not None
    assert job.lease_until - job.claimed_at == LEASE
    assert claim(database, "other") is None


def test_other_queues_are_left_alone(database: Engine, actor: Actor) -> None:
    make_run(database, actor, queue="train.gpu")
    assert claim(database) is None


def test_watched_runs_come_first(database: Engine, actor: Actor) -> None:
    make_run(database, actor)
    watched = make_run(database, actor)
    job = claim(database, watched=[watched.id])
    assert job is not None
    assert job.run_ids == (watched.id,)


def test_teams_and_users_take_turns(database: Engine, actor: Actor) -> None:
    mate = colleague(database, "team_laptop", "user_mate")
    rival = colleague(database, "team_rival", "user_rival")
    for owner, count in ((actor, 6), (mate, 2), (rival, 2)):
        for _ in range(count):
            make_run(database, owner)
    order = [job.owner_id for job in iter(lambda: claim(database), None)]
    assert Counter(order[:4]) == {"user_rival": 2, actor.user_id: 1, "user_mate": 1}
    assert Counter(order[:6]) == {"user_rival": 2, actor.user_id: 2, "user_mate": 2}


def test_longest_wait_comes_first(database: Engine, actor: Actor) -> None:
    made = [make_run(database, actor).job_id for _ in range(3)]
    assert [job.id for job in iter(lambda: claim(database), None)] == made


def test_expired_lease_can_be_claimed_and_fences_the_first_holder(
    database: Engine, actor: Actor
) -> None:
    make_run(database, actor)
    first = claim_run(database, "first", lease_ms=-1)
    with reading(database) as conn:
        assert [job.id for job in jobs.expired(conn)] == [first.id]
    second = claim_run(database, "second")
    with writing(database) as conn:
        assert jobs.renew(conn, [first.claim, second.claim], LEASE) == {first.claim}
        assert jobs.expired(conn) == []
    with pytest.raises(Fenced), writing(database) as conn:
        jobs.release(conn, first.claim, ready=True)


def test_renewal_prolongs_the_lease(database: Engine, actor: Actor) -> None:
    make_run(database, actor)
    job = claim_run(database, lease_ms=50)
    with writing(database) as conn:
        assert jobs.renew(conn, [job.claim], LEASE) == set()
    assert (job_of(database, job.id).lease_until or 0) > (job.lease_until or 0) + LEASE // 2


def test_released_job_waits_again_at_the_end_of_the_line(database: Engine, actor: Actor) -> None:
    make_run(database, actor)
    other = make_run(database, actor)
    job = start(database, "child")
    with writing(database) as conn:
        (event,) = jobs.release(conn, job.claim, ready=True)
    assert (event.body["status"], event.epoch) == ("queued", 1)
    following = claim(database)
    assert following is not None
    assert following.run_ids == (other.id,)


def test_job_that_waits_for_a_time_is_not_claimed_before(database: Engine, actor: Actor) -> None:
    make_run(database, actor)
    job = claim_run(database)
    with writing(database) as conn:
        jobs.release(conn, job.claim, ready=True, retry_ms=60_000)
        assert jobs.claimable(conn, "train") == 0
    assert claim(database) is None
    with writing(database) as conn:
        conn.execute(update(job_table).values(retry_at=0))
    assert claim(database) is not None


def test_job_without_a_run_that_wants_a_turn_is_not_claimed(database: Engine, actor: Actor) -> None:
    make_run(database, actor, start="paused")
    assert claim(database) is None
    with reading(database) as conn:
        assert jobs.claimable(conn, "train") == 0


def test_dead_childs_jobs_are_free_at_once_and_their_runs_say_so(
    database: Engine, actor: Actor
) -> None:
    made = [make_run(database, actor) for _ in range(2)]
    held = [start(database, "child", step=5) for _ in made]
    loss = lose(database, "child", held[0].id)
    assert set(loss.jobs) == {job.id for job in held}
    assert [event.body["reason"] for event in loss.events] == ["child_lost"] * 2
    assert loss.poisoned == ()
    assert {job_of(database, job.id).ready for job in held} == {True}
    assert claim(database, "other") is not None


def test_first_death_without_progress_leaves_the_job_alone(database: Engine, actor: Actor) -> None:
    make_run(database, actor)
    neighbour = make_run(database, actor)
    job = start(database, "child")
    start(database, "child")
    lose(database, "child", job.id)
    assert job_of(database, job.id).alone
    assert not job_of(database, neighbour.job_id).alone
    busy = claim(database, "busy", idle=False)
    assert busy is not None
    assert busy.id == neighbour.job_id
    assert claim(database, "busy", idle=False) is None
    assert claim(database, "free") is not None


def test_second_death_without_progress_poisons(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    for name in ("first", "second"):
        job = start(database, name)
        loss = lose(database, name, job.id)
    assert loss.poisoned == (run.job_id,)
    with reading(database) as conn:
        failed = runs.get(conn, actor, run.id)
    assert (failed.status, failed.reason) == (Status.FAILED, "poisoned")
    assert failed.finished_at is not None
    assert claim(database) is None


def test_deaths_with_progress_between_them_do_not_count(database: Engine, actor: Actor) -> None:
    make_run(database, actor)
    for n in range(5):
        job = start(database, f"child{n}", step=10 * (n + 1))
        assert lose(database, f"child{n}", job.id).poisoned == ()
    assert not job_of(database, job.id).alone


def test_neighbours_are_never_blamed(database: Engine, actor: Actor) -> None:
    make_run(database, actor)
    for n in range(4):
        start(database, f"child{n}")
        assert lose(database, f"child{n}", None).poisoned == ()


def test_progress_beyond_the_last_death_ends_loneliness(database: Engine, actor: Actor) -> None:
    make_run(database, actor)
    job = start(database, "first", step=5)
    lose(database, "first", job.id)
    job = start(database, "second", step=5)
    lose(database, "second", job.id)
    job = start(database, "third", step=4)
    with writing(database) as conn:
        jobs.renew(conn, [job.claim], LEASE)
    assert job_of(database, job.id).alone
    commit(database, job, 6)
    with writing(database) as conn:
        jobs.renew(conn, [job.claim], LEASE)
    again = job_of(database, job.id)
    assert (again.alone, again.deaths) == (False, 0)


def test_place_in_the_queue_counts_those_before(database: Engine, actor: Actor) -> None:
    made = [make_run(database, actor) for _ in range(3)]
    spread_waiting(database, [run.job_id for run in made])
    with reading(database) as conn:
        places = jobs.places(conn, [run.id for run in made])
    assert [places[run.id].ahead for run in made] == [0, 1, 2]
    claim(database)
    with reading(database) as conn:
        places = jobs.places(conn, [run.id for run in made])
    assert made[0].id not in places
    assert places[made[2].id] == jobs.Place(ahead=1, holder_lost=False)


def test_a_place_counts_all_that_wait_in_its_own_queue(database: Engine, actor: Actor) -> None:
    made = [make_run(database, actor, queue=queue) for queue in ("train", "train.gpu") * 3]
    spread_waiting(database, [run.job_id for run in made])
    with reading(database) as conn:
        places = jobs.places(conn, [made[4].id, made[5].id])
    assert {place: places[place].ahead for place in places} == {made[4].id: 2, made[5].id: 2}


def test_place_of_a_run_on_a_lost_machine_says_so(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    claim_run(database, lease_ms=-1)
    with reading(database) as conn:
        assert jobs.places(conn, [run.id])[run.id].holder_lost
        assert jobs.holder(conn, run.id) is None


def test_holder_of_a_run_is_its_jobs(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    claim_run(database, "child")
    with reading(database) as conn:
        assert jobs.holder(conn, run.id) == "child"


def test_deleted_run_fences_its_holder(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    job = claim_run(database)
    with writing(database) as conn:
        runs.delete(conn, actor, run.id)
    with writing(database) as conn:
        assert jobs.renew(conn, [job.claim], LEASE) == {job.claim}
        assert jobs.get(conn, job.id) is None


def test_holder_reads_the_runs_of_its_job(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    job = claim_run(database)
    with writing(database) as conn:
        assert runs.of_job(conn, job.claim) == [runs.get(conn, actor, run.id)]
    stale = Claim(job.id, "child", 0)
    with pytest.raises(Fenced), writing(database) as conn:
        runs.of_job(conn, stale)


def spread_waiting(database: Engine, job_ids: Sequence[str]) -> None:
    """Runs made within one millisecond have no order among themselves."""
    with writing(database) as conn:
        for n, job_id in enumerate(job_ids):
            conn.execute(
                update(job_table).where(job_table.c.id == job_id).values(waiting_since=n + 1)
            )

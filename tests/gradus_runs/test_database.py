"""The database's clock, its transactions, and the schema that the migrations make."""

import itertools
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from gradus_runs.actor import Actor
from gradus_runs.database import migrate, now_ms, open_database, reading, write, writing
from gradus_runs.errors import SettingsError
from gradus_runs.tables import metadata, teams, users
from tests.gradus_runs.plans import make_run


def name_of(engine: Engine, team: str) -> str:
    with reading(engine) as conn:
        return conn.execute(select(teams.c.name).where(teams.c.id == team)).scalar_one()


def add_teams(engine: Engine, *ids: str) -> None:
    with writing(engine) as conn:
        conn.execute(insert(teams), [{"id": i, "name": "old", "created_at": 0} for i in ids])


def test_clock_agrees_with_this_machine_and_counts_single_milliseconds(database: Engine) -> None:
    with reading(database) as conn:
        seen = {conn.execute(select(now_ms())).scalar_one() for _ in range(200)}
    assert abs(max(seen) - time.time() * 1000) < 2000
    assert any(later - earlier == 1 for earlier, later in itertools.pairwise(sorted(seen)))


def test_clock_moves_on_within_a_transaction(database: Engine) -> None:
    with writing(database) as conn:
        started = conn.execute(select(now_ms())).scalar_one()
        while conn.execute(select(now_ms())).scalar_one() == started:
            assert time.time() * 1000 < started + 5000


def test_migrations_make_exactly_the_tables(database: Engine) -> None:
    with reading(database) as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert set(inspect(database).get_table_names()) - {"alembic_version"} == set(metadata.tables)


def test_migrations_make_the_check_constraints(database: Engine, actor: Actor) -> None:
    run = make_run(database, actor)
    for statement in (
        "UPDATE runs SET status = 'asleep' WHERE id = :id",
        "UPDATE memberships SET role = 'king' WHERE :id = :id",
    ):
        with pytest.raises(IntegrityError), writing(database) as conn:
            conn.execute(text(statement), {"id": run.id})


def test_migrating_at_once_from_several_sides_ends_with_one_schema(tmp_path: Path) -> None:
    engines = [open_database(f"sqlite:///{tmp_path}/fresh.db") for _ in range(3)]
    threads = [threading.Thread(target=migrate, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(metadata.tables) < set(inspect(engines[0]).get_table_names())
    for engine in engines:
        engine.dispose()


def test_foreign_keys_are_enforced(database: Engine) -> None:
    with pytest.raises(IntegrityError), writing(database) as conn:
        conn.execute(
            text("INSERT INTO memberships (team_id, user_id, role) VALUES ('a', 'b', 'admin')")
        )


def test_failed_transaction_leaves_nothing(database: Engine) -> None:
    add_teams(database, "one")

    def rename_and_fail(conn: Connection) -> None:
        conn.execute(update(teams).values(name="new"))
        conn.execute(insert(teams).values(id="one", name="again", created_at=0))

    with pytest.raises(IntegrityError):
        write(database, rename_and_fail)
    assert name_of(database, "one") == "old"


def test_readers_do_not_wait_for_a_writer(database: Engine) -> None:
    add_teams(database, "one")
    with writing(database) as conn:
        conn.execute(update(teams).values(name="new"))
        assert name_of(database, "one") == "old"
    assert name_of(database, "one") == "new"


def test_postgresql_refuses_to_write_while_reading(postgres_engine: Engine) -> None:
    with pytest.raises(SQLAlchemyError, match="read-only"), reading(postgres_engine) as conn:
        conn.execute(insert(users).values(id="u", name="n", created_at=0))


def test_sqlite_is_durable_and_takes_the_lock_first(sqlite: str) -> None:
    engine = open_database(sqlite)
    with reading(engine) as conn:
        pragmas = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000,
    }  # fmt: skip
    impatient = open_database(f"{sqlite}")
    with writing(engine), impatient.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout = 1")
        other.rollback()
        other.execution_options(gradus_writes=True)
        with pytest.raises(OperationalError, match="locked"):
            other.begin()
    engine.dispose()
    impatient.dispose()


def test_read_then_write_by_many_never_fails(database: Engine) -> None:
    add_teams(database, "one")
    failures: list[BaseException] = []

    def count() -> None:
        for _ in range(10):
            try:
                with writing(database) as conn:
                    row = select(teams.c.created_at).with_for_update()
                    seen = conn.execute(row).scalar_one()
                    conn.execute(update(teams).values(created_at=seen + 1))
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(database) as conn:
        assert conn.execute(select(teams.c.created_at)).scalar_one() == 40
    assert failures == []


def test_write_repeats_after_a_deadlock(postgres_engine: Engine) -> None:
    add_teams(postgres_engine, "a", "b")
    both_hold = threading.Barrier(2)
    tries: list[str] = []

    def rename(first: str, second: str) -> None:
        def work(conn: Connection) -> None:
            tries.append(first)
            conn.execute(update(teams).where(teams.c.id == first).values(name=first))
            if tries.count(first) == 1:
                both_hold.wait()
            conn.execute(update(teams).where(teams.c.id == second).values(name=first))

        write(postgres_engine, work)

    threads = [threading.Thread(target=rename, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tries) > 2  # one of them was refused, and came again
    assert name_of(postgres_engine, "a") == name_of(postgres_engine, "b")


@pytest.mark.parametrize(
    "url", ["mysql://host/gradus", "sqlite://", "sqlite:///:memory:", "not a url"]
)
def test_other_databases_are_refused_by_the_setting_name(url: str) -> None:
    with pytest.raises(SettingsError, match="GRADUS_DATABASE_URL"):
        open_database(url)


def test_refusal_does_not_print_the_password() -> None:
    with pytest.raises(SettingsError) as refused:
        open_database("mysql://me:hunter2@host/gradus")
    assert "hunter2" not in str(refused.value)

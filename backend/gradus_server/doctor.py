"""`gradus doctor`: what this installation has, and what it lacks."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import gradus_server
from gradus_runs.database import open_database, reading
from gradus_runs.errors import LiveUnavailable, SettingsError
from gradus_runs.live import open_live
from gradus_runs.settings import Settings, listing
from gradus_server.embedded import ValkeyMissing, binary
from gradus_server.routes.page import FOLDER


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, and what was found or is to be done."""

    what: str
    well: bool
    said: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at every part. Nothing is changed, and the database is not created."""
    yield Finding("gradus", True, f"{gradus_server.__version__}, Python {sys.version.split()[0]}")
    for look in (_database, _redis, _torch, _page, _node):
        yield look(settings)


def rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Each setting: variable, value, and whether it was set or is the default."""
    return [
        (row["variable"], row["value"], "set" if row["set"] == "yes" else "default")
        for row in listing(settings)
    ]


def _database(settings: Settings) -> Finding:
    if not settings.database_url and not (settings.data / "gradus.db").exists():
        return Finding("database", True, "SQLite, made at the first start")
    try:
        engine = open_database(settings.database)
        with reading(engine) as conn:
            conn.execute(text("SELECT 1"))
        found = engine.dialect.name
        engine.dispose()
    except (SQLAlchemyError, SettingsError) as error:
        return Finding("database", False, f"does not answer: {_first_line(error)}")
    return Finding("database", True, f"{found} answers")


def _redis(settings: Settings) -> Finding:
    url = settings.redis_url.get_secret_value()
    if not url:
        return _private_redis()
    live = open_live(url)
    try:
        live.ping()
    except LiveUnavailable as error:
        return Finding("redis", False, f"does not answer: {_first_line(error)}")
    finally:
        live.close()
    return Finding("redis", True, "answers")


def _private_redis() -> Finding:
    try:
        return Finding("redis", True, f"a private one, started from {binary()}")
    except ValkeyMissing as error:
        return Finding("redis", False, str(error))


def _torch(_settings: Settings) -> Finding:
    try:
        return Finding("torch", True, version("torch"))
    except PackageNotFoundError:
        return Finding("torch", False, "missing: install `gradus[worker]` to train here")


def _page(_settings: Settings) -> Finding:
    if (FOLDER / "index.html").is_file():
        return Finding("page", True, "built")
    return Finding("page", False, "not built: run `make install` in the checkout")


def _node(_settings: Settings) -> Finding:
    """Only needed to build the page; the build brings its own where there is none."""
    found = shutil.which("node")
    if found is None:
        return Finding("node", True, "none here; the build brings its own")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return Finding("node", True, said.stdout.strip() or "does not say its version")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]

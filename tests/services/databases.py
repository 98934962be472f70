"""A migrated database for each test, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gradus_runs.actor import Actor, laptop
from gradus_runs.database import migrate, open_database, writing


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh, migrated SQLite file."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'gradus.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database of each kind."""
    url: str = request.getfixturevalue("sqlite" if request.param == "sqlite" else "postgres")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An engine over a fresh, migrated database of each kind."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def actor(database: Engine) -> Actor:
    """The one person of a laptop."""
    with writing(database) as conn:
        return laptop(conn)

"""What only the tests of the shared store need."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from gradus_runs.database import open_database


@pytest.fixture
def postgres_engine(postgres: str) -> Iterator[Engine]:
    """An engine over PostgreSQL alone, closed also when a test fails: connections that nobody
    closed are reported in whatever test comes next.
    """
    engine = open_database(postgres)
    yield engine
    engine.dispose()

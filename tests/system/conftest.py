"""Sites on both databases, with short leases so that losing a machine costs a test two seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.valkey import private
from tests.system.processes import Site, site

SHORT = {
    "GRADUS_LEASE_SECONDS": "2",
    "GRADUS_RENEW_SECONDS": "0.5",
    "GRADUS_CHECKPOINT_SECONDS": "0.2",
    "GRADUS_THREADS": "1",
    "GRADUS_COMPILE_SECONDS": "0",
}


@pytest.fixture
def redis() -> Iterator[str]:
    """The URL of a Redis that no other test's worker listens to."""
    with private() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_site(request: pytest.FixtureRequest, tmp_path: Path, redis: str) -> Iterator[Site]:
    """A site whose servers and workers meet in one database and one Redis."""
    database = (
        f"sqlite:///{tmp_path}/gradus.db"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres")
    )
    with site(tmp_path, GRADUS_DATABASE_URL=database, GRADUS_REDIS_URL=redis, **SHORT) as made:
        yield made


@pytest.fixture
def local_site(tmp_path: Path, redis: str) -> Iterator[Site]:
    """The same on SQLite alone, for what does not depend on the database."""
    with site(tmp_path, GRADUS_REDIS_URL=redis, **SHORT) as made:
        yield made

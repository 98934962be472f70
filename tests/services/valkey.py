"""A private Valkey for the whole session, empty at the start of each test that asks for it.

Workers get one of their own: they take whatever ticket they find, also one that a test put there
for others, and sit on it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from gradus_server.embedded import Valkey


@contextmanager
def private() -> Iterator[str]:
    """The URL of a server of our own; its socket's path is short enough for every platform."""
    with tempfile.TemporaryDirectory(prefix="gv-") as folder, Valkey(Path(folder)) as server:
        yield server.url


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    with private() as url:
        yield url


@pytest.fixture
def valkey(valkey_server: str) -> str:
    """The URL of an empty Redis."""
    with redis.Redis.from_url(valkey_server, protocol=3) as client:
        client.flushall()
    return valkey_server

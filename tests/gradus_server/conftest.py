import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gradus_server.service import Service, Standing, running


@pytest.fixture
def service(tmp_path: Path, sqlite: str, valkey: str) -> Iterator[Service]:
    with running(tmp_path, sqlite, valkey) as made:
        yield made


@pytest.fixture(scope="session")
def standing(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, valkey_server: str
) -> Iterator[Standing]:
    """A service with one run, for tests that leave nothing behind that another would see."""
    folder = tmp_path_factory.mktemp("standing")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'gradus.db')}"
    with running(folder, url, valkey_server) as made, made.http() as client:
        yield Standing(made, client, made.make_run(start="paused"))


@pytest.fixture
def client(service: Service) -> Iterator[httpx.Client]:
    with service.http() as made:
        yield made

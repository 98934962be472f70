"""A workshop for each test, and one with a warm worker for all."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gradus_worker.workshop import Workshop, workshop


@pytest.fixture
def bare(tmp_path: Path, sqlite: str) -> Iterator[Workshop]:
    """A workshop without a worker."""
    with workshop(tmp_path, sqlite) as made:
        yield made


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Workshop]:
    """A workshop whose worker of one child serves every test that harms no process."""
    folder = tmp_path_factory.mktemp("shop")
    database = f"sqlite:///{shutil.copy(sqlite_template, folder / 'gradus.db')}"
    with workshop(folder, database) as made:
        made.start(GRADUS_CHILDREN="1")
        yield made


@pytest.fixture(scope="session")
def siblings(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Workshop]:
    """A workshop whose worker has two children, of which one may be killed."""
    folder = tmp_path_factory.mktemp("siblings")
    database = f"sqlite:///{shutil.copy(sqlite_template, folder / 'gradus.db')}"
    with workshop(folder, database) as made:
        made.start(GRADUS_CHILDREN="2", GRADUS_CHECKPOINT_SECONDS="2")
        yield made

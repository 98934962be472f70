"""Which tests stay in one process when several run them (`--dist loadscope`), and which begin."""

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

# Minutes of watching one page: it has a process, a service and a browser of its own.
MEMORY = "tests/browser/test_memory.py"
# About half of the browser's time; the other files are the other half.
HALF = ("accessible", "digits", "plane", "return", "runs_page", "waking")
HALVES = tuple(f"tests/browser/test_{name}.py" for name in HALF)
KILLS = "tests/system/test_kills.py"
CHILD = f"{KILLS}::test_a_run_whose_child_is_killed_ends_as_if_nothing_had_happened"
WORKER = f"{KILLS}::test_a_run_whose_whole_worker_is_killed_ends_as_if_nothing_had_happened"
# The longest begin, so that nobody waits for them at the end. Who watches the memory has the next
# one in hand already, which may therefore be begun late.
BEGIN = (MEMORY, "browser 1", "workers", CHILD, "browser 2", WORKER)

WANTED, MARKS = "(service or browser)", ("mark.service", "mark.browser")


def lane(nodeid: str) -> str:
    """The tests of a lane follow each other in one process.

    Those of the browser share one service and one browser, those of the worker two workers; what
    starts everything for itself shares nothing; each other file is a lane.
    """
    path = nodeid.split("::")[0]
    if path.startswith("tests/system/"):
        return nodeid.split("[")[0]
    if path.startswith("tests/browser/") and path != MEMORY:
        return "browser 1" if path in HALVES else "browser 2"
    return "workers" if path.startswith("tests/gradus_worker/") else path


class Lanes(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return lane(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Lanes | None:
    return Lanes(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(BEGIN)}
    items.sort(key=lambda item: places.get(lane(item.nodeid), len(places)))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whoever wants the tests of the service alone imports no file without one: it takes seconds."""
    if not config.getoption("markexpr").startswith(WANTED):
        return None
    if collection_path.is_dir() or not collection_path.name.startswith("test_"):
        return None
    text = collection_path.read_text()
    return True if not any(mark in text for mark in MARKS) else None

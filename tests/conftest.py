"""Real services for all tests: `valkey`, `postgres`, `sqlite`, `database`, `actor`."""

import pytest
from hypothesis import settings

# A busy machine makes an example slow; that is no failure.
settings.register_profile("gradus", deadline=None)
settings.load_profile("gradus")

pytest_plugins = [
    "tests.proving",
    "tests.services.databases",
    "tests.services.postgres",
    "tests.services.valkey",
]


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what has to stay in one process under `--dist loadgroup`.

    The browser tests share one service and one browser; so does each file of the others. What
    names its own group, as the minutes of waiting in one page do, has all of it to itself.
    """
    for item in items:
        if item.get_closest_marker("xdist_group"):
            continue
        shared = "browser" if item.get_closest_marker("browser") else item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(shared))

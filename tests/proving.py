"""Tests that claim a row of `docs/coverage.toml` (`@pytest.mark.proves`) claim rows that there are,
and are not skipped: a skipped test shows nothing."""

from collections.abc import Generator
from typing import Any

import pytest

from scripts import proofs


def claimed(item: pytest.Item) -> set[str]:
    return {str(id) for mark in item.iter_markers("proves") for id in mark.args}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = proofs.known()
    for item in items:
        if unknown := claimed(item) - known:
            raise pytest.UsageError(
                f"{item.nodeid} claims {', '.join(sorted(unknown))}: no row of docs/coverage.toml"
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, Any]:
    report = yield
    surely = not any(item.get_closest_marker(name) for name in proofs.UNSURE)
    if report.skipped and surely and claimed(item):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} proves {', '.join(sorted(claimed(item)))}, yet is skipped"
    return report

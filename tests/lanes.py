"""Which tests stay in one process when several run them (`--dist loadscope`)."""

import pytest
from xdist.scheduler import LoadScopeScheduling

# Minutes of waiting in one page: it has a process, a service and a browser of its own.
ALONE = "tests/browser/test_memory.py"


class Lanes(LoadScopeScheduling):
    """The browser's tests share one service and one browser; so does each file of the others."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::")[0]
        return "browser" if path.startswith("tests/browser/") and path != ALONE else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Lanes | None:
    return Lanes(config, log) if config.getvalue("dist") == "loadscope" else None

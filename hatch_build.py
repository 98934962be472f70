"""The build hook: a wheel or an sdist carries the built page, an editable install does not."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface):
    """Builds the page when it is missing or stale; asks for Node only when the machine has none."""

    def dependencies(self) -> list[str]:
        page, root = _page_script(self.root), Path(self.root)
        ready = page.is_fresh(root) or not (root / "frontend").is_dir() or page.machine_has_node()
        return [] if ready else [page.NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            _page_script(self.root).build(Path(self.root))


def _page_script(root: str) -> ModuleType:
    """`scripts/page.py`, by its path: a build runs with nothing of the project importable."""
    spec = importlib.util.spec_from_file_location("page", Path(root, "scripts", "page.py"))
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{root}/scripts/page.py is missing from this source tree")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

"""The arrows between the packages, and what an import may bring along."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYDANTIC = {
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_extensions",
    "typing_inspection",
}
LINT = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)
INSTALLED_BELOW = """
import importlib, pkgutil, sys
before = set(sys.modules)
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
loaded = [sys.modules[name] for name in set(sys.modules) - before]
installed = [m.__name__ for m in loaded if "site-packages" in (getattr(m, "__file__", "") or "")]
print(*{name.partition(".")[0] for name in installed})
"""
ONE = "import importlib, sys; importlib.import_module(sys.argv[1]); print(*sys.modules)"
FORBIDDEN = [
    ("backend/gradus", "gradus_runs"),
    ("backend/gradus", "numpy"),
    ("backend/gradus_runs", "gradus_server"),
    ("backend/gradus_server", "gradus_engine"),
    ("backend/gradus_server", "torch"),
    ("backend/gradus_client", "gradus_runs"),
    ("workers/gradus_engine", "gradus_worker"),
    ("workers/gradus_worker", "gradus_server"),
]


def loaded_by(script: str, package: str) -> set[str]:
    """Names of the modules that a fresh interpreter prints after `script`."""
    command = [sys.executable, "-c", script, package]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split())


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(root / source) for source in ("backend", "workers"))
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_every_import_follows_the_arrows():
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(("package", "imported"), FORBIDDEN)
def test_an_import_against_the_arrows_is_found(tmp_path, package, imported):
    for source in ("backend", "workers"):
        ignored = shutil.ignore_patterns("__pycache__", "page")
        shutil.copytree(ROOT / source, tmp_path / source, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / package / "trespass.py").write_text(f"import {imported}\n")
    answer = lint(tmp_path)
    assert answer.returncode == 1
    assert "trespass" in answer.stdout


def test_the_language_loads_nothing_but_pydantic():
    loaded = loaded_by(INSTALLED_BELOW, "gradus")
    assert "pydantic" in loaded
    assert loaded <= PYDANTIC


def test_the_server_loads_no_torch():
    loaded = loaded_by(ONE, "gradus_server.app")
    assert "fastapi" in loaded
    assert not loaded & {"torch", "sklearn", "gradus_engine", "gradus_worker"}


def test_the_command_loads_neither_torch_nor_the_server():
    loaded = loaded_by(ONE, "gradus_client.command")
    assert not loaded & {"torch", "numpy", "fastapi", "sqlalchemy", "gradus_server"}

"""`scripts/test` gives what failed a second try, and says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "test"
STEADY = "def test_fast():\n    pass\n"
SERVICE = """
import pathlib, pytest
pytestmark = pytest.mark.service

def test_good():
    pass

def test_second():
    tried = pathlib.Path(__file__).with_name("tried")
    first = not tried.exists()
    tried.touch()
    assert not first

def test_bad():
    assert {bad} == 0
"""


def run(folder: Path, bad: int = 0, broken: bool = False) -> subprocess.CompletedProcess[str]:
    """A project of three tests of the service: one good, one good at the second try, one `bad`.

    Where it is `broken`, a fourth file cannot be collected.
    """
    (folder / "scripts").mkdir()
    (folder / "scripts" / "test").write_text(SCRIPT.read_text())
    (folder / "scripts" / "page.py").write_text("print('1 passed')\n")
    (folder / ".venv" / "bin").mkdir(parents=True)
    python = folder / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  service\n  browser\n  soak\n")
    (folder / "test_steady.py").write_text(STEADY)
    (folder / "test_services.py").write_text(SERVICE.format(bad=bad))
    if broken:
        (folder / "test_broken.py").write_text("import nothing_of_this_name\n")
    command = ["bash", str(folder / "scripts" / "test")]
    lean = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p xdist.plugin"}
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **lean},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("bad", "code", "said"), [(0, 0, "ok"), (1, 1, "FAILED")])
def test_a_group_fails_only_where_a_test_fails_twice(
    tmp_path: Path, bad: int, code: int, said: str
) -> None:
    answer = run(tmp_path, bad)
    summary = answer.stdout.partition("── summary")[2].splitlines()
    assert answer.returncode == code, answer.stdout + answer.stderr
    assert [line.split()[:2] for line in summary[1:4]] == [
        ["page", "ok"],
        ["fast", "ok"],
        ["service", said],
    ]
    assert summary[4:] == [
        "unsteady: test_services.py::test_second (passed at the second try)",
    ]


def test_a_second_try_does_not_excuse_a_file_that_was_not_collected(tmp_path: Path) -> None:
    answer = run(tmp_path, broken=True)
    summary = answer.stdout.partition("── summary")[2].splitlines()
    assert answer.returncode == 1
    assert [line.split()[:2] for line in summary[2:4]] == [
        ["fast", "FAILED"],
        ["service", "FAILED"],
    ]

"""The table of what is shown: rows, the tests that claim them, and claims that do not hold."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gradus.zoo import ZOO
from scripts import proofs

ROOT = Path(__file__).parents[2]
CLAIMED = proofs.claims()
ROWS = [row for group in proofs.rows().values() for row in group]
TICKED = re.findall(r"^- \[x\] \*\*(\w+)\*\*", proofs.TARGET.read_text(encoding="utf-8"), re.M)


def test_every_claim_is_of_a_row_that_there_is():
    assert set(CLAIMED) <= proofs.known()


@pytest.mark.parametrize("id", TICKED)
def test_a_row_that_is_said_to_be_shown_has_a_test_for_each_part(id):
    (row,) = [row for row in ROWS if row.id == id]
    assert [claim for claim in row.claims() if not CLAIMED.get(claim)] == []


def test_every_example_is_there():
    anchors = re.findall(r"^### (\w+)$", (ROOT / "docs" / "layers.md").read_text(), re.M)
    known = {f"#{anchor}" for anchor in anchors} | set(ZOO)
    named = {name for row in ROWS for name in row.example}
    assert {name for name in named - known if not (ROOT / name).is_file()} == set()


@pytest.fixture
def project(tmp_path):
    """A tree with two tests in Python and two of the page."""
    python, page = tmp_path / "tests", tmp_path / "frontend" / "tests"
    python.mkdir()
    page.mkdir(parents=True)
    (python / "test_some.py").write_text(
        'import pytest\n\npytestmark = [pytest.mark.service, pytest.mark.proves("B2")]\n\n'
        '@pytest.mark.proves("A2.line", "B1.loop")\ndef test_one(): ...\n\n'
        '@pytest.mark.soak\n@pytest.mark.proves("B3")\ndef test_long(): ...\n\n'
        '@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.proves("D1"))])\n'
        "def test_case(n): ...\n"
    )
    (page / "some.test.ts").write_text(
        '// proves A3.curve, F1\ntest("a curve is drawn", () => {});\ntest("other", () => {});\n'
    )
    return tmp_path


def test_claims_are_read_from_functions_modules_cases_and_the_page(project):
    found = proofs.claims(project)
    names = {id: {test.name for test in tests} for id, tests in found.items()}
    assert names == {
        "A2.line": {"test_one"},
        "B1.loop": {"test_one"},
        "B2": {"test_one", "test_case"},
        "D1": {"test_case"},
        "A3.curve": {"a curve is drawn"},
        "F1": {"a curve is drawn"},
    }


def test_a_row_is_ticked_when_every_part_has_a_test():
    row = proofs.Row("B2", "pooling", {"loop": "a loop", "sizes": "a formula"}, [])
    test = proofs.Test("tests/test_some.py", "test_one")
    assert proofs.is_shown(row, {"B2.loop": {test}, "B2.sizes": {test}})
    assert not proofs.is_shown(row, {"B2.loop": {test}, "B2": {test}})


def run(folder, text):
    """What pytest says of tests with these lines, with nothing else loaded."""
    (folder / "test_some.py").write_text(f"import pytest\n\n{text}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.proving", "--rootdir", folder]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "-o", "markers=proves(*ids)", folder],
        cwd=ROOT,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_unknown_row_stops_the_suite(tmp_path):
    ended = run(tmp_path, '@pytest.mark.proves("B1.lop")\ndef test_one(): ...\n')
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "test_one claims B1.lop" in ended.stderr


def test_a_skipped_test_proves_nothing_and_fails(tmp_path):
    skipped = 'def test_{}():\n    pytest.skip("not here")\n\n'
    text = skipped.format("free") + '@pytest.mark.proves("B1.loop")\n' + skipped.format("bound")
    assert "1 failed, 1 skipped" in run(tmp_path, text).stdout

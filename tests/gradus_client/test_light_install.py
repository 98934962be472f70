"""`pip install gradus` and nothing more: a wheel with the page, a command that plans offline."""

import json
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
SOURCES = ["pyproject.toml", "README.md", "LICENSE", "hatch_build.py"]
FOLDERS = ["backend", "workers", "scripts"]
SPEC = ROOT / "examples" / "digits-cnn.yaml"

pytestmark = pytest.mark.service


def call(*command, **options):
    answer = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return answer.returncode, answer.stdout, answer.stderr


def succeed(*command, **options):
    code, said, faults = call(*command, **options)
    assert code == 0, faults
    return said


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A source tree whose page is built already, as an sdist is."""
    root = tmp_path_factory.mktemp("tree")
    for name in SOURCES:
        shutil.copy(ROOT / name, root)
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__", "page")
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    page = root / "backend" / "gradus_server" / "page"
    page.mkdir()
    (page / "index.html").write_text("<!doctype html><title>Gradus</title>")
    (page / ".stamp").write_text("built elsewhere")
    return root


@pytest.fixture(scope="module")
def wheel(tree):
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(tree / "dist")]
    succeed(*PIP, "wheel", *options, str(tree))
    [built] = (tree / "dist").glob("gradus-*.whl")
    return built


@pytest.fixture(scope="module")
def gradus(wheel, tmp_path_factory):
    """The command of an environment that holds the wheel and its own requirements only."""
    folder = tmp_path_factory.mktemp("light")
    venv.create(folder, with_pip=False)
    constraints = ROOT / "constraints.txt"
    succeed(*PIP, "--python", str(folder), "install", "-c", str(constraints), str(wheel))
    return folder / "bin" / "gradus"


def test_the_wheel_carries_the_page_and_every_package(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "gradus_server/page/index.html" in names
    for package in ("gradus", "gradus_runs", "gradus_client", "gradus_engine", "gradus_worker"):
        assert f"{package}/__init__.py" in names
    assert not [name for name in names if name.startswith(("backend/", "tests/", "frontend/"))]


def test_a_light_install_plans_without_torch_or_server(gradus):
    plan = json.loads(succeed(gradus, "plan", SPEC, "--json"))
    assert plan["totals"]["parameters"] == 6090
    python = gradus.parent / "python"
    for absent in ("torch", "fastapi", "sqlalchemy", "celery", "numpy"):
        code, _, fault = call(python, "-c", f"import {absent}")
        assert code == 1, f"{absent} came along"
        assert "ModuleNotFoundError" in fault


@pytest.mark.parametrize(
    ("asked", "extra"), [(["up"], "all"), (["work"], "worker"), (["train", SPEC], "worker")]
)
def test_a_light_install_says_what_is_missing(gradus, asked, extra):
    code, _, said = call(gradus, *asked)
    assert code == 1
    assert f"pip install 'gradus[{extra}]'" in said

"""The images' install steps, run as the Dockerfile says them, in empty environments."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.building import Building, begun
from tests.deploy.compose_file import ROOT

pytestmark = [pytest.mark.service, pytest.mark.timeout(900)]  # it downloads and installs


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Building:
    """The page and the wheel, which both images share."""
    building = begun(tmp_path_factory.mktemp("images"))
    building.build("page")
    building.build("wheel")
    return building


@pytest.fixture(scope="module")
def python(built: Building) -> Path:
    """The interpreter of the server's image."""
    built.build("server-packages")
    return built.place("server-packages", "/opt/gradus/bin/python")


def ask(python: Path, question: str) -> str:
    command = [str(python), "-W", "error", "-I", "-c", question]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def test_the_servers_image_serves(python: Path) -> None:
    said = ask(
        python, "import gradus_server.app as module; print(module.app.title, module.__file__)"
    )
    assert said.startswith("Gradus /")
    assert str(python.parents[1]) in said


def test_the_servers_image_has_neither_torch_nor_scikit_learn(python: Path) -> None:
    absent = "import importlib.util as u; print([n for n in ('torch', 'sklearn', 'scipy') if u.find_spec(n)])"
    assert ask(python, absent) == "[]"
    installed = ask(
        python, "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"
    )
    assert {"fastapi", "psycopg", "redis", "celery"} <= set(installed.lower().split())
    assert not [name for name in installed.lower().split() if name.startswith(("torch", "nvidia"))]


def test_the_servers_image_carries_the_page(python: Path) -> None:
    folder = (
        "import gradus_server, pathlib; print(pathlib.Path(gradus_server.__file__).parent / 'page')"
    )
    page = Path(ask(python, folder))
    assert "<script" in (page / "index.html").read_text()


def test_the_scripts_of_the_image_can_be_loaded(python: Path) -> None:
    scripts = ROOT / "docker"
    for name in ("passwords", "migrate", "sign_in"):
        ask(python, f"import runpy; runpy.run_path({str(scripts / name)!r} + '.py')")


def test_the_workers_packages_can_be_had(built: Building) -> None:
    """Resolved and not installed: it is what `make install` put into this environment."""

    def dry(command: str) -> str:
        return command.replace("pip install", "pip install --dry-run --ignore-installed")

    said = built.build("worker-packages", dry)
    torch, everything = [line for line in said.splitlines() if line.startswith("Would install")]
    [pin] = re.findall(r"^torch==(.+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert f"torch-{pin}" in torch
    for package in (
        f"torch-{pin}",
        "gradus-",
        "scikit-learn-",
        "safetensors-",
        "psutil-",
        "numba-",
        "celery-",
    ):
        assert package in everything
    assert "fastapi" not in everything

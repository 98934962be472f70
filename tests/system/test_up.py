"""`gradus up`: one command starts everything, and Ctrl-C leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from tests.system.processes import answers, free_port, start, wait_for

pytestmark = pytest.mark.service


def test_up_answers_and_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    port = str(free_port())
    settings = {"GRADUS_DATA": str(tmp_path / "data"), "GRADUS_PORT": port}
    up = start(["up", "--no-browser"], settings, tmp_path / "up.log")
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}", up), 120, "the page")
        page = httpx.get(f"http://127.0.0.1:{port}/")
        assert page.status_code == 200
        assert "Gradus" in page.text
        wait_for(lambda: ready(port), 120, "a warm worker")
        assert len(up.tree()) > 3
        said = (tmp_path / "up.log").read_text()
        assert f"http://127.0.0.1:{port}/launch#" in said
        check_another_link(settings, port, said)
        up.stop(signal.SIGINT)
        assert not [name for name in ("address", "token") if (tmp_path / "data" / name).exists()]
    finally:
        up.kill_tree()


def check_another_link(settings: dict[str, str], port: str, said: str) -> None:
    """The command once more leads to the service that runs."""
    again = subprocess.run(
        [sys.executable, "-m", "gradus_client", "up", "--no-browser"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    (code,) = re.findall(rf"http://127.0.0.1:{port}/launch#(\S+)", again.stdout)
    assert code not in said
    home = f"http://127.0.0.1:{port}"
    opened = httpx.post(f"{home}/api/v1/launch", json={"code": code}, headers={"Origin": home})
    assert opened.status_code == 204


def test_nothing_outlives_a_killed_up(tmp_path: Path) -> None:
    port = str(free_port())
    settings = {"GRADUS_DATA": str(tmp_path / "data"), "GRADUS_PORT": port}
    up = start(["up", "--no-browser"], settings, tmp_path / "up.log")
    wait_for(lambda: up.called("--billiard-fork"), 60, "a child")
    tree = up.tree()
    up.popen.kill()
    up.popen.wait(5)
    assert not psutil.wait_procs(tree, timeout=15)[1]


def ready(port: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/v1/ready").status_code == 200
    except httpx.TransportError:
        return False

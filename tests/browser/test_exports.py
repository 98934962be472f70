"""Taking a draft or a run away from the page, and what was taken at work."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service

pytestmark = pytest.mark.browser

SPEC = """\
spec: nn/1
data: {name: moons, options: {points: 60}}
network:
  layers:
    - {type: linear, units: 3, activation: tanh}
    - linear
train: {epochs: 2, batch_size: 10}
"""


def copied(tab: Playground, what: str) -> str:
    """What the menu of the text puts on the clipboard."""
    before = "nothing yet"
    tab.page.evaluate("text => navigator.clipboard.writeText(text)", before)
    tab.page.locator("[data-menu=copy]").click()
    tab.page.locator(f"[data-copy={what}]").click()
    tab.page.wait_for_function(
        "async before => (await navigator.clipboard.readText()) !== before", arg=before
    )
    text: str = tab.page.evaluate("navigator.clipboard.readText()")
    return text


def run_python(text: str, folder: Path, **environment: str) -> str:
    (folder / "copied.py").write_text(text)
    return subprocess.run(
        [sys.executable, "copied.py"],
        cwd=folder,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout


def test_what_is_copied_as_python_and_pytorch_runs(
    opened: Open, wide: View, site: Service, tmp_path: Path
) -> None:
    tab = opened()
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.expect_drawn("network")
    with tab.page.expect_response("**/api/v1/plan") as planned:
        tab.write(SPEC)
    script = copied(tab, "pytorch")
    assert f"Spec {planned.value.json()['hash']}." in script
    assert "epoch 2: training loss" in run_python(script, tmp_path)
    token = site.api.headers["Authorization"].removeprefix("Bearer ")
    url = str(site.api.base_url).partition("/api")[0]
    said = run_python(copied(tab, "python"), tmp_path, GRADUS_URL=url, GRADUS_TOKEN=token)
    run = re.fullmatch(r"(run_[0-9a-f]+)\n", said)
    assert run
    assert site.run(run.group(1))["spec_hash"] == planned.value.json()["hash"]


def test_a_run_is_saved_as_one_file(playground: Playground, tmp_path: Path) -> None:
    playground.press("epoch")
    playground.expect_status("paused")
    playground.page.locator("[data-menu=presets]").click()
    playground.page.locator("[data-entry=export]").click()
    bundle = playground.page.locator("[data-export=bundle]")
    expect(bundle).to_be_visible()
    with playground.page.expect_download() as download:
        bundle.click()
    assert download.value.suggested_filename.endswith(".zip")
    download.value.save_as(tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        assert {"document.json", "metrics.csv", "model.py"} <= set(archive.namelist())
        # It is paused, and what it has learned so far goes with it.
        assert {"model.onnx", "weights.safetensors"} <= set(archive.namelist())

"""The text as one writes it: how a fault is mended, what the picture rewrites, what is copied."""

import os
import re
import subprocess

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service

pytestmark = pytest.mark.browser

SPEC = """\
# A net of my own.
spec: nn/1
data: {name: spiral}
network:
  layers:
    - {type: linear, units: 6, activation: tanh} # the first
    - linear
train:
  optimizer: {type: adam, learning_rate: 0.01} # quick
"""


def lines(tab: Playground) -> Locator:
    return tab.page.locator(".cm-line")


def test_a_fault_is_found_and_mended_by_the_keyboard(opened: Open, wide: View) -> None:
    tab = opened()
    tab.write(SPEC.replace("type: linear", "type: linaer"))
    expect(tab.page.locator(".cm-sentence")).to_contain_text("linaer")
    tab.page.keyboard.press("F8")
    expect(tab.page.locator(".cm-announced")).to_contain_text("linaer")
    tab.page.keyboard.press("Control+.")
    expect(tab.page.locator(".cm-sentence")).to_have_count(0)
    expect(lines(tab).filter(has_text="the first")).to_contain_text("{type: linear, units: 6")
    tab.page.keyboard.press("ControlOrMeta+z")
    expect(tab.page.locator(".cm-sentence")).to_contain_text("linaer")


def test_an_edit_of_the_picture_changes_only_its_own_line(opened: Open, wide: View) -> None:
    tab = opened()
    tab.write(SPEC)
    expect(tab.page.locator("[data-card=linear_1]")).to_be_visible()
    tab.slide("learning-rate", 1)
    changed = lines(tab).filter(has_text="# quick")
    expect(changed).not_to_contain_text("learning_rate: 0.01}")
    assert lines(tab).nth(0).inner_text() == "# A net of my own."
    assert "# the first" in lines(tab).nth(5).inner_text()


def test_what_is_copied_begins_the_same_run(opened: Open, wide: View, site: Service) -> None:
    tab = opened()
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.expect_drawn("network")  # so that the plan of the first preset is not taken for this one
    with tab.page.expect_response("**/api/v1/plan") as planned:
        tab.write(SPEC.replace("A net", "It's a net"))
    tab.page.locator("[data-menu=copy]").click()
    tab.page.locator("[data-copy=curl]").click()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    token = site.api.headers["Authorization"].removeprefix("Bearer ")
    said = subprocess.run(
        ["bash", "-c", copied],
        env={**os.environ, "GRADUS_TOKEN": token},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    run = re.search(r"run_[0-9a-f]+", said)
    assert run
    assert site.run(run.group())["spec_hash"] == planned.value.json()["hash"]
    site.api.post(f"/runs/{run.group()}/control", json={"action": "stop"})

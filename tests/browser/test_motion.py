"""One batch in slow motion, a finger with its lens, and units that die."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.service import Service
from tests.system.processes import wait_for

pytestmark = pytest.mark.browser

DYING = """spec: nn/1
data: circle
network:
  layers:
    - {type: linear, units: 8, activation: relu}
    - {type: linear, units: 8, activation: relu}
    - linear
train:
  epochs: 40
  optimizer: {type: adam, learning_rate: 1.0}
"""


@pytest.mark.proves("F2")
def test_the_stills_of_a_batch_tell_the_loss_that_it_then_has(opened: Open, wide: View) -> None:
    tab = opened()
    tab.page.emulate_media(reduced_motion="reduce")
    tab.expect_drawn("network")
    tab.page.keyboard.press("s")
    line = tab.page.locator("[data-motion]")
    expect(line).to_have_attribute("data-motion", "forward")
    tab.expect_drawn("motion")
    following = tab.page.locator("[data-slow=next]")
    following.click()
    expect(line).to_have_attribute("data-motion", "loss")
    told = line.inner_text()
    following.click()
    expect(line).to_have_attribute("data-motion", "backward")
    following.click()
    expect(line).to_have_attribute("data-motion", "update")
    assert tab.figure("step") == "0"
    following.click()
    expect(line).to_have_count(0)
    tab.expect_above("step", 0)
    tab.expect_status("paused")
    assert tab.figure("step") == "1"
    assert tab.figure("train-loss") in told


@pytest.mark.proves("A4")
def test_dead_units_are_told_with_a_cure_that_a_fork_goes_on_with(
    opened: Open, wide: View, site: Service
) -> None:
    tab = opened()
    tab.write(DYING)
    expect(tab.page.locator("[data-card=linear_2]")).to_contain_text("relu")
    tab.press("play")
    verdict = tab.page.locator("[data-verdict='verdict.dead']")
    expect(verdict).to_contain_text("%", timeout=60_000)
    parent = tab.run_id
    tab.page.locator("[data-drawer-tab=health]").click()
    dead = tab.page.locator("[data-layer=linear_2] [data-share=dead]")
    expect(dead).to_contain_text("%")
    tab.page.locator("[data-drawer-tab=health]").click()
    tab.page.locator("[data-remedy=leaky]").click()
    wait_for(lambda: tab.run_id != parent, 60, "the fork")
    layers = site.run(tab.run_id)["document"]["network"]["layers"]
    assert [layer["activation"] for layer in layers[:2]] == ["leaky_relu"] * 2
    assert site.run(tab.run_id)["parent"] == parent


def test_a_finger_that_is_held_points_through_a_lens(opened: Open, phone: View) -> None:
    tab = opened()
    tab.expect_drawn("network")
    tab.still_pixels("network")
    tile = tab.page.locator("#tile-linear_1-3").bounding_box()
    assert tile
    finger = {"x": tile["x"] + tile["width"] / 2, "y": tile["y"] + tile["height"] / 2}
    hand = tab.page.context.new_cdp_session(tab.page)
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    lens = tab.page.locator("[data-lens]")
    expect(lens).to_be_visible()
    box = lens.bounding_box()
    assert box
    assert box["width"] == box["height"] == 88
    assert abs(finger["y"] - (box["y"] + box["height"]) - 56) < 1
    expect(tab.page.locator("[data-sum]")).to_contain_text("linear_1")
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(lens).to_have_count(0)

"""Looking back: moments of a run, what begins at them, and the tree of what came of it."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service

pytestmark = pytest.mark.browser


SPIRAL = {
    "spec": "nn/1",
    "data": {"name": "spiral"},
    "network": {"layers": [{"type": "linear", "units": 4, "activation": "tanh"}, "linear"]},
    "train": {"epochs": 8, "optimizer": {"type": "adam", "learning_rate": 0.01}},
}


@pytest.fixture
def trained(opened: Open, wide: View, site: Service) -> Playground:
    """A run at its end, with what was kept on its way."""
    made = site.api.post("/runs", json={"document": SPIRAL}).raise_for_status().json()
    tab = opened(f"/runs/{made['id']}")
    tab.expect_status("finished", seconds=60)
    tab.expect_drawn("field", seconds=60)
    return tab


def track(tab: Playground) -> Locator:
    return tab.page.locator("[data-slider=timeline]")


def step(tab: Playground) -> int:
    return int(track(tab).get_attribute("aria-valuenow") or -1)


def test_scrubbing_back_shows_that_moment_and_live_returns(trained: Playground) -> None:
    now, present = step(trained), trained.pixels("field")
    box: Any = track(trained).bounding_box()
    trained.page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + 20)
    expect(trained.page.locator("[data-past-label]")).to_be_visible()
    trained.expect_other_pixels("field", present)
    past = step(trained)
    assert past < now
    assert trained.number("step") == past
    trained.page.keyboard.press("l")
    expect(trained.page.locator("[data-past-label]")).to_have_count(0)
    assert step(trained) == now


def test_the_keys_walk_over_the_track(trained: Playground) -> None:
    now = step(trained)
    track(trained).press("Home")
    expect(track(trained)).to_have_attribute("aria-valuenow", "0")
    track(trained).press("ArrowRight")
    expect(track(trained)).not_to_have_attribute("aria-valuenow", "0")
    track(trained).press("End")
    expect(track(trained)).to_have_attribute("aria-valuenow", str(now))


def test_a_change_in_the_past_is_a_fork_and_stands_in_the_tree(
    trained: Playground, site: Service
) -> None:
    parent = trained.run_id
    track(trained).press("ArrowLeft")
    track(trained).press("ArrowLeft")
    expect(trained.page.locator("[data-action=train-from]")).to_be_visible()
    trained.slide("learning-rate", 4)
    expect(trained.page).not_to_have_url(f"{trained.address}/runs/{parent}")
    child = site.run(trained.run_id)
    assert child["parent"] == parent
    assert 0 < child["parent_step"] <= site.run(parent)["step"]
    trained.page.locator("[data-drawer-tab=tree]").click()
    rows = trained.page.locator("[data-drawer=tree] [data-run]")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("0.01 →")
    # Its curve lies over the one on show, and goes again.
    rows.first.click(modifiers=["Shift"])
    expect(trained.page.locator("[data-curve=laid]")).to_be_visible()
    rows.first.click(modifiers=["Shift"])
    expect(trained.page.locator("[data-curve=laid]")).to_have_count(0)
    rows.first.click()
    expect(trained.page).to_have_url(f"{trained.address}/runs/{parent}")
    trained.page.keyboard.press("Escape")
    expect(rows).to_have_count(0)


def test_one_batch_in_the_past_is_a_step_of_a_fork(trained: Playground, site: Service) -> None:
    parent = site.run(trained.run_id)
    track(trained).press("ArrowLeft")
    track(trained).press("ArrowLeft")
    expect(trained.page.locator("[data-past-label]")).to_be_visible()
    trained.press("batch")
    expect(trained.page).not_to_have_url(f"{trained.address}/runs/{parent['id']}")
    trained.expect_status("paused", seconds=60)
    child = site.run(trained.run_id)
    assert child["step"] == child["parent_step"] + 1
    assert site.run(parent["id"])["step"] == parent["step"]


def test_without_the_service_what_was_seen_can_still_be_scrubbed(trained: Playground) -> None:
    track(trained).press("Home")
    first = trained.still_pixels("field")
    trained.page.keyboard.press("l")
    trained.expect_other_pixels("field", first)
    trained.page.context.set_offline(True)
    track(trained).press("Home")
    expect(track(trained)).to_have_attribute("aria-valuenow", "0")
    trained.page.wait_for_function(
        """before => document.querySelector("[data-picture=field]").toDataURL() === before""",
        arg=first,
    )
    # The browser itself complains of each question that finds no network.
    trained.complaints[:] = [said for said in trained.complaints if "DISCONNECTED" not in said]
    trained.page.context.set_offline(False)

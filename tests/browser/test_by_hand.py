"""Weights by hand: an edge dragged on an untrained net, and a number typed by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.service import Service
from tests.system.processes import wait_for

pytestmark = pytest.mark.browser


def test_a_dragged_edge_bends_the_field_and_begins_a_run_at_rest(
    opened: Open, wide: View, site: Service
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.expect_drawn("network")
    before = tab.pixels("field")
    start = tab.page.locator("[id='tile-features_1-0']").bounding_box()
    end = tab.page.locator("[id='tile-linear_1-0']").bounding_box()
    assert start is not None
    assert end is not None
    x = (start["x"] + start["width"] + end["x"]) / 2
    y = (start["y"] + end["y"] + end["height"]) / 2
    grip = tab.page.locator("[data-grip]")
    for _ in range(50):  # the weights may come a little after the fields
        tab.page.mouse.move(x, y - 1)
        tab.page.mouse.move(x, y)
        if grip.count():
            break
        tab.page.wait_for_timeout(100)
    value = float(grip.inner_text().replace("−", "-"))
    tab.page.mouse.down()
    tab.page.mouse.move(x, y - 100, steps=5)
    assert float(grip.inner_text().replace("−", "-")) == pytest.approx(value + 2, abs=0.011)
    assert tab.pixels("field") != before
    tab.page.mouse.up()
    tab.expect_status("paused")
    expect(tab.page.locator("[data-pin]")).to_have_count(1)
    tab.page.locator("[id='tile-linear_2-1']").focus()
    tab.page.keyboard.press("F2")
    tab.page.keyboard.type("1.5")
    wait_for(lambda: site.run(tab.run_id)["last_event"] > 2, 60, "the edits in the log")
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("[id='tile-linear_2-1']")).to_be_focused()

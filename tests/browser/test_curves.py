"""The curve: a guess drawn before Play, values read at a step, a stretch looked at closer."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground

pytestmark = pytest.mark.browser


def test_a_guess_is_measured_and_the_curve_is_read_and_zoomed(opened: Open, wide: View) -> None:
    tab = opened()
    tab.expect_drawn("field")
    drag(tab, "[data-guess]", 0.02, 0.9)
    expect(tab.page.locator("[data-curve=guess]")).to_be_visible()
    tab.press("epoch")
    tab.expect_status("paused")
    expect(tab.page.locator("[data-curve=guess]")).to_contain_text("±")
    curve = tab.page.locator("[data-picture=curve]")
    curve.focus()
    curve.press("ArrowLeft")
    expect(tab.page.locator("[data-reading]")).to_contain_text(tab.figure("train-loss")[:1])
    drag(tab, "[data-picture=curve]", 0.3, 0.6)
    whole = tab.page.locator("[data-curve=whole]")
    expect(whole).to_be_visible()
    whole.click(force=True)  # the reading may still stand over it
    expect(whole).to_have_count(0)


def test_the_run_before_stays_on_the_chart_until_it_is_switched_off(
    opened: Open, wide: View
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.press("epoch")
    tab.expect_status("paused")
    tab.press("reset")
    before = tab.page.locator("[data-curve=before]")
    expect(before).to_have_attribute("aria-pressed", "true")
    before.click()
    expect(before).to_have_attribute("aria-pressed", "false")


def drag(tab: Playground, where: str, start: float, end: float) -> None:
    """Press at one share of the width and let go at another."""
    box = tab.page.locator(where).first.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    tab.page.mouse.move(box["x"] + start * box["width"], middle)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + end * box["width"], middle, steps=8)
    tab.page.mouse.up()
    tab.page.mouse.move(box["x"], box["y"] - 60)

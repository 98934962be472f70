"""The page is there before the first worker is: it says so, waits, and then shows everything."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.playground import Playground
from tests.browser.service import Service, waking

pytestmark = pytest.mark.browser

WARM_SECONDS = 180


@pytest.fixture
def asleep() -> Iterator[Service]:
    with tempfile.TemporaryDirectory(prefix="gradus-") as folder, waking(Path(folder)) as started:
        yield started


def test_a_page_opened_at_once_waits_for_its_worker(asleep: Service, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    tab = Playground.open(context, asleep.address, asleep.launch.removeprefix(asleep.address))
    expect(tab.page.locator("[data-card]").first).to_be_visible()
    chip = tab.page.locator("[data-waking]")
    with asleep.stopped_worker():
        tab.press("play")
        expect(chip).to_contain_text("waking a worker")
        expect(tab.page.locator(".bad")).to_have_count(0)
    tab.expect_drawn("field", seconds=WARM_SECONDS)
    tab.expect_drawn("network", seconds=WARM_SECONDS)
    tab.expect_above("epoch", 0, seconds=WARM_SECONDS)
    expect(chip).to_have_count(0, timeout=WARM_SECONDS * 1000)
    # The tile of one's own points stays empty until some are drawn.
    for tile in tab.page.locator("[data-dataset]:not([data-dataset=drawn]) canvas").all():
        tab.expect_painted(tile, WARM_SECONDS)
    expect(tab.page.locator(".bad")).to_have_count(0)
    context.close()
    assert tab.complaints == []

"""Links: to a draft, to a run for reading; and what is kept when an address leads nowhere."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE_MS, Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service

pytestmark = pytest.mark.browser


@pytest.fixture
def stranger(site: Service, browser: Browser) -> Iterator[Open]:
    """Opens tabs of somebody who is not signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield lambda path: Playground.open(context, site.address, path)
    context.close()


def share(tab: Playground, what: str) -> str:
    """The path of a new link, made in the sheet."""
    tab.page.locator("[data-tool=share]").click()
    if what == "run":
        tab.page.locator("[data-share=make]").click()
    address = tab.page.locator(f"[data-address={what}]").input_value()
    tab.page.keyboard.press("Escape")
    return address.removeprefix(tab.address)


def test_a_link_shows_a_draft_and_starts_nothing(opened: Open, wide: View, site: Service) -> None:
    tab = opened()
    tab.choose_preset("moons")
    expect(tab.page.locator("[data-figure=parameters]")).to_contain_text("37")
    link = share(tab, "draft")
    runs = len(site.api.get("/runs").json()["runs"])
    shown = opened(link)
    expect(shown.page.locator("[data-figure=parameters]")).to_contain_text("37")
    shown.expect_status("draft")
    assert shown.page.url == f"{site.address}/"
    assert len(site.api.get("/runs").json()["runs"]) == runs
    cut = opened(link[: len(link) // 2])
    expect(cut.page.locator("[data-lost=broken]")).to_be_visible()


def test_a_draft_survives_a_reload_and_a_run_its_removal(
    opened: Open, wide: View, site: Service
) -> None:
    tab = opened()
    tab.choose_preset("xor")
    expect(tab.page.locator("[data-figure=parameters]")).to_contain_text("25")
    tab.page.reload()
    expect(tab.page.locator("[data-figure=parameters]")).to_contain_text("25")
    tab.press("batch")
    tab.expect_status("paused")
    site.api.delete(f"/runs/{tab.run_id}").raise_for_status()
    tab.page.reload()
    expect(tab.page.locator("[data-lost=deleted]")).to_be_visible()
    tab.page.locator("[data-lost-open]").click()
    expect(tab.page.locator("[data-figure=parameters]")).to_contain_text("25")
    tab.complaints.clear()  # the browser logs the 404


def test_a_guest_watches_live_and_can_change_nothing(
    opened: Open, wide: View, stranger: Open, site: Service
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.press("batch")
    tab.expect_status("paused")
    site.slow(tab.run_id)
    guest = stranger(share(tab, "run"))
    guest.expect_status("paused")
    guest.expect_drawn("field")
    guest.expect_drawn("network")
    before = guest.pixels("field")
    tab.press("play")
    guest.expect_status("running")
    guest.expect_above("epoch", 0)
    guest.expect_other_pixels("field", before)
    expect(
        guest.page.locator("[data-action]:not([data-action=live]), input[data-slider], [data-menu]")
    ).to_have_count(0)
    guest.page.keyboard.press("Space")
    guest.page.keyboard.press("r")
    assert guest.complaints == []
    assert site.run(tab.run_id)["status"] in ("running", "queued")
    guest.page.locator("[data-mine]").click()
    expect(guest.page.locator("[data-guest] [role=alert]")).to_be_visible()


def test_who_is_signed_in_makes_a_shared_run_their_own(
    opened: Open, wide: View, site: Service
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.press("epoch")
    tab.expect_status("paused")
    run = tab.run_id
    reader = opened(share(tab, "run"))
    reader.page.locator("[data-mine]").click()
    expect(reader.page.locator("[data-action=play]")).to_be_enabled()
    assert reader.run_id != run
    assert site.run(reader.run_id)["parent"] == run

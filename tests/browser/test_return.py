"""Coming back to a run, and watching one run in two tabs."""

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service

pytestmark = pytest.mark.browser


def test_a_closed_tab_is_no_loss(opened: Open, playground: Playground, site: Service) -> None:
    slow_down(playground, site)
    run = playground.run_id
    playground.page.close()
    again = opened(f"/runs/{run}")
    again.expect_status("running")
    again.expect_drawn("field")
    again.expect_drawn("network")
    there = again.number("epoch")
    again.expect_above("epoch", there)
    assert again.run_id == run


def test_the_curve_is_replayed_whole(opened: Open, playground: Playground, site: Service) -> None:
    playground.press("epoch")
    playground.expect_status("paused")
    run = playground.run_id
    playground.page.close()
    again = opened(f"/runs/{run}")
    again.expect_status("paused")
    again.expect_above("epoch", 0)
    last = site.api.get(f"/runs/{run}/metrics").json()["series"]["validation/loss"]["last"][-1]
    assert again.number("validation-loss") == pytest.approx(last, rel=0.05)
    again.expect_drawn("field")


def test_two_tabs_watch_one_run(opened: Open, playground: Playground, site: Service) -> None:
    slow_down(playground, site)
    second = opened(f"/runs/{playground.run_id}")
    for tab in (playground, second):
        tab.expect_status("running")
        there = tab.number("epoch")
        tab.expect_above("epoch", there)
    second.press("play")
    for tab in (playground, second):
        tab.expect_status("paused")


def test_a_broken_line_is_told_and_then_healed(playground: Playground, site: Service) -> None:
    slow_down(playground, site)
    page = playground.page
    lines: list[WebSocketRoute] = []
    cut = False

    def pass_on(line: WebSocketRoute) -> None:
        lines.append(line)
        if cut:
            line.close()
        else:
            line.connect_to_server()

    page.route_web_socket("**/api/v1/stream", pass_on)
    page.reload()
    playground.expect_status("running")
    expect(page.locator("[data-connection=open]")).to_be_visible()
    cut = True
    lines[-1].close()
    expect(page.locator("[data-connection=reconnecting]")).to_be_visible()
    there = playground.number("epoch")
    cut = False
    expect(page.locator("[data-connection=open]")).to_be_visible()
    playground.expect_above("epoch", there)


def test_a_long_break_says_that_training_goes_on(playground: Playground, site: Service) -> None:
    slow_down(playground, site)
    page = playground.page
    lines: list[WebSocketRoute] = []

    def pass_on_once(line: WebSocketRoute) -> None:
        lines.append(line)
        if len(lines) == 1:
            line.connect_to_server()
        else:
            line.close()

    page.route_web_socket("**/api/v1/stream", pass_on_once)
    page.clock.install()
    page.reload()
    expect(page.locator("[data-connection=open]")).to_be_visible()
    lines[0].close()
    expect(page.locator("[data-connection=reconnecting]")).to_be_visible()
    page.clock.fast_forward(20_000)
    expect(page.locator("[data-connection=offline]")).to_be_visible()


def test_what_a_server_could_not_do_is_tried_again(opened: Open, wide: View) -> None:
    tab = opened("/?card=linear_1")
    tab.expect_drawn("field")
    expect(tab.page.locator("[aria-haspopup=dialog][aria-expanded=true]")).to_be_visible()
    tab.page.route("**/api/v1/plan", lambda route: route.fulfill(status=500, body=""))
    tab.choose_preset("xor")
    again = tab.page.locator("[data-again]")
    expect(again).to_be_visible()
    tab.page.unroute("**/api/v1/plan")
    again.click()
    expect(tab.page.locator("[data-figure=parameters]")).to_contain_text("25")
    expect(again).to_have_count(0)
    tab.complaints.clear()  # the browser logs the 500


def test_the_list_of_runs_leads_to_each(opened: Open, playground: Playground) -> None:
    playground.press("batch")
    playground.expect_status("paused")
    run = playground.run_id
    listing = opened("/runs")
    listing.page.locator(f"a[href='/runs/{run}']").click()
    listing.expect_status("paused")
    listing.expect_drawn("field")


def test_a_start_link_opens_once(opened: Open, site: Service) -> None:
    tab = opened(site.launch.removeprefix(site.address))
    expect(tab.page.locator("main.notice")).to_contain_text("gradus up")
    tab.complaints.clear()


def slow_down(tab: Playground, site: Service) -> None:
    """Begin, and train slowly."""
    tab.press("batch")
    tab.expect_status("paused")
    site.slow(tab.run_id)
    tab.press("play")
    tab.expect_status("running")

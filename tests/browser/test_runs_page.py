"""The list of runs: found, followed, changed, compared."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service
from tests.browser.test_accessible import grave_faults

pytestmark = pytest.mark.browser

SPIRAL = {
    "spec": "nn/1",
    "data": {"name": "spiral"},
    "network": {"layers": [{"type": "linear", "units": 8, "activation": "tanh"}, "linear"]},
    "train": {"epochs": 3},
}


def make(site: Service, name: str, units: int = 8, start: str = "run") -> str:
    layers = [{"type": "linear", "units": units, "activation": "tanh"}, "linear"]
    document = SPIRAL | {"network": {"layers": layers}}
    body = {"document": document, "name": name, "start": start}
    run: str = site.api.post("/runs", json=body).raise_for_status().json()["id"]
    return run


def test_a_row_follows_its_run_and_can_be_changed(opened: Open, wide: View, site: Service) -> None:
    run = make(site, "row under test", start="paused")
    tab = opened("/runs?name=under+test")
    row = tab.page.locator(f"[data-run={run}]")
    expect(row.locator("[data-status=paused]")).to_be_visible()
    site.api.post(f"/runs/{run}/control", json={"action": "play"}).raise_for_status()
    expect(row.locator("[data-status=finished]")).to_be_visible()
    expect(row.locator("[data-cell=step]")).to_have_text(str(site.run(run)["step"]))
    write(tab, run, "tags", "deep, wide")
    expect(row.locator(".tag")).to_have_text(["deep", "wide"])
    write(tab, run, "name", "renamed")
    expect(row.locator("a")).to_have_text("renamed")
    assert site.run(run)["tags"] == ["deep", "wide"]
    tab.page.locator("[data-filter=name]").fill("renam")
    expect(tab.page.locator("[data-run]")).to_have_count(1)
    row.locator("[data-row=delete]").click()
    row.locator("[data-row=delete-sure]").click()
    expect(row).to_have_count(0)
    assert site.api.get(f"/runs/{run}").status_code == 404


def write(tab: Playground, run: str, field: str, text: str) -> None:
    row = tab.page.locator(f"[data-run={run}]")
    row.locator(f"[data-edit={field}]").click()
    row.locator(f"input[data-field={field}]").fill(text)
    tab.page.keyboard.press("Enter")


def test_a_run_that_nobody_named_goes_and_a_renamed_one_stays(
    opened: Open, wide: View, site: Service
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.press("batch")
    tab.expect_status("paused")
    unnamed = tab.run_id
    assert site.run(unnamed)["scratch"]
    assert site.run(unnamed)["expires_at"]
    tab.press("reset")
    tab.press("batch")
    tab.expect_status("paused")
    named = tab.run_id
    tab.page.locator("[data-menu=presets]").click()
    tab.page.locator("[data-entry=rename]").click()
    tab.page.locator("[data-title]").fill("to be kept")
    with tab.page.expect_response(f"**/api/v1/runs/{named}"):
        tab.page.keyboard.press("Enter")
    assert not site.run(named)["scratch"]
    assert site.run(named)["expires_at"] is None
    # What the service removes when its time has come, the browser tells from the date it noted.
    site.api.delete(f"/runs/{unnamed}").raise_for_status()
    tab.page.clock.set_fixed_time(site.run(named)["created_at"].replace("20", "21", 1))
    tab.page.goto(f"{site.address}/runs/{unnamed}")
    expect(tab.page.locator("[data-lost=expired]")).to_be_visible()
    expect(tab.page.locator("[data-lost-open]")).to_be_visible()
    tab.complaints.clear()  # the browser logs the 404


def test_two_runs_are_compared(opened: Open, wide: View, site: Service) -> None:
    pair = [make(site, "compare me", units) for units in (8, 3)]
    tab = opened("/runs?name=compare+me")
    for run in pair:
        row = tab.page.locator(f"[data-run={run}]")
        expect(row.locator("[data-status=finished]")).to_be_visible()
        row.locator("input[type=checkbox]").check()
    assert grave_faults(tab) == []
    tab.page.locator("[data-compare]").click()
    difference = tab.page.locator("[data-compared=difference] tbody tr")
    expect(difference).to_have_text(["/network/layers/0/units83"])
    expect(tab.page.locator("[data-compared=figures]")).to_contain_text("test/accuracy")
    expect(tab.page.locator("[data-picture=comparison] canvas")).to_be_visible()
    assert tab.page.url.endswith(f"/runs?compare={pair[0]},{pair[1]}")
    assert grave_faults(tab) == []


def test_a_whole_visit_by_keyboard_alone(opened: Open, wide: View, site: Service) -> None:
    tab = opened()
    tab.expect_drawn("field")
    keys = tab.page.keyboard
    walk_to(tab, "[data-menu=presets]")
    keys.press("Enter")
    walk_to(tab, "[data-preset=circle]")
    keys.press("Enter")
    expect(tab.page.locator("[data-figure=parameters]")).to_contain_text("25")
    walk_to(tab, "[data-slider=learning-rate]")
    keys.press("ArrowRight")
    walk_to(tab, "[data-action=batch]")
    keys.press("Enter")
    tab.expect_status("paused")
    run = tab.run_id
    site.slow(run)
    keys.press("Escape")
    walk_to(tab, "[data-action=play]")
    keys.press("Enter")
    tab.expect_status("running")
    keys.press("Enter")
    tab.expect_status("paused")
    walk_to(tab, "[data-tool=share]")
    keys.press("Enter")
    expect(tab.page.locator("[data-address=draft]")).to_be_visible()
    assert grave_faults(tab) == []
    keys.press("Escape")
    walk_to(tab, "nav a[href='/runs']")
    keys.press("Enter")
    walk_to(tab, f"[data-run={run}] a")
    keys.press("Enter")
    tab.expect_status("paused")
    assert tab.run_id == run


def walk_to(tab: Playground, selector: str) -> None:
    """Press Tab until the element has the focus."""
    target = tab.page.locator(selector)
    expect(target).to_be_visible()
    for _ in range(120):
        if target.evaluate("element => element === document.activeElement"):
            return
        tab.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")

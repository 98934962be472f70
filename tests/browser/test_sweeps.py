"""Sweeps: made from the playground, seen live, filtered, and kept under Runs."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service
from tests.browser.test_accessible import grave_faults

pytestmark = pytest.mark.browser

DOCUMENT = {
    "spec": "nn/1",
    "data": {"name": "spiral", "options": {"points": 100}},
    "network": {"layers": [{"type": "linear", "units": 4, "activation": "tanh"}, "linear"]},
    "train": {"epochs": 4, "optimizer": {"type": "adam", "learning_rate": 0.01}},
}
RATE, UNITS = "/train/optimizer/learning_rate", "/network/layers/0/units"
START_MS = 60_000


def make(site: Service, name: str, epochs: int = 4) -> dict[str, Any]:
    """Six nets: three rates and two sizes."""
    body = {
        "document": DOCUMENT | {"train": DOCUMENT["train"] | {"epochs": epochs}},  # type: ignore[operator]
        "name": name,
        "method": "grid",
        "vary": [{"path": RATE, "values": [0.01, 0.1, 1]}, {"path": UNITS, "values": [2, 4]}],
    }
    made: dict[str, Any] = site.api.post("/sweeps", json=body).raise_for_status().json()
    return made


def write_values(tab: Playground, path: str, text: str) -> None:
    tab.page.locator(f'[data-vary="{path}"] [data-vary-list]').fill(text)


def test_a_sweep_is_made_on_the_page_and_its_nets_are_seen_live(opened: Open) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.page.keyboard.press("v")
    first = tab.page.locator("[data-vary-list]").first
    expect(first).to_be_visible()
    assert grave_faults(tab) == []
    first.fill("0.01, often")
    expect(tab.page.locator("[data-fault]")).to_be_visible()
    expect(tab.page.locator("[data-sweep=start]")).to_be_disabled()
    first.fill("0.003, 0.03")
    tab.page.locator("[data-vary-list]").nth(1).fill("2, 4")
    expect(tab.page.locator("[data-sweep-count]")).to_contain_text("4")
    tab.page.locator("[data-sweep=start]").click()
    expect(tab.page).to_have_url(re.compile(r"/sweeps/sweep_[0-9a-f]+$"), timeout=START_MS)
    members = tab.page.locator("[data-member]")
    expect(members).to_have_count(4, timeout=START_MS)
    tab.expect_drawn("sweep", 60)
    expect(tab.page.locator("[data-member][data-best]")).to_have_count(1, timeout=START_MS)
    members.first.click()
    card = tab.page.locator("[data-enlarged]")
    expect(card).to_be_visible()
    tab.expect_drawn("enlarged", 60)
    assert grave_faults(tab) == []
    run = card.get_attribute("data-enlarged")
    card.locator("[data-open-run]").click()
    expect(tab.page).to_have_url(re.compile(f"/runs/{run}"))
    tab.page.go_back()
    expect(tab.page.locator("[data-sweep-act=stop]")).to_be_visible()
    tab.page.locator("[data-sweep-act=stop]").click()
    tab.page.locator("[data-sweep-act=stop-sure]").click()
    expect(tab.page.locator("[data-sweep-status=stopped]")).to_be_visible(timeout=START_MS)


def test_a_sweep_begins_at_a_field_of_a_form_on_a_phone_too(opened: Open, phone: View) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.page.locator("[data-tab=network]").click()
    tab.page.locator("[data-menu=training]").click()
    expect(tab.page.locator("[data-action=sweep]")).to_be_enabled(timeout=START_MS)
    tab.page.locator("[data-vary-mark='/train/schedule']").click()
    expect(tab.page.locator("[data-vary='/train/schedule']")).to_be_visible()
    expect(tab.page.locator("[data-sweep-form] [data-vary]")).to_have_count(2)  # and “add”


def test_a_value_is_pointed_at_and_kept_by_the_keyboard_alone(opened: Open, site: Service) -> None:
    sweep = make(site, "pointed at")
    tab = opened(f"/sweeps/{sweep['id']}")
    expect(tab.page.locator("[data-sweep-status=finished]")).to_be_visible(timeout=START_MS)
    tab.expect_drawn("coordinates")
    whole = tab.still_pixels("coordinates")
    axis = tab.page.locator(f'[data-axis="{RATE}"]')
    axis.focus()
    axis.press("ArrowUp")
    tab.expect_other_pixels("coordinates", whole)
    axis.press("Enter")
    # Two of the six have the lowest rate.
    expect(tab.page.locator("[data-shown='2']")).to_be_visible()
    assert grave_faults(tab) == []
    tab.page.locator("[data-clear]").click()
    expect(tab.page.locator("[data-shown]")).to_have_count(0)
    members = tab.page.locator("[data-member]")
    members.first.focus()
    members.first.press("ArrowRight")
    expect(members.nth(1)).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("[data-enlarged]")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("[data-enlarged]")).to_have_count(0)
    expect(members.nth(1)).to_be_focused()


def test_sweeps_stand_under_runs_and_go_with_their_nets(
    opened: Open, wide: View, site: Service
) -> None:
    sweep = make(site, "under runs")
    tab = opened("/runs")
    folded = tab.page.locator(f"[data-sweep-row={sweep['id']}]")
    expect(folded).to_contain_text("× 6")
    members = site.api.get(f"/sweeps/{sweep['id']}/members").json()["members"]
    expect(tab.page.locator(f"[data-run={members[0]['run']}]")).to_have_count(0)
    tab.page.goto(f"{site.address}/runs/{members[0]['run']}")
    tab.page.locator("[data-drawer-tab=tree]").click()
    tree = tab.page.locator(f"[data-tree-sweep={sweep['id']}]")
    expect(tree).to_contain_text("× 6", timeout=START_MS)
    tree.click()
    expect(tab.page).to_have_url(f"{site.address}/sweeps/{sweep['id']}")
    tab.page.locator("[data-tab=runs]").click()
    tab.page.locator("[data-tab=sweeps]").click()
    row = tab.page.locator(f"[data-sweep-row={sweep['id']}]")
    expect(row).to_be_visible()
    assert grave_faults(tab) == []
    row.locator("[data-remove]").click()
    row.locator("[data-remove-sure]").click()
    expect(row).to_have_count(0)
    assert site.api.get(f"/sweeps/{sweep['id']}").status_code == 404
    tab.page.goto(f"{site.address}/sweeps/{sweep['id']}")
    expect(tab.page.locator("[data-lost=sweep]")).to_be_visible()
    tab.complaints.clear()  # the browser logs the 404

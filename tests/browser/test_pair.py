"""A|B: a run and the same with one change, side by side and step by step."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.service import Service
from tests.browser.test_accessible import grave_faults
from tests.system.processes import wait_for

pytestmark = pytest.mark.browser


def test_a_and_b_take_their_steps_together_until_b_is_kept(
    opened: Open, wide: View, site: Service
) -> None:
    tab = opened()
    tab.expect_drawn("network")
    tab.page.keyboard.press("t")
    tab.page.locator("[data-choice='activation relu']").click()
    tab.expect_status("paused")
    a = tab.run_id
    (b,) = site.run(a)["beside"]
    both = tab.page.locator("[data-beside=network]")
    expect(both.locator("[data-card=linear_1]")).to_contain_text("relu")
    tab.expect_painted(both.locator("canvas").first, 60)

    def standing() -> list[tuple[Any, Any]]:
        return [(run["status"], run["step"]) for run in map(site.run, (a, b))]

    tab.press("batch")
    wait_for(lambda: standing() == [("paused", 1)] * 2, 60, "one step of each")
    tab.press("play")
    wait_for(lambda: standing()[1][1] > 1, 60, "more steps of B")
    tab.press("play")
    wait_for(lambda: {status for status, _ in standing()} == {"paused"}, 60, "a pause of both")
    assert len(set(standing())) == 1
    tab.page.locator("[data-pair=keepB]").click()
    expect(both).to_have_count(0)
    wait_for(lambda: site.run(a)["status"] == "stopped", 60, "the end of A")
    tab.expect_status("paused")
    assert tab.run_id == b
    expect(tab.page.locator("[data-card=linear_1]")).to_contain_text("relu")
    assert tab.page.locator(".bad").count() == 0


def test_a_remedy_is_seen_beside_the_disease_on_a_phone(
    opened: Open, phone: View, site: Service
) -> None:
    tab = opened()
    tab.expect_drawn("network")
    doubled = "{type: linear, units: 3, activation: softmax}"
    tab.write(
        f"spec: nn/1\ndata: {{name: iris}}\nnetwork: {{layers: [{doubled}]}}\ntrain: {{epochs: 100000}}"
    )
    tab.open_tab("curves")
    tab.page.locator("[data-remedy=beside]").click()
    beside = tab.page.locator("[data-beside=output]")
    expect(beside).to_be_visible()
    assert grave_faults(tab) == []
    (b,) = site.run(tab.run_id)["beside"]
    site.slow(b)
    assert site.run(b)["document"]["network"]["layers"][0]["activation"] == "identity"
    tab.press("reset")
    expect(beside).to_have_count(0)
    wait_for(lambda: site.run(b)["status"] == "stopped", 60, "the end of B with A")

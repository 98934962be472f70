"""Points of one's own, several classes, the decided output, and what a loss is made of."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service
from tests.browser.test_accessible import grave_faults

pytestmark = pytest.mark.browser


def stroke(tab: Playground, *places: tuple[float, float]) -> None:
    """Draw on the output picture, in shares of its side from the upper left."""
    box = tab.page.locator("[data-picture=field]").bounding_box()
    assert box is not None
    ways = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    tab.page.mouse.move(*ways[0])
    tab.page.mouse.down()
    for way in ways[1:]:
        tab.page.mouse.move(*way, steps=5)
    tab.page.mouse.up()


def drop(tab: Playground, selector: str, name: str, text: str) -> None:
    """Let a file fall onto a part of the page, as a person drags it in from a folder."""
    carried = tab.page.evaluate_handle(
        """([name, text]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], name));
            return carried;
        }""",
        [name, text],
    )
    tab.page.dispatch_event(selector, "dragover", {"dataTransfer": carried})
    tab.page.dispatch_event(selector, "drop", {"dataTransfer": carried})


def test_points_are_painted_on_an_empty_field_and_trained_on(
    opened: Open, wide: View, site: Service
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.press("clear-points")
    expect(tab.page.locator("[data-trouble='drawn.empty']")).to_be_visible()
    stroke(tab, (0.2, 0.2), (0.2, 0.8))
    expect(tab.page.locator("[data-trouble='drawn.one_class']")).to_be_visible()
    tab.page.locator("[data-brush='1']").click()
    stroke(tab, (0.8, 0.2), (0.8, 0.8))
    tab.page.locator("[data-brush='2']").click()
    stroke(tab, (0.4, 0.5), (0.6, 0.5))
    tab.page.locator("[data-brush='2']").click()
    expect(tab.page.locator("[data-card=linear_3] .tile")).to_have_count(3)
    tab.press("play")
    tab.expect_above("epoch", 2)
    data = site.run(tab.run_id)["plan"]["data"]
    assert (data["name"], data["classes"]) == ("drawn", ["0", "1", "2"])
    points = data["options"]["points"]
    assert {label for x, _, label in points if x < -3} == {0}
    assert {label for x, _, label in points if x > 3} == {1}


def test_a_point_is_put_by_the_keyboard_among_those_that_were_generated(
    opened: Open, wide: View
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.page.locator("[data-brush='0']").click()
    field = tab.page.locator("[role=application]:has([data-picture=field])")
    field.focus()
    field.press("Shift+ArrowUp")
    before = tab.pixels("field")
    field.press("Enter")
    tab.expect_other_pixels("field", before)
    expect(tab.page.locator("[data-dataset=drawn]")).to_have_attribute("aria-pressed", "true")
    expect(tab.page.locator("[data-status=draft]").first).to_be_visible()


def test_several_classes_can_be_seen_as_decided_and_their_loss_is_explained(
    opened: Open, wide: View
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.choose_preset("spiral3")
    expect(tab.page.locator(".legend li")).to_have_count(3)
    tab.press("epoch")
    tab.expect_status("paused")
    tab.page.mouse.move(0, 0)
    tab.page.wait_for_load_state("networkidle")
    mixed = tab.pixels("field")
    tab.page.locator("[data-switch=discretized]").check()
    tab.expect_other_pixels("field", mixed)
    plain = tab.pixels("field")
    tab.page.locator("[data-loss=validation]").hover()
    expect(tab.page.locator("[data-loss-top]")).to_contain_text("150")
    expect(tab.page.locator("#loss-validation")).to_contain_text(re.compile(r"−ln"))
    tab.expect_other_pixels("field", plain)


def test_a_table_of_points_becomes_the_data_and_a_bad_one_names_its_row(
    opened: Open, wide: View
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.page.locator("[data-dataset=drawn]").click()
    chosen = tab.page.locator("[data-files=table]")
    rows = "x,y,class\n1,2,in\n-1,0.5,out\n-2,0,out\n0,1,in\n"
    table = {"name": "mine.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    chosen.set_input_files(files=[table])
    tab.open_tab("text")
    expect(tab.page.locator(".cm-content")).to_contain_text("-2, 0, 1")
    tab.open_tab("data")
    chosen.set_input_files(files=[{**table, "buffer": b"1,2,in\n9,0,out\n"}])
    expect(tab.page.locator(".bad")).to_contain_text("mine.csv")
    expect(tab.page.locator(".bad")).to_contain_text(re.compile(r"row 2|第 2 行"))
    drop(tab, "[data-picture=field]", "dropped.csv", "1,2,in\n-1,0.5,out\n-4,3,out\n0,1,in\n")
    tab.open_tab("text")
    expect(tab.page.locator(".cm-content")).to_contain_text("-4, 3, 1")
    expect(tab.page.locator(".bad")).to_have_count(0)
    assert grave_faults(tab) == []

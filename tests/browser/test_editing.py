"""The network changed in the picture: its size, its layers, its terms, and back again."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service
from tests.browser.test_accessible import grave_faults

pytestmark = pytest.mark.browser


@pytest.fixture
def spiral(opened: Open, wide: View) -> Playground:
    tab = opened()
    tab.expect_drawn("field")
    tab.expect_drawn("network")
    return tab


def expect_units(tab: Playground, layer: str, count: int) -> None:
    expect(tab.page.locator(f"[data-card={layer}] .tile")).to_have_count(count)


def test_presses_and_keys_change_the_net_and_take_it_back(spiral: Playground) -> None:
    page = spiral.page
    page.locator("[data-more=linear_1]").click()
    expect_units(spiral, "linear_1", 9)
    page.locator("[data-action=deeper]").click()
    expect(page.locator("[data-card]")).to_have_count(5)
    page.locator("#tile-features_1-2").click()
    expect(page.locator("[data-term=x2]")).to_be_visible()
    page.locator("[data-open=linear_4]").focus()
    page.keyboard.press("Delete")
    expect(page.locator("[data-card]")).to_have_count(4)
    for _ in range(4):
        page.keyboard.press("Control+z")
    expect(page.locator("[data-term]")).to_have_count(0)
    expect_units(spiral, "linear_1", 8)
    page.keyboard.press("Control+y")
    expect_units(spiral, "linear_1", 9)


def test_a_layer_is_found_by_typing_and_set_in_its_form_by_keyboard_alone(
    spiral: Playground,
) -> None:
    page = spiral.page
    page.locator("[data-joint='linear_1 linear_2']").focus()
    page.keyboard.press("Enter")
    page.locator("[data-layer=dropout]").wait_for()
    assert grave_faults(spiral) == []
    page.keyboard.type("drop")
    expect(page.locator("[data-layer=linear]")).to_have_count(0)
    expect(page.locator("[data-layer]").first).to_have_attribute("data-layer", "dropout")
    page.keyboard.press("Enter")
    page.locator("#tile-linear_1-0").focus()
    page.keyboard.press("Enter")
    rate = page.locator("[data-form=linear_1] [data-field=rate] input")
    expect(rate).to_have_value("0.5")
    assert grave_faults(spiral) == []
    rate.fill("0.25")
    page.keyboard.press("Escape")
    expect(page.locator("[data-form]")).to_have_count(0)
    page.locator("#tile-linear_1-1").focus()
    page.keyboard.press("Enter")
    expect(rate).to_have_value("0.25")


def test_an_edit_of_a_young_run_trains_again_as_its_child(
    spiral: Playground, site: Service
) -> None:
    spiral.press("play")
    spiral.expect_above("step", 0)
    parent = spiral.run_id
    spiral.page.locator("[data-more=linear_1]").click()
    expect(spiral.page).not_to_have_url(f"{spiral.address}/runs/{parent}")
    spiral.expect_status("running")
    child = site.run(spiral.run_id)
    assert child["parent"] == parent
    assert child["document"]["network"]["layers"][1]["units"] == 9
    assert site.run(parent)["status"] == "paused"


def test_a_net_is_begun_from_the_empty_canvas_and_its_last_layer_taken_out_again(
    spiral: Playground,
) -> None:
    page = spiral.page
    page.locator("[data-menu=presets]").click()
    page.locator("[data-entry=new]").click()
    expect(page.locator("[data-canvas=empty]")).to_be_visible()
    spiral.expect_drawn("field")
    assert grave_faults(spiral) == []
    spiral.press("play")
    page.locator("[data-layer=linear]").wait_for()
    page.keyboard.type("linear")
    page.keyboard.press("Enter")
    expect_units(spiral, "linear_1", 8)
    expect(page.locator("[data-suggested]")).to_have_count(0)
    for layer in ("linear_1", "linear_2"):
        page.locator(f"[data-open={layer}]").focus()
        page.keyboard.press("Delete")
        expect(page.locator(f"[data-open={layer}]")).to_have_count(0)
    expect(page.locator("[data-canvas=empty]")).to_be_visible()
    page.keyboard.press("Control+z")
    page.locator("[data-open=linear_2]").wait_for()
    page.keyboard.press("Control+z")
    page.locator("[data-open=linear_1]").wait_for()
    spiral.press("play")
    spiral.expect_above("step", 0)


def test_a_shortcut_and_a_residual_are_found_and_the_net_still_trains(
    spiral: Playground, site: Service
) -> None:
    page = spiral.page
    page.locator("[data-joint='linear_2 linear_3']").focus()
    page.keyboard.press("Enter")
    page.locator("[data-layer=dropout]").wait_for()
    page.keyboard.type("add")
    page.locator("[data-layer=add]").click()
    page.locator("[data-other=linear_1]").click()
    expect(page.locator("[data-card=add_1]")).to_be_visible()
    page.locator("[data-joint='features_1 linear_1']").focus()
    page.keyboard.press("Enter")
    page.locator("[data-layer=dropout]").wait_for()
    page.keyboard.type("residual")
    page.locator("[data-wrap='residual linear_1']").click()
    expect(page.locator("[data-card='residual_1/linear_1']")).to_be_visible()
    spiral.press("play")
    spiral.expect_above("step", 0)
    layers = site.run(spiral.run_id)["document"]["network"]["layers"]
    assert layers[1]["body"][0]["name"] == "linear_1"
    assert layers[3] == {"type": "add", "name": "add_1", "from": ["linear_2", "residual_1"]}


def test_a_rule_of_the_training_menu_holds_without_a_new_run(
    spiral: Playground, site: Service
) -> None:
    page = spiral.page
    page.locator("[data-menu=optimizer]").click()
    optimizer = page.locator("[data-field=optimizer] select")
    optimizer.wait_for()
    assert grave_faults(spiral) == []
    optimizer.select_option("sgd")
    page.keyboard.press("Escape")
    expect(page.locator("[data-menu=optimizer]")).to_contain_text("sgd")
    spiral.press("play")
    spiral.expect_above("step", 0)
    run = spiral.run_id
    page.locator("[data-menu=optimizer]").click()
    rule = page.locator("select[data-field=regularization]")
    with page.expect_response(lambda answer: "control" in answer.url and answer.ok):
        rule.select_option("l1")
    expect(rule).to_have_value("l1")
    assert spiral.run_id == run
    assert site.run(run)["document"]["train"]["optimizer"]["type"] == "sgd"


def test_alt_and_an_arrow_move_a_card_past_its_neighbour(spiral: Playground) -> None:
    page = spiral.page
    page.locator("[data-open=linear_1]").focus()
    page.keyboard.press("Alt+ArrowRight")
    order = "cards => cards.map(card => card.dataset.card).join()"
    moved = "features_1,linear_2,linear_1,linear_3"
    page.wait_for_function(
        f"moved => ({order})([...document.querySelectorAll('[data-card]')]) === moved", arg=moved
    )
    expect(page.locator("[data-open=linear_1]")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("[data-card]").nth(1)).to_have_attribute("data-card", "linear_1")

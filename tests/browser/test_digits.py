"""The digits CNN: cards, maps of a chosen sample, kernels, confusion, curves."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground

pytestmark = pytest.mark.browser


@pytest.fixture
def digits(opened: Open, wide: View) -> Playground:
    tab = opened()
    tab.choose_preset("digits_cnn")
    tab.expect_drawn("confusion")
    tab.expect_drawn("network")
    return tab


def test_layers_stand_as_cards_with_shapes_and_parameters(digits: Playground) -> None:
    text = [card.inner_text() for card in digits.page.locator("[data-card]").all()]
    assert len(text) == 6
    assert "conv 3×3" in text[1]
    assert "relu · 16·8·8" in text[1]
    assert "160" in text[1]
    assert "4,640" in text[3]
    assert digits.figure("parameters").startswith("6,090")


def test_maps_and_curves_move_while_it_trains(digits: Playground) -> None:
    maps, confusion = digits.pixels("network"), digits.pixels("confusion")
    digits.press("play")
    digits.expect_above("epoch", 3, seconds=60)
    digits.expect_other_pixels("network", maps)
    digits.expect_other_pixels("confusion", confusion)
    assert digits.number("validation-loss") < 2.3


def test_another_sample_has_other_maps(digits: Playground) -> None:
    maps = digits.pixels("network")
    grid = digits.page.locator("[data-samples]")
    grid.focus()
    grid.press("ArrowDown")
    grid.press("ArrowDown")
    digits.expect_other_pixels("network", maps)


def test_weights_show_the_kernels(digits: Playground) -> None:
    maps = digits.still_pixels("network")
    digits.page.keyboard.press("w")
    digits.expect_other_pixels("network", maps)
    expect(digits.page.locator("[data-mode=weights]")).to_have_attribute("aria-pressed", "true")
    digits.page.keyboard.press("w")
    digits.page.wait_for_function(
        "before => document.querySelector('[data-picture=network]').toDataURL() === before",
        arg=maps,
    )


def test_a_pixel_that_is_pointed_at_is_told_with_its_sum(digits: Playground) -> None:
    tile = digits.page.locator("[id='tile-conv2d_1-5']").bounding_box()
    assert tile is not None
    digits.page.mouse.move(tile["x"] + tile["width"] / 2, tile["y"] + tile["height"] / 2)
    line = digits.page.locator("[data-sums]")
    expect(line).to_contain_text("relu(")
    steps = line.inner_text()
    assert steps.endswith(f"= {line.get_attribute('data-value')}")


def test_a_channel_is_shown_large_and_its_kernels_on_the_input_that_is_chosen(
    digits: Playground,
) -> None:
    tile = digits.page.locator("[id='tile-conv2d_2-3']")
    tile.focus()
    digits.expect_drawn("channel")
    expect(digits.page.locator("[role=img][aria-label='conv2d_2, map 4']")).to_be_visible()
    digits.page.locator("[data-mode=weights]").click()
    kernels = digits.page.locator("[data-kernels-on=conv2d_2]")
    expect(kernels.locator("option")).to_have_count(17)
    all_inputs = digits.still_pixels("network")
    kernels.select_option("2")
    digits.expect_other_pixels("network", all_inputs)
    kernels.select_option("")
    digits.page.locator("[data-mode=values]").click()


def test_a_confusion_cell_brings_its_samples(digits: Playground) -> None:
    expect(digits.page.locator("[data-samples='160']")).to_be_visible(timeout=60_000)
    picture = digits.page.locator(
        "[role=slider]", has=digits.page.locator("[data-picture=confusion]")
    )
    picture.focus()
    chip = digits.page.locator("[data-cell]")
    for _ in range(100):
        picture.press("ArrowRight")
        picture.press("Enter")
        if chip.count():
            break
    expect(chip).to_have_attribute("data-cell", re.compile(r"^\d+$"), timeout=60_000)
    count = chip.get_attribute("data-cell")
    expect(digits.page.locator(f"[data-samples='{count}']")).to_be_visible(timeout=60_000)
    chip.click()
    expect(digits.page.locator("[data-samples='160']")).to_be_visible(timeout=60_000)


def test_a_drawing_goes_through_the_net_until_it_is_cleared(digits: Playground) -> None:
    sample = digits.still_pixels("network")
    pad = digits.page.locator("[data-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    digits.page.mouse.move(box["x"] + 110, box["y"] + 30)
    digits.page.mouse.down()
    digits.page.mouse.move(box["x"] + 100, box["y"] + 170, steps=8)
    digits.expect_other_pixels("network", sample)
    expect(digits.page.locator("[data-pad-reading]")).to_contain_text("%")
    digits.page.mouse.up()
    digits.press("clear-pad")
    digits.page.wait_for_function(
        "before => document.querySelector('[data-picture=network]').toDataURL() === before",
        arg=sample,
    )

"""Pointing into layers with a picture of their own: gates, attention, what a function is given."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.playground import Playground
from tests.browser.test_accessible import grave_faults

pytestmark = pytest.mark.browser

NUMBER = r"\(?(−?\d+\.\d\d)\)?"
PATIENCE_MS = 60_000


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in re.findall(r"−?\d+\.\d\d", text)]


def cell(tab: Playground, card: str, band: int) -> Locator:
    return tab.page.locator(f"[data-card='{card}'] button").nth(band)


@pytest.mark.proves("F3", "B5.gates")
def test_a_cell_of_the_memory_is_told_by_its_gates_with_the_keys_alone(opened: Open) -> None:
    tab = opened()
    tab.expect_drawn("network")
    tab.choose_preset("digits_lstm")
    memory = cell(tab, "lstm", 4)
    expect(memory).to_be_attached(timeout=PATIENCE_MS)
    memory.focus()
    told = tab.page.locator("[data-band-sum]")
    expect(told).to_contain_text("c = f·c₋₁ + i·g", timeout=PATIENCE_MS)
    memory.press("Shift+ArrowRight")
    memory.press("Shift+ArrowDown")
    expect(told).to_contain_text(
        re.compile(rf"= {NUMBER}·{NUMBER} \+ {NUMBER}·{NUMBER} = {NUMBER}")
    )
    f, before, i, new, now = numbers(told.inner_text().partition("\n")[2])
    assert now == pytest.approx(f * before + i * new, abs=0.03)
    assert told.get_attribute("data-value") == told.inner_text().rpartition("= ")[2].strip()
    assert grave_faults(tab) == []


@pytest.mark.proves("F3", "B6.drawn")
def test_attention_is_told_by_the_softmax_of_its_scores(opened: Open) -> None:
    tab = opened()
    tab.expect_drawn("network")
    tab.choose_preset("digits_transformer")
    head = cell(tab, "encoder/0/residual_1/attention_1", 1)
    expect(head).to_be_attached(timeout=PATIENCE_MS)
    head.focus()
    told = tab.page.locator("[data-band-sum]")
    expect(told).to_contain_text("exp(", timeout=PATIENCE_MS)
    assert 0 < numbers(told.inner_text())[-1] < 1
    assert grave_faults(tab) == []


@pytest.mark.proves("A3.curve")
def test_a_card_that_is_opened_shows_its_function_over_its_inputs(playground: Playground) -> None:
    playground.page.locator("[data-open=linear_1]").click()
    part = playground.page.locator("[data-form] [data-part=tanh]")
    expect(part).to_be_visible(timeout=PATIENCE_MS)
    expect(part).to_contain_text(re.compile(r"\d+\.\d %"), timeout=PATIENCE_MS)
    canvas = part.locator("canvas")
    playground.page.wait_for_function(
        "canvas => canvas.width > 0 && new Set(new Uint32Array(canvas.getContext('2d')"
        ".getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size > 3",
        arg=canvas.element_handle(),
        timeout=PATIENCE_MS,
    )

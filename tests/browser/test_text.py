"""The text of the document: both ways, and every problem of a wrong one at once."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.playground import Playground

pytestmark = pytest.mark.browser

WRONG = {
    "spec": "nn/1",
    "data": {"name": "spiral"},
    "network": {
        "layers": [
            {"type": "linear", "units": -4},
            {"type": "conv2d", "filtres": 3},
            {"type": "linaer"},
        ]
    },
}


def test_every_problem_is_shown_with_place_expectation_and_remedy(playground: Playground) -> None:
    playground.write(json.dumps(WRONG))
    playground.page.locator("summary").click()
    problems = playground.page.locator(".problems li")
    expect(problems.nth(2)).to_be_visible()
    told = problems.all_inner_texts()
    assert any("/network/layers/0/units" in text for text in told)
    assert any("filtres" in text and "filters" in text for text in told)
    assert any("linaer" in text and "linear" in text for text in told)
    play = playground.page.locator("[data-action=play]")
    assert str(len(told)) in (play.get_attribute("aria-label") or "")
    expect(playground.page.locator("[data-action=batch]")).to_be_disabled()


def test_a_fix_mends_its_problem(playground: Playground) -> None:
    layers = [{"type": "linaer", "units": 3}, "linear"]
    playground.write(json.dumps({**WRONG, "network": {"layers": layers}}))
    sentence = playground.page.locator(".cm-sentence")
    expect(sentence).to_have_count(1)
    sentence.locator("button").click()
    expect(sentence).to_have_count(0)
    expect(playground.page.locator("[data-action=play]")).to_be_enabled()


def test_text_that_is_no_document_is_said_to_be_none(playground: Playground) -> None:
    playground.write('{"spec": ')
    expect(playground.page.locator(".cm-sentence")).to_have_count(1)
    expect(playground.page.locator("[data-action=batch]")).to_be_disabled()


def test_the_picture_follows_the_text(playground: Playground) -> None:
    before = playground.pixels("network")
    layers = [{"type": "linear", "units": 3, "activation": "relu"}, "linear"]
    playground.write(json.dumps({**WRONG, "network": {"layers": layers}}))
    playground.open_tab("data")
    expect(playground.page.locator("[data-card]").first).to_have_attribute("data-card", "input")
    playground.expect_other_pixels("network", before)

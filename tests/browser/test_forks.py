"""Runs that begin where another was: trained on, brought back, made from an edit."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service

pytestmark = pytest.mark.browser

EPOCHS = 4


def document(**train: Any) -> str:
    layers = [{"type": "linear", "units": 4, "activation": "relu"}, "linear"]
    body = {"spec": "nn/1", "data": {"name": "spiral"}, "network": {"layers": layers}}
    return json.dumps(body | {"train": {"epochs": EPOCHS, "losses": ["mse"], **train}})


@pytest.fixture
def finished(playground: Playground) -> Playground:
    write(playground, document())
    playground.press("play")
    playground.expect_status("finished")
    return playground


def write(tab: Playground, text: str) -> None:
    """Write the document and wait until the page has planned it."""
    before = tab.pixels("network")
    tab.write(text)
    tab.open_tab("data")
    tab.expect_other_pixels("network", before)


def test_play_trains_a_finished_run_on_as_long_again(finished: Playground, site: Service) -> None:
    parent = site.run(finished.run_id)
    finished.press("play")
    finished.expect_above("epoch", 2 * EPOCHS - 1)
    finished.expect_status("finished")
    child = site.run(finished.run_id)
    assert (child["parent"], child["parent_step"]) == (parent["id"], parent["step"])
    assert child["step"] == 2 * parent["step"]


def test_a_run_made_from_an_edit_names_its_parent(finished: Playground, site: Service) -> None:
    parent = finished.run_id
    finished.slide("training-share", 2)
    finished.expect_status("draft")
    finished.press("play")
    finished.expect_status("finished")
    child = site.run(finished.run_id)
    assert (child["parent"], child["parent_step"]) == (parent, None)


def test_what_has_no_gradient_says_so(opened: Open, wide: View) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.page.keyboard.press("g")
    expect(tab.page.locator("[data-hint=gradients]")).to_be_visible()


def test_a_lost_loss_is_brought_back_with_a_tenth_of_the_rate(
    playground: Playground, site: Service
) -> None:
    write(playground, document(optimizer={"type": "sgd", "learning_rate": 300}))
    playground.press("play")
    back = playground.page.locator("[data-remedy=back]")
    expect(back).to_be_visible()
    parent = site.run(playground.run_id)
    assert (parent["status"], parent["reason"]) == ("paused", "diverged")
    back.click()
    expect(playground.page).not_to_have_url(f"{playground.address}/runs/{parent['id']}")
    child = site.run(playground.run_id)
    assert child["parent"] == parent["id"]
    assert 0 < child["parent_step"] < parent["step"]
    assert child["document"]["train"]["optimizer"]["learning_rate"] == 30

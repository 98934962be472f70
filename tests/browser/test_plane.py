"""The two-dimensional playground: untrained pictures, play, pause, steps, reset, rate, data."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service
from tests.system.processes import wait_for

pytestmark = pytest.mark.browser


def test_the_untrained_net_is_drawn_at_once(opened: Open, wide: View) -> None:
    tab = opened()
    tab.page.wait_for_selector("[data-card]")
    tab.expect_drawn("field")
    tab.expect_drawn("network")
    cards = tab.page.locator("[data-card]")
    assert cards.count() == 4
    assert tab.page.locator(".tile").count() == 7 + 8 + 8 + 1
    assert tab.page.url == f"{tab.address}/"


def test_play_moves_figures_field_and_curve(playground: Playground) -> None:
    untrained = playground.pixels("field")
    playground.press("play")
    playground.expect_above("epoch", 3)
    playground.expect_other_pixels("field", untrained)
    assert playground.number("train-loss") < 10
    assert playground.number("validation-loss") < 10
    assert playground.run_id.startswith("run_")


def test_pause_holds_the_step_and_play_goes_on(opened: Open, wide: View, site: Service) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.press("batch")
    tab.expect_status("paused")
    site.slow(tab.run_id)
    tab.press("play")
    tab.expect_above("step", 20)
    tab.press("play")
    tab.expect_status("paused")
    held = site.run(tab.run_id)["step"]
    tab.press("play")
    tab.expect_above("step", held)
    tab.press("play")
    tab.expect_status("paused")
    assert site.run(tab.run_id)["step"] > held


def test_one_batch_is_one_step_and_one_epoch_ends_the_epoch(
    opened: Open, wide: View, site: Service
) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.press("batch")
    tab.expect_status("paused")
    expect(tab.page.locator("[data-figure=step]")).to_have_text("1")
    tab.press("batch")
    expect(tab.page.locator("[data-figure=step]")).to_have_text("2")
    tab.press("epoch")
    expect(tab.page.locator("[data-figure=epoch]")).to_have_text("1")
    run = site.run(tab.run_id)
    assert run["samples"] == run["plan"]["data"]["sizes"]["train"]


def test_reset_shows_the_untrained_net_again(opened: Open, wide: View) -> None:
    tab = opened()
    tab.expect_drawn("field")
    tab.expect_drawn("network")
    tab.page.mouse.move(0, 0)
    untrained = tab.still_pixels("field")
    tab.press("play")
    tab.expect_other_pixels("field", untrained)
    tab.press("reset")
    expect(tab.page.locator("[data-figure=step]")).to_have_text("0")
    tab.page.wait_for_function(
        "before => document.querySelector('[data-picture=field]').toDataURL() === before",
        arg=untrained,
    )
    assert tab.page.url == f"{tab.address}/"


def test_the_learning_rate_changes_inside_the_running_run(
    playground: Playground, site: Service
) -> None:
    playground.press("batch")
    playground.expect_status("paused")
    run = playground.run_id
    site.slow(run)
    playground.press("play")
    playground.expect_status("running")
    playground.slide("learning-rate", -4)
    wait_for(lambda: applied_rate(site, run) == 0.0063, 60, "the rate in the run's log")
    assert playground.run_id == run


def applied_rate(site: Service, run: str) -> float | None:
    rates = [
        event["body"]["body"]["changes"].get("learning_rate")
        for event in site.events(run)
        if event["type"] == "control" and event["body"]["body"]["action"] == "set"
    ]
    rates = [rate for rate in rates if rate is not None]
    return rates[-1] if rates else None


def test_another_data_set_is_another_draft(playground: Playground) -> None:
    before = playground.pixels("field")
    playground.page.locator("[data-dataset=xor]").click()
    playground.expect_other_pixels("field", before)
    expect(playground.page.locator("[data-dataset=xor]")).to_have_attribute("aria-pressed", "true")
    playground.press("play")
    playground.expect_above("epoch", 3)


def test_noise_moves_the_points_and_leaves_the_run(playground: Playground) -> None:
    playground.press("batch")
    playground.expect_status("paused")
    before = playground.pixels("field")
    playground.slide("noise", 20)
    playground.expect_status("draft")
    playground.expect_other_pixels("field", before)
    assert playground.page.url == f"{playground.address}/"


def test_pointing_at_a_unit_shows_its_field_and_its_sum(opened: Open, wide: View) -> None:
    tab = opened()
    tab.expect_drawn("network")
    tab.expect_drawn("field")
    answer = tab.pixels("field")
    tab.page.locator("#tile-linear_1-2").hover()
    tab.expect_other_pixels("field", answer)
    line = tab.page.locator("[data-sum]")
    expect(line).to_contain_text("tanh(")
    expect(line).to_contain_text("x₁")


def test_pointing_into_the_field_lights_every_unit_and_reads_the_answer(
    opened: Open, wide: View
) -> None:
    tab = opened()
    tab.expect_drawn("network")
    tab.expect_drawn("field")
    fields = tab.pixels("network")
    tab.page.locator("[data-picture=field]").hover(position={"x": 184, "y": 92})
    tab.expect_other_pixels("network", fields)
    expect(tab.page.locator("[data-sum]")).to_contain_text(re.compile(r"\(0\.0\d, 2\.9\d\)"))
    answer = tab.page.locator("[data-answer]").inner_text()
    tab.page.locator("[data-picture=field]").hover(position={"x": 300, "y": 300})
    expect(tab.page.locator("[data-answer]")).not_to_have_text(answer)
    tab.page.mouse.move(0, 0)
    expect(tab.page.locator("[data-answer]")).to_have_count(0)


def test_a_new_sample_has_other_points(playground: Playground) -> None:
    before = playground.pixels("field")
    playground.press("new-sample")
    playground.expect_other_pixels("field", before)

"""Nobody is shut out: axe finds nothing serious, and the keyboard alone is enough."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.browser.conftest import VIEWS, Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
MOST_STOPS = 100


@pytest.mark.parametrize(
    ("preset", "seen"),
    # either preset in both themes, in both languages and on both screens
    list(zip(("spiral", "spiral", "digits_cnn", "digits_cnn"), VIEWS, strict=True)),
    ids=lambda said: said if isinstance(said, str) else f"{said.width}-{said.theme}",
)
def test_axe_finds_nothing_serious(
    preset: str, seen: View, site: Service, browser: Browser, signed_in: StorageState
) -> None:
    context = browser.new_context(
        storage_state=signed_in,
        viewport={"width": seen.width, "height": seen.height},
        color_scheme="dark" if seen.theme == "dark" else "light",
        locale=seen.language,
    )
    tab = Playground.open(context, site.address)
    tab.expect_drawn("field")
    tab.choose_preset(preset)
    tab.expect_drawn("network")
    assert grave_faults(tab) == []
    tab.open_tab("text")
    expect(tab.page.locator(".cm-content")).to_be_visible()
    assert grave_faults(tab) == []
    context.close()
    assert tab.complaints == []


def test_axe_finds_nothing_serious_in_the_list_of_runs(opened: Open) -> None:
    tab = opened("/runs")
    expect(tab.page.locator("h1")).to_be_visible()
    assert grave_faults(tab) == []


@pytest.mark.parametrize("seen", [VIEWS[0], VIEWS[2]], ids=lambda seen: seen.theme)
def test_axe_finds_nothing_serious_in_the_drawer(
    seen: View, site: Service, browser: Browser, signed_in: StorageState
) -> None:
    context = browser.new_context(
        storage_state=signed_in,
        viewport={"width": seen.width, "height": seen.height},
        color_scheme="dark" if seen.theme == "dark" else "light",
        locale=seen.language,
    )
    tab = Playground.open(context, site.address)
    tab.expect_drawn("field")
    tab.press("batch")
    tab.expect_status("paused")
    for name in ("tree", "costs", "log"):
        tab.page.locator(f"[data-drawer-tab={name}]").click()
        expect(tab.page.locator(f"[data-drawer={name}]")).to_be_visible()
        assert grave_faults(tab) == []
    context.close()
    assert tab.complaints == []


@pytest.mark.parametrize("preset", ["gan_ring", "digits_lstm", "valleys"])
def test_axe_finds_nothing_serious_in_lanes_gates_and_plain_functions(
    preset: str, opened: Open
) -> None:
    tab = opened()
    tab.expect_drawn("network")
    tab.choose_preset(preset)
    sight = {
        "gan_ring": "[data-card='g/linear_1']",
        "digits_lstm": "[data-card=lstm]",
        "valleys": "[data-panel=function]",
    }
    expect(tab.page.locator(sight[preset])).to_be_in_viewport()
    assert grave_faults(tab) == []
    tab.page.locator("[data-menu=presets]").click()
    tab.page.locator("[data-entry=export]").click()
    expect(tab.page.locator("[data-export=pytorch]")).to_be_visible()
    assert grave_faults(tab) == []


def test_the_keyboard_alone_builds_trains_and_inspects_a_net(
    opened: Open, wide: View, site: Service
) -> None:
    tab = opened()
    tab.expect_drawn("network")
    page, keys = tab.page, tab.page.keyboard
    walk_to(tab, "[data-joint='linear_1 linear_2']")
    keys.press("Enter")
    page.locator("[data-layer=linear]").wait_for()
    keys.type("linear")
    keys.press("Enter")
    expect(page.locator("[data-card]")).to_have_count(5)
    walk_to(tab, "#tile-linear_4-0")
    keys.press("Enter")
    expect(page.locator("[data-form=linear_4] [data-field=units] input")).to_be_focused()
    keys.press("ControlOrMeta+a")
    keys.type("3")
    expect(page.locator("[data-card=linear_4] .tile")).to_have_count(3)
    walk_to(tab, "[data-form=linear_4] [data-field=activation] select")
    before = page.locator(":focus").input_value()
    keys.press("ArrowDown")
    expect(page.locator(":focus")).not_to_have_value(before)
    activation = page.locator(":focus").input_value()
    keys.press("Escape")
    expect(page.locator("[data-form]")).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    keys.press("ArrowRight")
    tab.expect_status("paused")
    built = site.run(tab.run_id)["document"]["network"]["layers"][2]
    assert (built["units"], built["activation"]) == (3, activation)
    site.slow(tab.run_id)
    tab.page.keyboard.press("Shift+ArrowRight")
    tab.expect_above("epoch", 0)
    tab.expect_status("paused")
    tab.page.keyboard.press("Space")
    tab.expect_status("running")
    tab.page.keyboard.press("Space")
    tab.expect_status("paused")
    walk_to(tab, "#tile-features_1-0")
    tab.page.keyboard.press("ArrowRight")
    expect(tab.page.locator("#tile-linear_1-0")).to_be_focused()
    expect(tab.page.locator("[data-sum]")).to_contain_text("tanh(")
    tab.page.keyboard.press("r")
    tab.expect_status("draft")


def test_the_chosen_language_and_theme_are_remembered(opened: Open, wide: View) -> None:
    tab = opened()
    html = tab.page.locator("html")
    theme, language = html.get_attribute("data-theme"), html.get_attribute("lang")
    tab.page.locator("[data-tool=language]").click()
    tab.page.locator("[data-tool=theme]").click()
    tab.page.reload()
    expect(html).not_to_have_attribute("data-theme", str(theme))
    expect(html).not_to_have_attribute("lang", str(language))


def walk_to(tab: Playground, place: str) -> None:
    """Press Tab until the keyboard is there; more stops than this nobody walks."""
    for _ in range(MOST_STOPS):
        tab.page.keyboard.press("Tab")
        if tab.page.evaluate("place => document.activeElement.matches(place)", place):
            return
    raise AssertionError(f"{place} is not reached by Tab.")


def grave_faults(tab: Playground) -> list[str]:
    # Injected over the debugging channel, which the page's own policy does not bind.
    tab.page.evaluate(AXE.read_text())
    found = tab.page.evaluate("() => axe.run()")
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]

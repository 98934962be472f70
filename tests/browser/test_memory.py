"""A page that stays open beside a run keeps its size, and so does the child that trains it."""

import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import CDPSession

from tests.browser.conftest import Open, View
from tests.browser.playground import Playground
from tests.browser.service import Service

pytestmark = pytest.mark.browser

MEGABYTE = 1 << 20
# Steps a second: bounded, so that a quick machine has no more to keep than a slow one.
SPEED = 20
WARM = 1 / 3  # of the time, until tables are filled and pictures of the past are thinned
SPIRAL = {
    "spec": "nn/1",
    "data": {"name": "spiral"},
    "network": {"layers": [{"type": "linear", "units": 8, "activation": "tanh"}, "linear"]},
    "train": {"epochs": 1_000_000, "optimizer": {"type": "adam", "learning_rate": 0.001}},
}


@dataclass(frozen=True)
class Size:
    """What is in use: bytes of script values and of the child, nodes and listeners of the page."""

    heap: float
    nodes: float
    listeners: float
    child: int


def measure(devtools: CDPSession, site: Service) -> Size:
    for _ in range(2):  # what the first round frees may have held more
        devtools.send("HeapProfiler.collectGarbage")
    told = {
        each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]
    }
    largest = max(child.memory_info().rss for child in site.process.called("--billiard-fork"))
    return Size(told["JSHeapUsedSize"], told["Nodes"], told["JSEventListeners"], largest)


def look_on(tab: Playground, site: Service, run: str, seconds: float) -> None:
    """The curve, the pictures and the timeline are on show all the while."""
    over = time.monotonic() + seconds
    step = site.run(run)["step"]
    while time.monotonic() < over:
        tab.page.wait_for_timeout(1_000 * min(10, max(0.1, over - time.monotonic())))
    assert site.run(run)["step"] > step, "nothing was trained meanwhile"


def grows_not(opened: Open, site: Service, seconds: float) -> None:
    made = site.api.post("/runs", json={"document": SPIRAL, "start": "paused"})
    run = made.raise_for_status().json()["id"]
    for control in ({"action": "set", "changes": {"speed": SPEED}}, {"action": "play"}):
        site.api.post(f"/runs/{run}/control", json=control).raise_for_status()
    tab = opened(f"/runs/{run}")
    tab.expect_drawn("network")
    devtools = tab.page.context.new_cdp_session(tab.page)
    devtools.send("Performance.enable")
    look_on(tab, site, run, seconds * WARM)
    warm = measure(devtools, site)
    look_on(tab, site, run, seconds * (1 - WARM))
    late = measure(devtools, site)
    site.api.post(f"/runs/{run}/control", json={"action": "stop"}).raise_for_status()
    assert late.heap - warm.heap < 6 * MEGABYTE
    assert late.nodes - warm.nodes < 200
    assert late.listeners - warm.listeners < 50
    assert late.child - warm.child < 32 * MEGABYTE


@pytest.mark.timeout(600)
def test_five_minutes_of_training_leave_the_open_page_as_large_as_it_was(
    opened: Open, wide: View, site: Service
) -> None:
    grows_not(opened, site, seconds=300)


@pytest.mark.soak
@pytest.mark.timeout(4_500)
def test_an_hour_of_training_leaves_the_open_page_as_large_as_it_was(
    opened: Open, wide: View, site: Service
) -> None:
    grows_not(opened, site, seconds=3_600)

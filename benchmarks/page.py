"""What somebody sees: figures read off the page in a real Chromium."""

import gzip
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.table import Row, percentile
from gradus.presets import DEFAULT, PRESETS
from tests.browser.conftest import ARGUMENTS, chromium
from tests.browser.playground import Playground
from tests.browser.service import Service, service

SECONDS = 15.0
# When the large field showed something else than in the frame before, in milliseconds.
RECORD = """seconds => new Promise(resolve => {
  const field = document.querySelector("[data-picture=field]");
  const times = [], end = performance.now() + 1000 * seconds;
  let before = "";
  const look = () => {
    const { data } = field.getContext("2d").getImageData(0, 0, field.width, field.height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 64) sum = (sum * 31 + data[at]) | 0;
    if (sum !== before) times.push(performance.now());
    before = sum;
    if (performance.now() < end) requestAnimationFrame(look);
    else resolve(times);
  };
  look();
})"""


# From the click on a button until the large field showed something else, in milliseconds.
ANSWER = """button => new Promise(resolve => {
  const field = document.querySelector("[data-picture=field]");
  const shown = () => {
    const { data } = field.getContext("2d").getImageData(0, 0, field.width, field.height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 64) sum = (sum * 31 + data[at]) | 0;
    return sum;
  };
  const before = shown(), began = performance.now();
  document.querySelector(button).click();
  const look = () =>
    shown() === before ? requestAnimationFrame(look) : resolve(performance.now() - began);
  requestAnimationFrame(look);
})"""
# Whether all members train and the grid has been painted.
LIVE = """() => document.querySelectorAll("[data-member][data-state=running]").length === 64"""
RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]
UNITS = [1, 2, 3, 4, 6, 8, 12, 16]
PLAYS = 7
TERMS = ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A net on the page, and what is known of TensorFlow Playground's own page at this size."""

    name: str
    document: dict[str, Any]
    budget: float | None  # epochs a second
    known: str


def preset() -> dict[str, Any]:
    """The first preset with more epochs than the measurement can see."""
    document: dict[str, Any] = {**PRESETS[DEFAULT].document}
    document["train"] = {**document["train"], "epochs": 1_000_000}
    return document


def deep() -> dict[str, Any]:
    """Six hidden layers of eight on all features."""
    document = preset()
    hidden = [{"type": "linear", "units": 8, "activation": "tanh"}] * 6
    layers = [{"type": "features", "terms": TERMS}, *hidden, "linear"]
    return {**document, "network": {"layers": layers}}


def seen_on_the_page() -> Iterator[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="gradus-") as folder,
        service(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = signed_in(site, browser)
        yield from first_look(site, page)
        yield from plays(Playground(page, site.address))
        run = made(site, preset())
        unwatched = speed(site, run)
        yield from watched(site, page, run, Watched("first preset", preset(), 300, "60"))
        yield share_of_speed(unwatched, speed(site, run))
        site.api.post(f"/runs/{run}/control", json={"action": "stop"}).raise_for_status()
        six = Watched("six layers of eight, all features", deep(), None, "25")
        deep_run = made(site, six.document)
        yield from watched(site, page, deep_run, six)
        site.api.post(f"/runs/{deep_run}/control", json={"action": "stop"}).raise_for_status()
        yield live_sweep(site, page)
        browser.close()


def signed_in(site: Service, browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(site.launch)
    page.wait_for_url(f"{site.address}/")
    return page


def made(site: Service, document: dict[str, Any]) -> str:
    """A run that trains as fast as it can."""
    answer = site.api.post("/runs", json={"document": document}).raise_for_status()
    return str(answer.json()["id"])


def first_look(site: Service, page: Page) -> Iterator[Row]:
    scripts: list[bytes] = []
    page.on("response", lambda got: got.url.endswith(".js") and scripts.append(got.body()))
    began = time.monotonic()
    page.goto(site.address)
    page.wait_for_selector("[data-card]")
    drawn = time.monotonic() - began
    page.wait_for_load_state("networkidle")
    weight = sum(len(gzip.compress(body)) for body in scripts) / 1000
    yield Row(
        "page: script (gzip) of the first load",
        "< 200 kB",
        f"{weight:.0f} kB",
        weight < 200,
        "every script that Chromium fetched, compressed by itself",
    )
    yield Row(
        "page: something drawn",
        "< 1 s",
        f"{drawn:.2f} s",
        drawn < 1,
        "from the request to the cards of the network, second visit",
    )


def plays(tab: Playground) -> Iterator[Row]:
    """Play and reset in turn, on the page as it opens."""
    taken = []
    for _ in range(PLAYS):
        tab.expect_drawn("field", 60)
        taken.append(tab.page.evaluate(ANSWER, "[data-action=play]"))
        tab.press("reset")
        tab.page.wait_for_timeout(1000)
    p50, p95 = percentile(taken, 0.5), percentile(taken, 0.95)
    yield Row(
        "click on play → first changed picture",
        "–",
        f"p50 {p50:.0f} ms, p95 {p95:.0f} ms",
        None,
        f"{PLAYS} times on the first preset; TensorFlow Playground: 120 ms to its first epoch",
    )


def watched(site: Service, page: Page, run: str, net: Watched) -> Iterator[Row]:
    tab = Playground(page, site.address)
    page.goto(f"{site.address}/runs/{run}")
    tab.expect_status("running", 60)
    tab.expect_drawn("field", 60)
    began, epoch = time.monotonic(), tab.number("epoch")
    times = page.evaluate(RECORD, SECONDS)
    rate = (tab.number("epoch") - epoch) / (time.monotonic() - began)
    gaps = [later - sooner for sooner, later in pairwise(times)]
    frames, gap = len(times) / SECONDS, percentile(gaps, 0.95) if gaps else float("inf")
    yield Row(
        f"{net.name}, all unit fields watched: epochs a second on the page",
        f"≥ {net.budget:.0f}" if net.budget else "–",
        f"{rate:,.0f} (TensorFlow Playground: {net.known})",
        rate >= net.budget if net.budget else None,
        f"{SECONDS:.0f} s in Chromium at 1440 × 900; change of the epoch figure",
    )
    yield Row(
        "the same: distinct pictures a second; gap between them",
        "≥ 20; p95 < 100 ms",
        f"{frames:.0f}; p95 {gap:.0f} ms",
        frames >= 20 and gap < 100,
        "changes of the large field's pixels",
    )
    drawing = frame_times(page)
    typical, long = percentile(drawing, 0.5), percentile(drawing, 0.95)
    yield Row(
        "the same: script of one frame",
        "≤ 8 ms",
        f"p50 {typical:.1f} ms, p95 {long:.1f} ms",
        typical <= 8,
        f"{len(drawing)} animation frames of the browser's trace",
    )


def live_sweep(site: Service, page: Page) -> Row:
    """Sixty-four nets of the first preset that train at once, all on the screen."""
    body = {
        "document": preset(),
        "vary": [
            {"path": "/train/optimizer/learning_rate", "values": RATES},
            {"path": "/network/layers/1/units", "values": UNITS},
        ],
    }
    sweep = site.api.post("/sweeps", json=body, timeout=60).raise_for_status().json()
    page.goto(f"{site.address}/sweeps/{sweep['id']}")
    page.wait_for_function(LIVE, timeout=120_000)
    drawing = frame_times(page)
    site.api.post(f"/sweeps/{sweep['id']}/control", json={"action": "stop"}).raise_for_status()
    typical, long = percentile(drawing, 0.5), percentile(drawing, 0.95)
    return Row(
        "64 live pictures of a sweep: script of one frame",
        "≤ 8 ms",
        f"p50 {typical:.1f} ms, p95 {long:.1f} ms",
        typical <= 8,
        f"{len(drawing)} animation frames of the browser's trace, 8 × 8 fields of 80 px",
    )


def frame_times(page: Page) -> list[float]:
    """Milliseconds of every animation frame's script within two seconds."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.wait_for_timeout(2000)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    frames = [each for each in events if each["name"] == "FireAnimationFrame"]
    return [each["dur"] / 1000 for each in frames if "dur" in each]  # the last may be cut off


def speed(site: Service, run: str) -> float:
    """Steps a second by the run's own record."""
    began, first = time.monotonic(), site.run(run)["step"]
    while time.monotonic() - began < SECONDS:
        time.sleep(0.1)
    return float((site.run(run)["step"] - first) / (time.monotonic() - began))


def share_of_speed(unwatched: float, seen: float) -> Row:
    return Row(
        "first preset: training while the page watches, against unwatched",
        "–",
        f"{seen / unwatched:.2f} ({seen:.0f} against {unwatched:.0f} steps a second)",
        None,
        f"{SECONDS:.0f} s each of one run; the browser runs on the same cores",
    )


MEASURES = (seen_on_the_page,)

"""The first preset as somebody sees it: figures read off the page in a real Chromium."""

import gzip
import tempfile
import time
from collections.abc import Iterator
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


def seen_on_the_page() -> Iterator[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="gradus-") as folder,
        service(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = signed_in(site, browser)
        yield from first_look(site, page)
        run = endless(site)
        unwatched = speed(site, run)
        tab = Playground(page, site.address)
        page.goto(f"{site.address}/runs/{run}")
        tab.expect_status("running", 60)
        tab.expect_drawn("field", 60)
        yield from watched(tab)
        yield share_of_speed(unwatched, speed(site, run))
        browser.close()


def signed_in(site: Service, browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(site.launch)
    page.wait_for_url(f"{site.address}/")
    return page


def endless(site: Service) -> str:
    """The first preset with more epochs than the measurement can see."""
    document: dict[str, Any] = {**PRESETS[DEFAULT].document}
    document["train"] = {**document["train"], "epochs": 1_000_000}
    made = site.api.post("/runs", json={"document": document}).raise_for_status().json()
    return str(made["id"])


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


def watched(tab: Playground) -> Iterator[Row]:
    began, epoch = time.monotonic(), tab.number("epoch")
    times = tab.page.evaluate(RECORD, SECONDS)
    rate = (tab.number("epoch") - epoch) / (time.monotonic() - began)
    gaps = [later - sooner for sooner, later in pairwise(times)]
    frames, gap = len(times) / SECONDS, percentile(gaps, 0.95) if gaps else float("inf")
    method = f"{SECONDS:.0f} s of the spiral preset in Chromium, all unit fields watched"
    yield Row(
        "first preset, all unit fields watched: epochs a second on the page",
        "≥ 300",
        f"{rate:.0f}",
        rate >= 300,
        f"{method}; change of the epoch figure",
    )
    yield Row(
        "the same: distinct pictures a second; gap between them",
        "≥ 20; p95 < 100 ms",
        f"{frames:.0f}; p95 {gap:.0f} ms",
        frames >= 20 and gap < 100,
        f"{method}; changes of the large field's pixels",
    )


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

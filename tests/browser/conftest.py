"""A real service and a real browser; viewport, theme and language are spread over the tests."""

import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from tests.browser.playground import Playground
from tests.browser.service import Service, service

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class View:
    """How somebody looks at the page."""

    width: int
    height: int
    theme: str
    language: str


VIEWS = (
    View(1440, 900, "light", "en-GB"),
    View(390, 844, "dark", "zh-CN"),
    View(1440, 900, "dark", "zh-CN"),
    View(390, 844, "light", "en-GB"),
)
PATIENCE_MS = 60_000  # of a machine that others keep busy

Open = Callable[..., Playground]


@pytest.fixture(scope="session")
def site() -> Iterator[Service]:
    # The private Redis listens on a path, and paths of sockets must be short.
    with tempfile.TemporaryDirectory(prefix="gradus-") as folder, service(Path(folder)) as started:
        yield started


def chromium() -> str | None:
    """Where the machine's own browser is; Playwright's is not to be had everywhere."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(site: Service, browser: Browser) -> StorageState:
    """The cookie that the start link is swapped for."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.launch)
    page.wait_for_url(f"{site.address}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def view(request: pytest.FixtureRequest) -> View:
    """By the test's own name: alone, in any order and beside new ones it sees the same."""
    return VIEWS[zlib.crc32(request.node.name.encode()) % len(VIEWS)]


@pytest.fixture
def wide(view: View) -> View:
    """The same theme and language on a desk's screen."""
    return View(1440, 900, view.theme, view.language)


@pytest.fixture
def phone(view: View) -> View:
    """The same theme and language on a screen in the hand."""
    return View(390, 844, view.theme, view.language)


@pytest.fixture
def opened(
    site: Service,
    browser: Browser,
    signed_in: StorageState,
    request: pytest.FixtureRequest,
) -> Iterator[Open]:
    """Opens tabs of one person; at the end none of them may have complained of anything."""
    own = next((name for name in ("wide", "phone") if name in request.fixturenames), "view")
    seen: View = request.getfixturevalue(own)
    context = browser.new_context(
        storage_state=signed_in,
        viewport={"width": seen.width, "height": seen.height},
        color_scheme="dark" if seen.theme == "dark" else "light",
        locale=seen.language,
        has_touch=seen.width < 640,
    )
    context.set_default_timeout(PATIENCE_MS)
    tabs: list[Playground] = []

    def open_tab(path: str = "/") -> Playground:
        tabs.append(Playground.open(context, site.address, path))
        return tabs[-1]

    yield open_tab
    complaints = [complaint for tab in tabs for complaint in tab.complaints]
    context.close()
    assert complaints == []


@pytest.fixture
def playground(opened: Open) -> Playground:
    """The page on its first preset, its pictures drawn."""
    tab = opened()
    tab.expect_drawn("field")
    tab.expect_drawn("network")
    return tab

"""The page as a person meets it: what can be pressed, and what can be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Locator, Page, expect

# Whether a canvas shows what it showed the last three times that it was asked about.
STILL = """canvas => {
  const seen = (window.seen ??= new WeakMap());
  const { shown, times } = seen.get(canvas) ?? {};
  const now = canvas.toDataURL();
  seen.set(canvas, { shown: now, times: shown === now ? times + 1 : 0 });
  return shown === now && times >= 3;
}"""
LOOK_MS = 200
# Distinct colours in a drawn picture; a canvas on which nothing was drawn has one.
COLOURS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""
DRAWN_COLOURS = 40


@dataclass
class Playground:
    """One tab of the service, and everything it complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, context: BrowserContext, address: str, path: str = "/") -> Playground:
        tab = cls(context.new_page(), address)
        tab.page.on("console", tab._listen)
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.goto(address + path)
        return tab

    @property
    def is_phone(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] < 640

    @property
    def run_id(self) -> str:
        """The run in the address, once there is one."""
        expect(self.page).to_have_url(re.compile(r"/runs/run_[0-9a-f]+(\?.*)?$"))
        return self.page.url.rpartition("/")[2].partition("?")[0]

    def press(self, action: str) -> None:
        self.page.locator(f"[data-action={action}]").click()

    def figure(self, name: str) -> str:
        return self.page.locator(f"[data-figure={name}]").first.inner_text()

    def number(self, name: str) -> float:
        """A figure as a number; NaN before there is one."""
        text = self.figure(name).replace(",", "").replace("−", "-")
        found = re.fullmatch(r"(-?[\d.]+)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text)
        if not found:
            return float("nan")
        raised = (found.group(2) or "⁰").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        return float(found.group(1)) * 10.0 ** int(raised)

    def expect_status(self, status: str, seconds: float = 60) -> None:
        chip = self.page.locator(f"[data-status={status}]")
        expect(chip.first).to_be_visible(timeout=seconds * 1000)

    def expect_above(self, name: str, value: float, seconds: float = 60) -> None:
        """Wait until a figure is a number greater than `value`. A phone shows fewer figures."""
        expect(self.page.locator(f"[data-figure={name}]").first).to_be_attached()
        self.page.wait_for_function(
            """([name, value]) => {
              const text = document.querySelector(`[data-figure=${name}]`)?.textContent ?? "";
              return parseFloat(text.replaceAll(",", "")) > value;
            }""",
            arg=[name, value],
            timeout=seconds * 1000,
        )

    def expect_drawn(self, picture: str, seconds: float = 60) -> None:
        """Wait until a canvas shows more than an empty sheet."""
        self.expect_painted(self.page.locator(f"[data-picture={picture}]").first, seconds)

    def expect_painted(self, canvas: Locator, seconds: float) -> None:
        expect(canvas).to_be_visible()
        self.page.wait_for_function(
            f"canvas => ({COLOURS})(canvas) > {DRAWN_COLOURS}",
            arg=canvas.element_handle(),
            timeout=seconds * 1000,
        )

    def pixels(self, picture: str) -> str:
        """What a canvas shows now, to be compared with what it shows later."""
        canvas = self.page.locator(f"[data-picture={picture}]").first
        shown: str = canvas.evaluate("canvas => canvas.toDataURL()")
        return shown

    def expect_other_pixels(self, picture: str, before: str, seconds: float = 60) -> None:
        canvas = self.page.locator(f"[data-picture={picture}]").first
        self.page.wait_for_function(
            "([canvas, before]) => canvas.toDataURL() !== before",
            arg=[canvas.element_handle(), before],
            timeout=seconds * 1000,
        )

    def still_pixels(self, picture: str, seconds: float = 60) -> str:
        """What a canvas shows once all that belongs to it has come."""
        canvas = self.page.locator(f"[data-picture={picture}]").first
        self.page.wait_for_function(
            STILL, arg=canvas.element_handle(), timeout=seconds * 1000, polling=LOOK_MS
        )
        return self.pixels(picture)

    def choose_preset(self, name: str) -> None:
        self.page.locator("[data-menu=presets]").click()
        self.page.locator(f"[data-preset={name}]").click()

    def open_tab(self, name: str) -> None:
        self.page.locator(f"[data-tab={name}]").click()

    def write(self, text: str) -> None:
        """Replace the text of the document."""
        self.open_tab("text")
        editor = self.page.locator(".cm-content")
        editor.focus()
        editor.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def slide(self, name: str, steps: int) -> None:
        """Move a slider by the keyboard, to the right for positive `steps`."""
        slider = self.page.locator(f"[data-slider={name}]").first
        slider.focus()
        for _ in range(abs(steps)):
            slider.press("ArrowRight" if steps > 0 else "ArrowLeft")

    def _listen(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        # A refused document is an answer, which Chromium logs as a failed load.
        if kind == "error" and "status of 422" not in text:
            self.complaints.append(text)

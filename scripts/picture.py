"""Makes the README's pictures from the real page: `python scripts/picture.py LINK`.

`LINK` is a start link as `gradus up` prints it; the folder `docs/pictures` gets `play.webp`, the
first preset while it learns, several times as fast as it was, and `play.png`, what it looks like
at the end. Needs Playwright and Chromium, which the tests need too.
"""

import base64
import shutil
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = {"width": 1440, "height": 900}
SHOWN = (800, 500)
STEPS_A_SECOND = 40
LAST_STEP = 1_000
SECONDS = 7.0
MOST_FRAMES = 44
HOLD_MS = 1_200  # of the last frame, before it begins again
QUALITY = 0.5
SLOW = """([run, speed]) => fetch(`/api/v1/runs/${run}/control`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ action: "set", changes: { speed } }),
})"""
ENCODE = """async ([png, width, height, quality]) => {
  const bytes = Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  const blob = await canvas.convertToBlob({ type: "image/webp", quality });
  const encoded = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(encoded, (byte) => String.fromCharCode(byte)).join(""));
}"""


def main(link: str) -> None:
    with sync_playwright() as playwright:
        own = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZE, color_scheme="light", locale="en-GB")
        taken = list(record(context, link))
        (PICTURES / "play.png").write_bytes(taken[-1])
        kept = taken[:: -(-len(taken) // MOST_FRAMES)]
        frames = [*encoded(browser, [*kept, taken[-1]])]
        browser.close()
    each = round(1_000 * SECONDS / len(frames))
    picture = animation(frames, SHOWN, [*[each] * (len(frames) - 1), HOLD_MS])
    (PICTURES / "play.webp").write_bytes(picture)
    print(f"{len(frames)} frames, {len(picture) / 1e6:.2f} MB")


def record(context: BrowserContext, link: str) -> Iterator[bytes]:
    """Screenshots of the first preset from the untrained net on, as PNG, in their order."""
    page = context.new_page()
    page.goto(link)
    page.locator("[data-picture=field]").wait_for()
    page.wait_for_load_state("networkidle")
    yield page.screenshot()
    page.locator("[data-action=play]").click()
    page.wait_for_url("**/runs/run_*")
    page.evaluate(SLOW, [page.url.rpartition("/")[2], STEPS_A_SECOND])
    over = time.monotonic() + 120
    while step(page) < LAST_STEP and time.monotonic() < over:
        yield page.screenshot()


def step(page: Page) -> int:
    return int(page.locator("[data-figure=step]").inner_text().replace(",", "") or 0)


def encoded(browser: Browser, pictures: list[bytes]) -> Iterator[bytes]:
    """The pictures as still WebP files of the size shown, encoded by the browser itself."""
    page = browser.new_page()
    for picture in pictures:
        text = base64.b64encode(picture).decode()
        yield base64.b64decode(page.evaluate(ENCODE, [text, *SHOWN, QUALITY]))
    page.close()


def animation(stills: list[bytes], size: tuple[int, int], durations: list[int]) -> bytes:
    """An endless animated WebP from still ones, each shown for its duration in ms.

    https://developers.google.com/speed/webp/docs/riff_container
    """
    extent = _u24(size[0] - 1) + _u24(size[1] - 1)
    animated = 2  # bit of the flags: there is an animation, and no transparency
    chunks = [_chunk(b"VP8X", bytes([animated, 0, 0, 0]) + extent), _chunk(b"ANIM", bytes(6))]
    for still, duration in zip(stills, durations, strict=True):
        place = _u24(0) + _u24(0)
        frame = place + extent + _u24(duration) + b"\x02"  # without blending
        chunks.append(_chunk(b"ANMF", frame + _bitstream(still)))
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _bitstream(still: bytes) -> bytes:
    """The chunk of a still WebP that holds the pixels. Raises ValueError where there is none."""
    at = 12  # behind RIFF, size and WEBP
    while at + 8 <= len(still):
        size = struct.unpack_from("<I", still, at + 4)[0]
        if still[at : at + 4] in (b"VP8 ", b"VP8L"):
            return _chunk(still[at : at + 4], still[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    raise ValueError("A still picture holds no VP8 chunk.")


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _u24(number: int) -> bytes:
    return struct.pack("<I", number)[:3]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

"""What a browser takes to check one event, and a pack of a thousand.

The program is the one that pages serve (``pages/static/verify.js``), in a real browser,
by the browser's own clock, on proofs that hold. Made by name alone: `--only checking`.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from statistics import median
from typing import Final

from playwright.async_api import Page, Route, async_playwright

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.sizes import Sizes
from tests.evidence.logs import VKEY
from tests.evidence.proofs import SOUND
from tests.pages.forged import large
from tests.pages.house import chromium

ONE_EVENT: Final = 200
PACK: Final = 3_000
"""Milliseconds."""

_EVENTS: Final = 1_000
_HERE: Final = "http://localhost/"
_TIMES: Final = 7
_PROGRAM: Final = Path("pages", "static", "verify.js")
_JUDGE: Final = """async ([data, key]) => {
  const { examine } = await import("/verify.js");
  const raw = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const begun = performance.now();
  const report = await examine(raw, [key]);
  return [report.verdict, performance.now() - begun];
}"""


async def checking(_ground: Ground, _sizes: Sizes) -> list[Figure]:
    """Have a browser check one event and a pack, several times over."""
    program = chromium()
    assert program is not None, "no Chromium here"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page()
        await page.route(f"{_HERE}**", _answer)
        await page.goto(_HERE)
        one, pack = await _times(page, SOUND), await _times(page, large(_EVENTS))
        await browser.close()
    return [
        _figure("one event, in the browser", one, ONE_EVENT),
        _figure(f"a pack of {_EVENTS:,} events, in the browser", pack, PACK),
    ]


async def _answer(route: Route) -> None:
    """Serve the program and an empty page; nothing else is there."""
    if route.request.url == f"{_HERE}verify.js":
        await route.fulfill(body=_PROGRAM.read_bytes(), content_type="text/javascript")
    else:
        await route.fulfill(body="<!doctype html><title>-</title>")


async def _times(page: Page, data: bytes) -> list[float]:
    given = [b64encode(data).decode(), str(VKEY)]
    found: list[float] = []
    for _ in range(_TIMES):
        verdict, taken = await page.evaluate(_JUDGE, given)
        assert verdict == 0, "what is measured has to be sound"
        found.append(float(taken))
    return found


def _figure(what: str, times: list[float], bound: int) -> Figure:
    return Figure(
        name="checking", what=what, value=median(times), unit="ms",
        low=min(times), high=max(times), bound=bound, note=f"{_TIMES} times",
    )  # fmt: skip

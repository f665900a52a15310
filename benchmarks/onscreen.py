"""How soon what somebody did is on the screen of somebody else.

A real browser shows a dialogue, as a director has it open; elsewhere items of it are
completed and taken back. From ``recorded_at`` of the event until the part of the page
that changed was drawn, by the clock of this machine, which all of them share. Worker,
sealer and pages are processes of their own. Made by name alone: `--only live`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from itertools import cycle
from statistics import median
from typing import Any, Final, NamedTuple

import psycopg
from playwright.async_api import Page, async_playwright

from benchmarks.dialogues import items
from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.house import House, house
from benchmarks.kept import town_of
from benchmarks.portfolio import p95, size_of
from benchmarks.sizes import SHORT, Sizes
from desk.desk import Sender
from tests.pages.house import chromium

BOUND: Final = 700
"""Milliseconds that 95 of 100 changes may take."""

_LEAST: Final = 6
_PAUSE: Final = 0.4
_WITHIN: Final = 20
_DIRECTOR: Final = Sender("p-1", "process_director")
_WATCH: Final = """() => {
  window.drawn = [];
  new MutationObserver((all) => {
    if (all.some((one) => [...one.addedNodes].some((each) => each.dataset?.live)))
      requestAnimationFrame(() =>
        window.drawn.push(performance.now()));
  }).observe(document.body, { childList: true, subtree: true });
}"""
_DRAWN: Final = """async () => {
  while (!window.drawn.length) await new Promise((go) => setTimeout(go, 20));
  const asked = performance.getEntriesByType("resource")
    .find((each) => each.name === location.href);
  performance.clearResourceTimings();
  return [asked.startTime, asked.responseEnd, window.drawn[0]]
    .map((each) => each + performance.timeOrigin);
}"""
_RECORDED: Final = """SELECT extract(epoch FROM recorded_at) FROM audit.event
WHERE stream = %s AND seq = %s"""


class Seen(NamedTuple):
    """Seconds after the event was on record: its page asked for, given, and drawn."""

    asked: float
    given: float
    drawn: float


async def live(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Have somebody watch, and others act; nothing is measured without a browser."""
    if chromium() is None:
        return []
    async with (
        town_of(ground, size_of(SHORT)) as (url, town),
        house(ground, url) as here,
        await psycopg.AsyncConnection.connect(url, autocommit=True) as conn,
    ):
        seen = await _watched(here, conn, max(_LEAST, sizes.questions // 5))
    took = [each.drawn for each in seen]
    figure = p95("live", "recorded → on screen elsewhere", took, BOUND)
    parts = (
        f"longest {1_000 * max(took):.0f} ms",
        f"known to the browser after {_half(each.asked for each in seen)}",
        f"page given after {_half(each.given for each in seen)}",
        f"{len(town.streams):,} dialogues, {town.events:,} events",
    )
    return [replace(figure, note="; ".join((figure.note, *parts)))]


def _half(seconds: Iterable[float]) -> str:
    return f"{1_000 * median(seconds):.0f} ms"


async def _watched(
    here: House, conn: psycopg.AsyncConnection[Any], times: int
) -> list[Seen]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        context = await browser.new_context(base_url=here.url, locale="nl-NL")
        secret = await here.session("director")
        await context.add_cookies(
            [{"name": "polder_session", "value": secret, "url": here.url}]
        )
        page = await context.new_page()
        stream = here.facts["young"]
        async with page.expect_request(lambda asked: asked.url.endswith("/events")):
            await page.goto(f"/dialogues/{stream}")
        await page.wait_for_timeout(1_000)
        await page.evaluate(_WATCH)
        found = [
            await _once(here, conn, page, stream, item)
            for _, item in zip(range(-_LEAST, times), cycle(items()), strict=False)
        ]
        await browser.close()
    return found[_LEAST:]


async def _once(
    here: House,
    conn: psycopg.AsyncConnection[Any],
    page: Page,
    stream: str,
    item: str,
) -> Seen:
    """Have one item completed, and see it appear."""
    await page.evaluate("() => (performance.clearResourceTimings(), drawn.length = 0)")
    answer = await here.desk.send(
        stream, "complete_items", {"items": [item]}, _DIRECTOR
    )
    assert answer is not None
    async with asyncio.timeout(_WITHIN):
        moments: list[float] = await page.evaluate(_DRAWN)
    row = await (await conn.execute(_RECORDED, (stream, answer.version))).fetchone()
    assert row is not None
    # So that this one's last change is not taken for the next one's first.
    await asyncio.sleep(_PAUSE)
    body = {"items": [item], "reason": "Toch nog niet."}
    await here.desk.send(stream, "reopen_items", body, _DIRECTOR)
    await asyncio.sleep(3 * _PAUSE)
    asked, given, drawn = (each / 1_000 - float(row[0]) for each in moments)
    return Seen(asked, given, drawn)

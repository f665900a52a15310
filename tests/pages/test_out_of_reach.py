"""A server that is away: the page says what can't be, and nothing typed is lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, expect

from tests.desk.town_hall import TownHall
from tests.pages.house import Site, house, visitor
from tests.pages.looking import has_no_violation
from tests.relay import relayed

Checked = Callable[[Page], Awaitable[None]]
FIRST = "opdracht"
SOON = timedelta(seconds=2)
NOBODY = "127.0.0.1:9"
"""A port on which nobody listens (RFC 863)."""


async def test_without_temporal_everything_is_read_and_nothing_typed_is_lost(
    browser: Browser, hall: TownHall, site: Site, checked: Checked
) -> None:
    """What was asked for is refused as what it is; sent again later it is done once."""
    stream = await site.dialogue()
    where = f"/dialogues/{stream}/steps/{FIRST}"
    async with house(hall, temporal=NOBODY, patience=SOON) as cut_off:
        page = await visitor(browser, cut_off, "director")
        for path in ("/today", "/portfolio", f"/dialogues/{stream}", where):
            answer = await page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
        await page.get_by_role("checkbox", name="Budget").check()
        await page.get_by_text("Zet opzij wat ik aanvinkte").click()
        await page.get_by_label("Waarom is het niet nodig?").fill("Er is geen geld bij")
        await page.get_by_role("button", name="Zet opzij").click()
        problem = page.get_by_role("alert")
        await expect(problem).to_contain_text("Wat u typte staat er nog")
        await expect(problem).to_be_focused()
        await expect(page.get_by_role("checkbox", name="Budget")).to_be_checked()
        why = page.get_by_label("Waarom is het niet nodig?")
        await expect(why).to_have_value("Er is geen geld bij")
        await checked(page)
        await page.context.close()
    state = await site.desk.dialogue(stream)
    assert FIRST not in state.steps


async def test_without_the_record_a_page_says_so_and_comes_back(
    browser: Browser, hall: TownHall, site: Site
) -> None:
    """It says that nothing is lost and what helps; with the record, it is back too."""
    stream = await site.dialogue()
    async with _line(site.settings.database) as line:
        keys = site.settings.keys
        async with house(hall, database=line.url, keys=keys, patience=SOON) as far:
            page = await visitor(browser, far, "director")
            await page.goto(f"/dialogues/{stream}")
            line.cut()
            answer = await page.goto(f"/dialogues/{stream}/steps")
            assert answer is not None
            assert answer.status == 503
            await expect(page.get_by_role("heading", level=1)).to_have_text(
                "Polder kan hier nu niet bij"
            )
            await expect(page.get_by_text("Er is niets kwijt")).to_be_visible()
            # That what it follows is gone it may complain of.
            await has_no_violation(page)
            line.mend()
            await _comes_back(page)
            await page.context.close()


async def test_what_was_typed_while_the_record_went_away_is_sent_once_it_is_back(
    browser: Browser, hall: TownHall, site: Site
) -> None:
    """The page of the fault holds the form, and sends it as the command that it was."""
    stream = await site.dialogue()
    async with _line(site.settings.database) as line:
        keys = site.settings.keys
        async with house(hall, database=line.url, keys=keys, patience=SOON) as far:
            page = await visitor(browser, far, "director")
            await page.goto(f"/dialogues/{stream}/steps/{FIRST}")
            await page.get_by_role("checkbox", name="Budget").check()
            await page.get_by_text("Zet opzij wat ik aanvinkte").click()
            why = page.get_by_label("Waarom is het niet nodig?")
            await why.fill("Er is geen geld bij")
            line.cut()
            await page.get_by_role("button", name="Zet opzij").click()
            held = page.get_by_role("region", name="Wat u typte staat hier nog")
            typed = held.get_by_label("Wat u schreef")
            await expect(typed).to_have_value("Er is geen geld bij")
            line.mend()
            again = held.get_by_role("button", name="Stuur het opnieuw")
            async with asyncio.timeout(30):
                while await again.count():
                    await again.click()
                    await asyncio.sleep(0.5)
            await expect(page).to_have_url(re.compile(f"/steps/{FIRST}"))
            await page.context.close()
    step = (await site.desk.dialogue(stream)).steps[FIRST][-1]
    assert "waived" in step.model_dump_json()


async def _comes_back(page: Page) -> None:
    async with asyncio.timeout(20):
        while True:
            answer = await page.reload()
            if answer is not None and answer.status == 200:
                return
            await asyncio.sleep(0.5)


class Line:
    """Leads to the record, until it is cut."""

    def __init__(self, url: str) -> None:
        """Lead to this one."""
        parts = urlsplit(url)
        self._to = parts.hostname or "", parts.port or 0
        self._whole = True
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = url

    def cut(self) -> None:
        """End every connection, and take no other."""
        self._whole = False
        for task in self._tasks:
            task.cancel()

    def mend(self) -> None:
        """Take connections again."""
        self._whole = True

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry one connection."""
        if not self._whole:
            return
        far_reader, far_writer = await asyncio.open_connection(*self._to)
        ways = [
            asyncio.create_task(_carry(reader, far_writer)),
            asyncio.create_task(_carry(far_reader, writer)),
        ]
        self._tasks |= {*ways}
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            self._tasks -= {*ways}
            far_writer.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


@asynccontextmanager
async def _line(url: str) -> AsyncGenerator[Line]:
    line = Line(url)
    async with relayed(url, line.serve) as through:
        line.url = through
        yield line

"""What others do appears by itself, and takes nothing from who is typing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, expect

from tests.pages.house import Site, visitor

Checked = Callable[[Page], Awaitable[None]]
FIRST = "opdracht"
SEALED_EVERY = 0.2
"""Seconds; what is not sealed yet has no place in the stream of events."""

_NOTED = """
document.addEventListener("polder:renewed", () => {
  document.documentElement.dataset.renewed = "yes";
});
"""
PURPOSE = f"{FIRST}.waartoe"


@pytest.fixture(autouse=True, scope="module")
async def sealer(site: Site) -> AsyncGenerator[None]:
    """Seal what goes on record, as the worker of a house does."""

    async def seal() -> None:
        while True:
            await site.hall.seals()
            await asyncio.sleep(SEALED_EVERY)

    sealing = asyncio.create_task(seal())
    yield
    sealing.cancel()
    await asyncio.gather(sealing, return_exceptions=True)


async def follows(page: Page, where: str) -> None:
    """Open a page, and wait until it follows what happens."""
    await page.add_init_script(_NOTED)
    await page.goto(where)
    # Its first look at what happened meanwhile is over.
    await expect(page.locator("html[data-renewed]")).to_have_count(1)


async def test_what_somebody_else_does_appears(
    site: Site, director: Page, checked: Checked
) -> None:
    """Without a reload, and those who do not see it hear it."""
    stream = await site.dialogue()
    await follows(director, f"/dialogues/{stream}")
    lately = director.get_by_role("region", name="Wat er laatst gebeurde")
    await expect(lately.get_by_text("Voltooid: Doel van de dialoog.")).to_have_count(0)
    await site.send(stream, "complete_items", {"items": [PURPOSE]})
    await expect(lately.get_by_text("Voltooid: Doel van de dialoog.")).to_be_visible()
    told = director.locator("#live-said")
    await expect(told).to_contain_text("Wat er laatst gebeurde")
    await checked(director)


async def test_two_people_see_each_others_work(
    browser: Browser, site: Site, director: Page
) -> None:
    """What one completes is done for the other, whose own form is still whole."""
    stream = await site.dialogue()
    other = await visitor(browser, site, "director", actor="p-1")
    where = f"/dialogues/{stream}/steps/{FIRST}"
    await follows(director, where)
    await other.goto(where)
    await other.get_by_role("button", name="Klaar: Doel van de dialoog").click()
    await expect(other.get_by_text("Klaar, en vastgelegd")).to_be_visible()
    done = director.get_by_role("region", name="Klaar")
    await expect(done.get_by_text("Doel van de dialoog")).to_be_visible()
    await director.get_by_role("button", name="Klaar: Aanleiding").click()
    await expect(done.get_by_text("Aanleiding")).to_be_visible()
    await other.context.close()


async def test_nothing_moves_where_somebody_types(site: Site, director: Page) -> None:
    """What is in the field stays, with the cursor in it, whatever happens elsewhere."""
    stream = await site.dialogue()
    await follows(director, f"/dialogues/{stream}/steps/{FIRST}")
    await director.get_by_role("checkbox", name="Budget").check()
    await director.get_by_text("Zet opzij wat ik aanvinkte").click()
    why = director.get_by_label("Waarom is het niet nodig?")
    await why.fill("Er is geen budget no")
    await site.send(stream, "complete_items", {"items": [PURPOSE]})
    await expect(director.locator("#live-said")).not_to_be_empty()
    await why.press_sequentially("dig")
    await expect(why).to_have_value("Er is geen budget nodig")
    await director.get_by_role("button", name="Zet opzij").click()
    done = director.get_by_role("region", name="Klaar")
    await expect(done.get_by_text("opzij gezet")).to_be_visible()

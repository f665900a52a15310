"""Dialogues in which people are asked something, and a participant's own window."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Page, Route, ViewportSize

from desk.access import links
from desk.answer import Answer
from desk.desk import Sender
from desk.gathering import respond
from tests.desk.town_hall import DIRECTOR
from tests.pages.house import Site
from tests.pages.looking import listened_to

METHOD: Final = "belangen-op-tafel"
STEP: Final = "kennismaken"
WINDOW: Final = f"{STEP}.vraag"
PUBLIC: Final = f"{STEP}.iedereen"
PHONE: Final[ViewportSize] = {"width": 375, "height": 667}
"""CSS pixels of a small phone."""

_ASKED: Final = {
    "duration": {"working_days": 10},
    "may_close_early": True,
}


async def asking(
    site: Site, *, late: str = "accept", parties: Mapping[str, str] | None = None
) -> str:
    """Start a dialogue that asks its parties something, and everybody; give its name.

    ``parties`` have an address, by their ids; by default ``anna`` has one and ``bram``
    has none that anybody knows.
    """
    stream = await site.dialogue(
        method=METHOD,
        title="Plein Parkzicht",
        question="Wat doen we met het plein?",
        roles={"parties": ["bram"]},
    )
    for who, address in (parties or {"anna": "anna@voorbeeld.example"}).items():
        body = {"role": "parties", "actor": who, "name": who.title()}
        await site.send(stream, "assign_role", body | {"address": address})
    changes = [
        _added("vraag", "Wat vindt u van het plan?", "parties", late),
        _added("iedereen", "Wat wilt u ons meegeven?", "public", late),
    ]
    await site.send(stream, "amend_plan", {"changes": changes, "reason": "Horen"})
    await site.send(stream, "start_step", {"step": STEP})
    for window in (WINDOW, PUBLIC):
        await site.send(stream, "open_window", {"window": window})
    return stream


def _added(name: str, title: str, audience: str, late: str) -> dict[str, Any]:
    texts = {"nl": title, "en": title}
    window = {"id": name, "title": texts, "audience": audience, "late": late}
    return {"change": "add_window", "step": STEP, "window": window | _ASKED}


async def says(
    site: Site, stream: str, who: str, text: str, window: str = WINDOW
) -> Answer:
    """Have somebody say something, as a person who responds for themselves."""
    body = {"window": window, "respondent": who, "response": text}
    if window == PUBLIC:
        return await respond(site.desk, stream, body, Sender(who, "public"))
    return await site.send(stream, "record_response", body, Sender(who, "parties"))


async def answers(
    site: Site, stream: str, numbers: str, outcome: str, reason: str, **more: str
) -> None:
    """Have the director answer responses."""
    told = {"window": WINDOW, "numbers": numbers, "outcome": outcome, "reason": reason}
    await site.send(stream, "answer_response", told | more)


async def link_of(site: Site, stream: str, who: str) -> str:
    """Make somebody's personal link; give its address."""
    made = await links.create(site.desk, stream, who, DIRECTOR)
    return f"/link/{made.secret}"


@asynccontextmanager
async def phone(
    browser: Browser, site: Site, *, script: bool = True
) -> AsyncGenerator[Page]:
    """Open a window on a phone of somebody who is not in yet."""
    context: BrowserContext = await browser.new_context(
        base_url=site.url,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
        java_script_enabled=script,
        accept_downloads=True,
    )
    context.set_default_timeout(10_000)
    yield listened_to(await context.new_page())
    await context.close()


async def enter(page: Page, link: str) -> None:
    """Go in by a personal link; whoever called is in once this is over."""
    await page.goto(link)
    await page.get_by_role("button", name="Verder").click()
    await page.wait_for_url("**/mine")


async def checked_bare(page: Page, checked: Callable[[Page], Awaitable[None]]) -> None:
    """Look at what a page without script shows, in a window where a program can look.

    What looks for faults is a script itself. So another window gets the same HTML under
    the same address, with none of our scripts.
    """
    browser, html = page.context.browser, await page.content()
    assert browser is not None
    context = await browser.new_context(viewport=page.viewport_size)

    async def same(route: Route) -> None:
        await route.fulfill(body=html, content_type="text/html; charset=utf-8")

    async def nothing(route: Route) -> None:
        await route.fulfill(body="", content_type="text/javascript")

    twin = listened_to(await context.new_page())
    await twin.route(page.url, same)
    await twin.route("**/*.js", nothing)
    await twin.goto(page.url)
    await checked(twin)
    await context.close()

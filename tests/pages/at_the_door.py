"""The door of a house in which people log in at a provider of somebody else."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Final

import httpx
import pytest
from playwright.async_api import Page

from desk.access import denials, tokens
from desk.desk import Sender
from pages.entering.provider import Provider
from tests.desk.town_hall import ORGANISATION, TownHall
from tests.pages.house import Site, house
from tests.pages.looking import forgiven
from tests.pages.provided import Provided

KEEPER: Final = Sender("beheer-1", "system")

BENDS_ITS_LIBRARY: Final = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""The provider uses its own library in ways that that wants to leave behind."""


@asynccontextmanager
async def door_at(hall: TownHall, identity: Provided) -> AsyncGenerator[Site]:
    """Give a house in which people log in at that provider."""
    made = await tokens.create(hall.desk, ORGANISATION, ["doorkeeper"], KEEPER)
    async with house(hall, provided=identity.oidc(made.token)) as opened:
        opened.app.state.provider = Provider(identity.oidc(made.token), soonest=0)
        yield opened


def straighten(identity: Provided, door: Site) -> None:
    """Have the provider say what it says by itself, until a test bends it.

    And have the house note every denial: of one network it stops after some.
    """
    identity.bend = None
    door.app.state.service.open.pop("gate", None)


async def log_in(page: Page, sub: str) -> None:
    """Go from the door to the provider, and choose there who one is."""
    await page.goto("/in?to=/portfolio")
    await page.get_by_role("link", name="Log in bij uw organisatie").click()
    await page.wait_for_load_state("networkidle")
    forgiven(page)
    await page.locator(f"button[value='{sub}'], input[value='{sub}']").first.click()


async def come_back(
    door: Site, sub: str = "7", change: Callable[[str], str] | None = None
) -> httpx.Response:
    """Log in without a browser; ``change`` bends the address of the way back."""
    async with httpx.AsyncClient(base_url=door.url) as somebody:
        sent = await somebody.get("/in/oidc?to=/portfolio")
        async with httpx.AsyncClient() as there:
            back = await there.post(sent.headers["location"], data={"sub": sub})
        where = back.headers["location"]
        return await somebody.get(change(where) if change else where)


async def newest(site: Site) -> list[tuple[str, str | None]]:
    """Give why somebody was denied last, and of which organisation they were."""
    return [(e.why, e.organisation) for e in await denials.listed(site.desk.pool, None)]

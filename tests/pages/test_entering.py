"""Logging in at an organisation's own provider, which somebody else has made."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from desk.access.links import recognise
from tests.desk.town_hall import ORGANISATION, TownHall
from tests.pages.at_the_door import (
    BENDS_ITS_LIBRARY,
    come_back,
    door_at,
    log_in,
    newest,
    straighten,
)
from tests.pages.house import Site, house, visitor
from tests.pages.provided import CLIENT, Provided, provider

pytestmark = BENDS_ITS_LIBRARY

Checked = Callable[[Page], Awaitable[None]]


@pytest.fixture(scope="module")
def identity() -> Generator[Provided]:
    """Give the provider."""
    with provider() as made:
        yield made


@pytest.fixture(scope="module")
async def door(hall: TownHall, identity: Provided) -> AsyncGenerator[Site]:
    """Give a house in which people log in at that provider."""
    async with door_at(hall, identity) as opened:
        yield opened


@pytest.fixture(autouse=True)
def straight(identity: Provided, door: Site) -> None:
    """Have the provider say what it says by itself, until a test bends it."""
    straighten(identity, door)


async def test_somebody_logs_in_at_their_organisation_and_is_where_they_wanted_to_be(
    browser: Browser, door: Site, checked: Checked
) -> None:
    """The page of our own in between lets a strict cookie come along."""
    page = await visitor(browser, door, None)
    await page.goto("/in?to=/portfolio")
    await checked(page)
    await log_in(page, "7")
    await expect(page).to_have_url(f"{door.url}/portfolio")
    await expect(page.get_by_text("mw-7")).to_be_visible()
    [cookie] = await page.context.cookies()
    assert cookie.get("name") == "polder_session"
    assert (cookie.get("sameSite"), cookie.get("httpOnly")) == ("Strict", True)
    await checked(page)


async def test_who_logs_out_is_sent_on_to_leave_there_too(
    browser: Browser, door: Site, identity: Provided
) -> None:
    """Here the session is over before anything else; the provider says how there."""
    page = await visitor(browser, door, None)
    await log_in(page, "7")
    await expect(page).to_have_url(f"{door.url}/portfolio")
    [cookie] = await page.context.cookies()
    secret = str(cookie.get("value"))
    await page.get_by_role("button", name="Uitloggen").click()
    await page.wait_for_url(f"{identity.url}/oauth2/end_session?**")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["client_id"] == [CLIENT]
    assert asked["post_logout_redirect_uri"] == [f"{door.url}/in"]
    assert await recognise(door.desk.pool, secret) is None


@pytest.mark.parametrize(
    ("sub", "why", "words"),
    [
        ("8", "no_role", "u hebt hier geen rol"),
        ("10", "no_organisation", "Uw organisatie gebruikt dit niet"),
        ("is geen id", "no_actor", "ontbreekt waaraan wij mensen herkennen"),
    ],
)
async def test_who_has_no_place_here_is_told_so_kindly(
    door: Site, sub: str, why: str, words: str
) -> None:
    """They are not in; what helps is said, and that they were denied is noted."""
    answer = await come_back(door, sub)
    assert answer.status_code == 403
    assert words in answer.text
    assert "polder_session" not in answer.headers.get("set-cookie", "")
    whose = None if why == "no_organisation" else ORGANISATION
    assert (await newest(door))[0] == (why, whose)


async def test_a_page_of_who_is_refused_keeps_nobody_out(
    browser: Browser, door: Site, checked: Checked
) -> None:
    """It stands up in a browser, with a way back to the door."""
    page = await visitor(browser, door, None)
    await log_in(page, "8")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("geen rol")
    await checked(page)
    await page.get_by_role("link", name="Naar het inloggen").click()
    await expect(page).to_have_url(f"{door.url}/in")


async def test_a_provider_that_is_away_is_told_so(hall: TownHall) -> None:
    """The door stands, a link still works, and the page says what helps."""
    with provider() as gone:
        oidc = gone.oidc("geen")
    async with (
        house(hall, provided=oidc) as site,
        httpx.AsyncClient(base_url=site.url) as somebody,
    ):
        answer = await somebody.get("/in/oidc")
        assert answer.status_code == 503
        assert "antwoordt niet" in answer.text
        assert (await somebody.get("/in")).status_code == 200

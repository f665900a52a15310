"""A participant: by a link alone they say something, and get an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.pages.asking import (
    PUBLIC,
    WINDOW,
    answers,
    asking,
    checked_bare,
    enter,
    link_of,
    phone,
    says,
)
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]

TEXT = "Het plein is te donker. Zet er vier lampen bij, ook achter de school."
TWO_MINUTES = 120


@pytest.fixture(scope="module")
async def stream(site: Site) -> str:
    """Give a dialogue that asks its parties something, and everybody."""
    return await asking(site)


async def test_on_a_phone_it_takes_a_link_a_text_and_two_buttons(
    site: Site, stream: str, browser: Browser, checked: Checked
) -> None:
    """What is asked, why me and until when stand above the form; then a receipt."""
    async with phone(browser, site) as page:
        began = monotonic()
        await page.goto(await link_of(site, stream, "anna"))
        await checked(page)
        await page.get_by_role("button", name="Verder").click()
        await expect(page).to_have_url(f"{site.url}/mine")
        await expect(page.get_by_text("Wat doen we met het plein?")).to_be_visible()
        asked = page.get_by_role("region", name="Wij vragen uw reactie")
        await expect(asked.get_by_text("Wat vindt u van het plan?")).to_be_visible()
        await expect(asked.get_by_text("Omdat u meedoet als")).to_be_visible()
        await expect(asked.get_by_text("tot en met")).to_be_visible()
        await checked(page)
        await page.get_by_role("textbox", name="Uw reactie").fill(TEXT)
        await page.get_by_role("button", name="Versturen").click()
        await expect(page.get_by_text("Uw reactie is ontvangen")).to_be_visible()
        await expect(page.get_by_text("Dat was op tijd")).to_be_visible()
        await expect(page.get_by_text(TEXT)).to_be_visible()
        await expect(page.get_by_text("Nog geen antwoord")).to_be_visible()
        await checked(page)
        assert monotonic() - began < TWO_MINUTES
        await page.goto("/mine")
        await checked(page)


async def test_what_was_begun_is_there_again_and_nobody_else_sees_it(
    site: Site, browser: Browser, checked: Checked
) -> None:
    """A draft is kept for its writer, on another device as well, and goes when sent."""
    stream = await asking(site)
    async with phone(browser, site, script=False) as page:
        await enter(page, await link_of(site, stream, "anna"))
        await page.get_by_role("textbox", name="Uw reactie").fill("Ik ben nog aan het")
        await page.get_by_role("button", name="Bewaren voor later").click()
        await expect(page.get_by_text("Het is bewaard")).to_be_visible()
        await checked_bare(page, checked)
    events = await site.desk.dialogue(stream)
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "anna"))
        field = page.get_by_role("textbox", name="Uw reactie")
        await expect(field).to_have_value("Ik ben nog aan het")
        await field.fill("Ik ben nog aan het denken")
        await expect(page.get_by_text("Bewaard om")).to_be_visible()
        await page.reload()
        await expect(field).to_have_value("Ik ben nog aan het denken")
        assert (await site.desk.dialogue(stream)).version == events.version
        await page.get_by_role("button", name="Versturen").click()
        await expect(page.get_by_text("Uw reactie is ontvangen")).to_be_visible()
        await page.goto(f"/mine/windows/{WINDOW}")
        await expect(
            page.get_by_role("textbox", name="Wat wilt u toevoegen?")
        ).to_have_value("")


async def test_what_was_kept_goes_when_the_window_closes(
    site: Site, browser: Browser, checked: Checked
) -> None:
    """After the closing the draft is gone, and a response is plainly too late."""
    stream = await asking(site)
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "anna"))
        await page.get_by_role("textbox", name="Uw reactie").fill("Nooit verstuurd")
        await page.get_by_role("button", name="Bewaren voor later").click()
        await expect(page.get_by_text("Het is bewaard")).to_be_visible()
        for window in (WINDOW, PUBLIC):
            body = {"window": window, "reason": "Genoeg gehoord"}
            await site.send(stream, "close_window", body)
        await page.goto(f"/mine/windows/{WINDOW}")
        await expect(page.get_by_role("textbox", name="Uw reactie")).to_have_value("")
        await expect(page.get_by_text("telt dan als te laat")).to_be_visible()
        await expect(page.get_by_role("button", name="Bewaren")).to_have_count(0)
        await checked(page)
        await page.get_by_role("textbox", name="Uw reactie").fill(
            "Sorry, ik was op reis."
        )
        await page.get_by_role("button", name="Versturen").click()
        await expect(page.get_by_text("Dat was te laat")).to_be_visible()
        await checked(page)


async def test_who_is_too_late_for_good_is_told_so(
    site: Site, browser: Browser, checked: Checked
) -> None:
    """Where the rule refuses what is late, there is no form; what was typed stays."""
    stream = await asking(site, late="refuse")
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "anna"))
        await page.get_by_role("textbox", name="Uw reactie").fill("Net niet op tijd")
        body = {"window": WINDOW, "reason": "Genoeg gehoord"}
        await site.send(stream, "close_window", body)
        await page.get_by_role("button", name="Versturen").click()
        await expect(page.get_by_role("alert")).to_contain_text("voorbij")
        await expect(page.get_by_text("Net niet op tijd")).to_be_visible()
        await checked(page)
        await page.goto(f"/mine/windows/{WINDOW}")
        await expect(page.get_by_text("U kunt niet meer reageren")).to_be_visible()
        await expect(page.get_by_role("textbox")).to_have_count(0)


async def test_the_answer_is_there_with_its_reason_and_so_is_the_one_before(
    site: Site, browser: Browser, checked: Checked
) -> None:
    """Who said something sees what was done with it and why; a change shows both."""
    stream = await asking(site)
    await says(site, stream, "anna", TEXT)
    await answers(site, stream, "1", "not", "Er is geen geld voor.")
    await answers(site, stream, "1", "partly", "Er komen twee lampen.")
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "anna"))
        await expect(page.get_by_text("Deels overgenomen").first).to_be_visible()
        await expect(page.get_by_text("Er komen twee lampen.")).to_be_visible()
        await expect(page.get_by_text("Er is geen geld voor.")).to_be_hidden()
        await page.get_by_role("link", name="Reactie 1").click()
        await page.get_by_text("Een eerder antwoord").click()
        await expect(page.get_by_text("Er is geen geld voor.")).to_be_visible()
        await checked(page)


async def test_by_keyboard_alone(site: Site, browser: Browser) -> None:
    """From the link to the receipt with Tab, letters and Enter."""
    stream = await asking(site)
    async with phone(browser, site) as page:
        await page.goto(await link_of(site, stream, "anna"))
        await _tab_to(page, "Verder")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{site.url}/mine")
        await _tab_to(page, "Uw reactie")
        await page.keyboard.type("Met het toetsenbord")
        await _tab_to(page, "Versturen")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Uw reactie is ontvangen")).to_be_visible()


async def _tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        await page.keyboard.press("Tab")
        held = await page.evaluate(
            "(document.activeElement.labels?.[0]?.textContent ?? '')"
            " + document.activeElement.textContent"
        )
        if name in held:
            return
    pytest.fail(f"nothing called {name} has the focus in 40 steps")


async def test_pressed_twice_is_sent_once(site: Site, stream: str) -> None:
    """The same form, sent again, is the same response."""
    before = (await site.desk.dialogue(stream)).received(PUBLIC)
    async with httpx.AsyncClient(base_url=site.url, timeout=20) as client:
        link = await link_of(site, stream, "dirk")
        await client.post(link, headers={"Origin": site.url})
        body = {"response": "Eén keer", "do": "send", "id": "formulier-1"}
        for _ in range(2):
            answer = await client.post(
                f"/mine/windows/{PUBLIC}", data=body, headers={"Origin": site.url}
            )
            assert answer.status_code == 303
    assert (await site.desk.dialogue(stream)).received(PUBLIC) == before + 1

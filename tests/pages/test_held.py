"""What somebody typed is there again, whatever ended while they typed it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from desk import drafts
from desk.access import links, provided
from tests.desk.town_hall import ORGANISATION
from tests.pages.asking import (
    WINDOW,
    asking,
    checked_bare,
    enter,
    link_of,
    phone,
)
from tests.pages.house import Site, visitor
from tests.pages.looking import forgiven

Checked = Callable[[Page], Awaitable[None]]

TEXT = "Het plein is te donker.\nZet er <b>vier</b> lampen bij."
FIELD = "Uw reactie"
WORDS = "Wat u schreef"


async def ends(site: Site, page: Page) -> None:
    """End the session of a window, as its hours would."""
    [cookie] = await page.context.cookies()
    assert await links.close_session(site.desk.pool, cookie.get("value", ""))


async def kept(site: Site, stream: str, who: str = "anna") -> str | None:
    """Give somebody's draft in the window."""
    found = (await drafts.kept(site.desk, stream, who)).get(WINDOW)
    return found and found.text


async def received(site: Site, stream: str) -> int:
    """Count the responses to the window."""
    return (await site.desk.dialogue(stream)).received(WINDOW)


async def test_a_page_says_that_it_kept_only_what_it_kept(
    site: Site, browser: Browser, checked: Checked
) -> None:
    """Out, it says so and why; in again in another window, it is kept by itself."""
    stream = await asking(site)
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "anna"))
        await ends(site, page)
        await page.get_by_role("textbox", name=FIELD).fill(TEXT)
        status = page.locator("#kept")
        await expect(status).to_contain_text("Niet bewaard: u bent niet meer ingelogd")
        forgiven(page)
        await checked(page)
        assert await kept(site, stream) is None
        other = await page.context.new_page()
        await enter(other, await link_of(site, stream, "anna"))
        await expect(status).to_contain_text("Bewaard om", timeout=15_000)
        assert await kept(site, stream) == TEXT


async def test_without_a_connection_it_says_so_and_goes_on(
    site: Site, browser: Browser
) -> None:
    """What could not be kept is kept once there is a connection again."""
    stream = await asking(site)
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "anna"))
        await page.context.set_offline(offline=True)
        await page.get_by_role("textbox", name=FIELD).fill(TEXT)
        status = page.locator("#kept")
        await expect(status).to_contain_text("Nog niet bewaard: er is geen verbinding")
        await page.context.set_offline(offline=False)
        await expect(status).to_contain_text("Bewaard om")
        assert await kept(site, stream) == TEXT


@pytest.mark.parametrize("script", [True, False])
async def test_who_is_out_sends_the_same_form_once_they_are_in_again(
    site: Site, browser: Browser, checked: Checked, *, script: bool
) -> None:
    """The page holds what was typed; pressed twice, it is one response."""
    stream = await asking(site)
    async with phone(browser, site, script=script) as page:
        await enter(page, await link_of(site, stream, "anna"))
        await page.get_by_role("textbox", name=FIELD).fill(TEXT)
        await ends(site, page)
        await page.get_by_role("button", name="Versturen").click()
        title = page.get_by_role("heading", name="U bent niet meer ingelogd")
        await expect(title).to_be_visible()
        words = page.get_by_label(WORDS)
        await expect(words).to_have_value(TEXT)
        await expect(words).not_to_be_editable()
        await (checked(page) if script else checked_bare(page, checked))
        again = page.get_by_role("button", name="Stuur het opnieuw")
        await again.click()
        await expect(title).to_be_visible()
        assert await received(site, stream) == 0
        other = await page.context.new_page()
        await enter(other, await link_of(site, stream, "anna"))
        form = page.locator("form[action^='/mine/windows/']")
        held = form.locator("input[type=hidden], textarea")
        fields: dict[str, str | float | bool] = {
            str(await each.get_attribute("name")): await each.input_value()
            for each in await held.all()
        }
        await again.click()
        await expect(page.get_by_text("Uw reactie is ontvangen")).to_be_visible()
        await expect(page.get_by_text(TEXT)).to_be_visible()
        repeated = await page.request.post(
            f"/mine/windows/{WINDOW}", form=fields, headers={"Origin": site.url}
        )
        assert repeated.ok
        assert await received(site, stream) == 1


async def test_staff_send_the_same_form_once_they_are_in_again(
    site: Site, browser: Browser, checked: Checked
) -> None:
    """Whose sessions were ended while they typed loses nothing of it."""
    page = await visitor(browser, site, "director", actor="p-7")
    stream = await site.dialogue(roles={"process_director": ["p-1", "p-7"]})
    await page.goto(f"/dialogues/{stream}/life")
    act = page.get_by_role("group").filter(has_text="Pauzeer de dialoog")
    await act.locator("summary").click()
    await act.get_by_role("textbox").fill("Wij wachten op de raad")
    await provided.end_all(site.desk, ORGANISATION, "p-7")
    await act.get_by_role("button").click()
    await expect(page.get_by_label(WORDS)).to_have_value("Wij wachten op de raad")
    door = page.get_by_role("link", name="Inloggen in een nieuw venster")
    assert await door.get_attribute("target") == "_blank"
    await checked(page)
    await page.context.close()


async def test_what_another_site_sends_is_not_shown_as_ours(site: Site) -> None:
    """Who is out and comes from elsewhere gets the door, and nothing of the form."""
    body = {"reason": "Stuur uw wachtwoord naar mij"}
    async with httpx.AsyncClient(base_url=site.url) as nobody:
        for told in ({"Origin": "https://elders.example"}, {}):
            answer = await nobody.post(
                "/administration/tokens", data=body, headers=told
            )
            assert (answer.status_code, answer.headers["location"]) == (303, "/in")
        told = {"Origin": site.url}
        answer = await nobody.post("/administration/tokens", data=body, headers=told)
        assert answer.status_code == 401
        assert "Stuur uw wachtwoord naar mij" in answer.text
        assert answer.headers["cache-control"] == "no-store"


async def test_a_secret_is_not_shown_again(site: Site) -> None:
    """Fields with a secret are empty on the page of a fault, and are to be typed."""
    body = {"target": "https://zaak.example", "bearer": "geheim1", "note": "pld_" * 9}
    async with httpx.AsyncClient(base_url=site.url) as nobody:
        told = {"Origin": site.url}
        answer = await nobody.post(
            "/administration/subscriptions", data=body, headers=told
        )
    assert answer.status_code == 401
    assert "geheim1" not in answer.text
    assert "pld_" not in answer.text
    assert 'name="bearer" type="password"' in answer.text
    assert "https://zaak.example" in answer.text


async def test_of_two_who_share_a_browser_neither_sends_the_other_s_words(
    site: Site,
) -> None:
    """A form that anna was given does nothing in bram's name, and keeps nothing."""
    stream = await asking(site)
    async with site.caller(await site.guest(stream, "bram")) as bram:
        for do in ("save", "send"):
            body = {"response": "Van anna", "do": do, "as": f"{stream}/anna"}
            answer = await bram.post(
                f"/mine/windows/{WINDOW}", data=body, headers={"Origin": site.url}
            )
            assert answer.status_code == 403
            assert "Van anna" in answer.text
    assert await kept(site, stream, "bram") is None
    assert await received(site, stream) == 0


async def test_what_was_sent_does_not_come_back_as_a_draft(
    site: Site, browser: Browser
) -> None:
    """What a window kept open since goes on to keep is not taken; it says why."""
    stream = await asking(site)
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "anna"))
        await page.goto(f"/mine/windows/{WINDOW}")
        old = page.get_by_role("textbox", name=FIELD)
        other = await page.context.new_page()
        await other.goto(f"/mine/windows/{WINDOW}")
        await other.get_by_role("textbox", name=FIELD).fill(TEXT)
        await other.get_by_role("button", name="Versturen").click()
        await expect(other.get_by_text("Uw reactie is ontvangen")).to_be_visible()
        await old.fill(TEXT)
        status = page.locator("#kept")
        await expect(status).to_contain_text("U hebt intussen een reactie gestuurd")
        assert await kept(site, stream) is None
        await page.get_by_role("button", name="Bewaren voor later").click()
        added = page.get_by_role("textbox", name="Wat wilt u toevoegen?")
        await expect(added).to_have_value(TEXT)
        await page.get_by_role("button", name="Bewaren voor later").click()
        await expect(page.get_by_text("Het is bewaard")).to_be_visible()
        assert await kept(site, stream) == TEXT

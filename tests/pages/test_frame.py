"""The frame: who comes in, what a page is made of, and what a fault looks like."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from desk.access import entering, links
from desk.desk import Sender
from desk.errors import DeskError
from tests.desk.town_hall import ORGANISATION
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]


async def test_a_link_lets_somebody_in_once(
    site: Site, stranger: Page, checked: Checked
) -> None:
    """Looking at it uses nothing up; pressing the button does, and leads to today."""
    made = await entering.create(
        site.desk, ORGANISATION, "p-1", Sender("beheer-1", "system")
    )
    for _ in range(2):
        await stranger.goto(made.path)
        await checked(stranger)
    await stranger.get_by_role("button", name="Ga naar binnen").click()
    await expect(stranger).to_have_url(f"{site.url}/today")
    await checked(stranger)
    await stranger.goto(made.path)
    await expect(stranger.get_by_text("werkt niet, of niet meer")).to_be_visible()
    await checked(stranger)


async def test_who_is_not_in_goes_by_the_door_to_where_they_wanted_to_be(
    site: Site, stranger: Page, checked: Checked
) -> None:
    """Every page leads to the door, and the door leads on to that page."""
    await stranger.goto("/portfolio?status=running")
    await expect(stranger).to_have_url(
        f"{site.url}/in?to=/portfolio%3Fstatus%3Drunning"
    )
    await checked(stranger)
    link = stranger.get_by_role("link", name="Ga verder naar uw pagina")
    assert await link.get_attribute("href") == "/portfolio?status=running"


async def test_who_logs_out_is_out(site: Site, stranger: Page) -> None:
    """The session is over, and its cookie is gone."""
    made = await entering.create(
        site.desk, ORGANISATION, "p-2", Sender("beheer-1", "system")
    )
    await stranger.goto(made.path)
    await stranger.get_by_role("button", name="Ga naar binnen").click()
    await stranger.get_by_role("button", name="Uitloggen").click()
    await expect(stranger).to_have_url(f"{site.url}/in")
    assert await stranger.context.cookies() == []
    await stranger.goto("/today")
    await expect(stranger.get_by_role("heading", name="Inloggen")).to_be_visible()


async def test_a_language_is_chosen_and_kept(director: Page, checked: Checked) -> None:
    """Dutch comes first; who chooses English reads English on the next page too."""
    await director.goto("/accessibility")
    assert await director.locator("html").get_attribute("lang") == "nl"
    await director.get_by_role("button", name="English").click()
    await expect(director.get_by_role("heading", level=1)).to_have_text("Accessibility")
    await director.goto("/today")
    assert await director.locator("html").get_attribute("lang") == "en"
    await checked(director)


async def test_the_keyboard_comes_first_to_the_content(director: Page) -> None:
    """The first tab is the way past the menu, and it is seen."""
    await director.goto("/today")
    await director.keyboard.press("Tab")
    skip = director.get_by_role("link", name="Naar de inhoud")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await director.keyboard.press("Enter")
    await expect(director.locator("main")).to_be_focused()


async def test_an_address_that_is_none_is_a_page(
    director: Page, checked: Checked
) -> None:
    """With a way back to the first page, and nothing of the machine in it."""
    answer = await director.goto("/nergens/te/vinden")
    assert answer is not None
    assert answer.status == 404
    await expect(director.get_by_role("heading", level=1)).to_have_text(
        "Deze pagina bestaat niet"
    )
    await checked(director)
    await director.get_by_role("link", name="Naar de eerste pagina").click()
    await expect(director).to_have_url(f"{director.url.partition('/today')[0]}/today")


async def test_a_program_gets_a_problem_and_no_page(site: Site) -> None:
    """Who asks for JSON, or under /v1, gets what the API says."""
    async with site.caller("niets") as nobody:
        for path in ("/v1/nergens", "/nergens"):
            answer = await nobody.get(path, headers={"Accept": "application/json"})
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/in", "/accessibility", "/today", "/nergens"])
async def test_a_page_says_what_may_run_and_is_not_kept(site: Site, path: str) -> None:
    """No inline script or style, no frame, nothing of elsewhere, nothing stored."""
    async with site.caller(await site.session("director")) as caller:
        answer = await caller.get(path, headers={"Accept": "text/html"})
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'"} <= {*policy}
    assert {"frame-ancestors 'none'", "form-action 'self'"} <= {*policy}
    assert answer.headers["cache-control"] == "no-store"
    assert "style=" not in answer.text
    assert "<style" not in answer.text


async def test_an_asset_is_kept_for_ever_under_its_content(site: Site) -> None:
    """Its address has its hash; another address of it is none."""
    address = site.app.state.assets.address("polder.css")
    async with site.caller("niets") as nobody:
        answer = await nobody.get(address)
        assert answer.headers["cache-control"].endswith("immutable")
        assert answer.headers["content-encoding"] == "gzip"
        other = await nobody.get(address, headers={"Accept-Encoding": "identity"})
        assert other.content == answer.content
        gone = await nobody.get("/assets/polder.000000000000.css")
    assert gone.status_code == 404


async def test_a_form_of_another_site_does_nothing(site: Site) -> None:
    """A browser says where a form came from; from elsewhere it is refused."""
    session = await site.session("director", "p-9")
    async with site.caller(session) as caller:
        for headers in ({"Origin": "https://elders.example"}, {}):
            answer = await caller.post("/today", data={"kind": "x"}, headers=headers)
            assert answer.status_code == 403
        shown = await caller.get("/today")
    assert shown.status_code == 200


async def test_a_link_for_staff_is_good_at_their_own_door_alone(site: Site) -> None:
    """It opens no dialogue as a participant's does, and theirs opens nothing here."""
    by = Sender("beheer-1", "system")
    stream = await site.dialogue()
    entry = await entering.create(site.desk, ORGANISATION, "p-1", by, roles=["auditor"])
    personal = await links.create(site.desk, stream, "k-1", by)
    pool = site.desk.pool
    assert await links.open_session(pool, entry.secret) is None
    assert await entering.open_session(pool, personal.secret) is None
    opened = await entering.open_session(pool, entry.secret)
    assert opened is not None
    caller = await links.recognise(pool, opened.secret)
    assert caller is not None
    assert (caller.roles, caller.dialogue) == (frozenset({"auditor"}), None)
    assert await entering.open_session(pool, entry.secret) is None


@pytest.mark.parametrize("role", ["participant", "integrator", "koning", ""])
async def test_nobody_else_gets_a_link_for_staff(site: Site, role: str) -> None:
    """Participants and systems have ways of their own, and other roles are none."""
    by = Sender("beheer-1", "system")
    with pytest.raises(DeskError):
        await entering.create(site.desk, ORGANISATION, "p-1", by, roles=[role])

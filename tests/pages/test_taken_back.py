"""Ways in that are taken back, and secrets that are made once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from desk import subscribing
from desk.access import entering, links, tokens
from desk.desk import Sender
from tests.desk.town_hall import ORGANISATION
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]

BY = Sender("o-1", "operator", "http")
TARGET = "https://zaken.example.org/polder"
OTHER = "gemeente-anders"


async def test_a_page_that_is_loaded_again_makes_no_second_secret(site: Site) -> None:
    """One press of a form is one token and one new secret, however often it comes."""
    async with site.caller(await site.session("operator", "o-1")) as caller:
        where = "/administration/tokens"
        form = {"act": "make", "roles": "auditor", "actor": "a-77", "id": "druk-1"}
        told = {"Origin": site.url}
        first = await caller.post(where, data=form, headers=told)
        again = await caller.post(where, data=form, headers=told)
        assert (first.status_code, again.status_code) == (200, 409)
        assert ("pld_" in first.text, "pld_" in again.text) == (True, False)
        every = await tokens.list_(site.desk, ORGANISATION)
        assert len([each for each in every if each.actor == "a-77"]) == 1
        where = "/administration/subscriptions"
        form = {"target": TARGET, "format": "cloudevents", "id": "druk-4"}
        form |= {"handshake": "yes"}
        made = [await caller.post(where, data=form, headers=told) for _ in "12"]
        shown = [re.findall(r"whsec_[\w+/=]+", answer.text) for answer in made]
        assert shown[0] == shown[1] != []
        [found] = await subscribing.list_(site.desk, ORGANISATION)
        where = f"/administration/subscriptions/{found.id}"
        form = {"act": "rotate", "id": "druk-2"}
        answers = [await caller.post(where, data=form, headers=told) for _ in "12"]
        secrets = [re.findall(r"whsec_[\w+/=]+", answer.text) for answer in answers]
        assert secrets[0] == secrets[1] != []
        form["id"] = "druk-3"
        other = await caller.post(where, data=form, headers=told)
        assert secrets[0][0] not in other.text
        done = [act.act for act in await subscribing.acts(site.desk, found)]
    assert done.count("rotated") == 2


async def test_a_personal_link_is_taken_back(
    site: Site, operator: Page, checked: Checked
) -> None:
    """Who was in by it is out, and who had not used it does not get in any more."""
    stream = await site.dialogue()
    inside = await site.guest(stream, "k-41")
    unused = await links.create(site.desk, stream, "k-42", BY)
    slug = stream.partition(":")[2]
    await operator.goto(f"/administration/links?slug={slug}")
    await checked(operator)
    for who, how in (("k-41", "binnen, tot en met"), ("k-42", "niet gebruikt, werkt")):
        row = operator.get_by_role("row").filter(has_text=who)
        await expect(row).to_contain_text(how)
        await row.get_by_role("button", name=f"Neem de link van {who} terug").click()
        said = operator.get_by_role("status").first
        await expect(said).to_contain_text("De link werkt niet meer")
        await operator.goto(f"/administration/links?who={who}")
        await expect(row).to_contain_text("teruggenomen")
        await expect(row.get_by_role("button")).to_have_count(0)
        await operator.goto(f"/administration/links?slug={slug}")
    assert await links.recognise(site.desk.pool, inside) is None
    assert not await links.is_good(site.desk.pool, unused.secret)
    await checked(operator)


async def test_the_links_of_another_house_are_not_there(site: Site) -> None:
    """Nobody takes back what is not of their organisation, nor sees it."""
    stream = await site.dialogue()
    made = await links.create(site.desk, stream, "k-43", BY)
    by = await entering.create(site.desk, OTHER, "o-9", BY, roles=["operator"])
    opened = await entering.open_session(site.desk.pool, by.secret)
    assert opened is not None
    async with site.caller(opened.secret) as caller:
        answer = await caller.get("/administration/links")
        assert (answer.status_code, "k-43" in answer.text) == (200, False)
        answer = await caller.post(
            "/administration/links",
            data={"link": made.id},
            headers={"Origin": site.url},
        )
        assert answer.status_code == 404
    assert await links.is_good(site.desk.pool, made.secret)

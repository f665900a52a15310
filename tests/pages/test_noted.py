"""What is on record as somebody's read is what they asked for themselves."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.async_api import Page, expect

from api.looking import UNREAD
from desk.reads import note, reads
from tests.desk.town_hall import DIRECTOR
from tests.pages.house import Site


async def test_a_page_that_asks_for_itself_anew_opens_nothing(site: Site) -> None:
    """Nobody read anything then, so nothing is shown of it and nothing is noted."""
    stream = await site.dialogue(title="Park", language="nl")
    person = {"stakeholder": "s-1", "name": "Truus", "impact": 3, "influence": 0}
    await site.hall.desk.send(stream, "register_stakeholder", person, DIRECTOR)
    people = f"/dialogues/{stream}/people"
    async with site.caller(await site.session("director")) as caller:
        opened = await caller.get(f"{people}?names=yes")
        assert "Truus" in opened.text
        assert "data-events" in opened.text
        noted = await reads(site.desk, target=stream)
        assert [read.opened for read in noted] == [True]
        anew = {"Polder-Anew": "by-itself"}
        again = await caller.get(f"{people}?names=yes", headers=anew)
        assert "Truus" not in again.text
        assert UNREAD in again.text
        assert await reads(site.desk, target=stream) == noted


async def test_what_holds_a_text_stays_as_it_was_until_somebody_asks(
    site: Site, director: Page
) -> None:
    """The rest of the page goes on with what others do."""
    stream = await site.dialogue(title="Park", language="nl")
    person = {"stakeholder": "s-1", "name": "Truus", "impact": 3, "influence": 0}
    await site.hall.desk.send(stream, "register_stakeholder", person, DIRECTOR)
    await site.hall.seals()
    async with director.expect_request(lambda asked: asked.url.endswith("/events")):
        await director.goto(f"/dialogues/{stream}/people?names=yes")
    main = director.get_by_role("main")
    await expect(main).to_contain_text("Truus")
    await site.send(stream, "complete_items", {"items": ["opdracht.waartoe"]})
    await site.hall.seals()
    await expect(main).to_contain_text("1 van 48 aandachtspunten klaar")
    await expect(main).to_contain_text("Truus")
    assert len(await reads(site.desk, target=stream)) == 1


@pytest.mark.parametrize("where", ["same-site", "cross-site"])
@pytest.mark.parametrize(
    "path", ["/dialogues/{}/history/1", "/v1/dialogues/{}/stakeholders?private=true"]
)
async def test_what_another_page_fetches_is_not_given(
    site: Site, where: str, path: str
) -> None:
    """A picture or script of another site is refused; a link there may be followed."""
    stream = await site.dialogue(title="Park", language="nl")
    path = path.format(stream)
    async with site.caller(await site.session("director")) as caller:
        told = {"Sec-Fetch-Site": where, "Sec-Fetch-Dest": "image"}
        answer = await caller.get(path, headers=told)
        assert answer.status_code == 403
        assert await reads(site.desk, target=stream) == []
        told["Sec-Fetch-Dest"] = "document"
        answer = await caller.get(path, headers=told)
        assert answer.status_code == 200


async def test_what_is_noted_of_what_was_asked_has_an_end(site: Site) -> None:
    """Whatever somebody types in an address, the log of reads keeps little of it."""
    stream = await site.dialogue(title="Park", language="nl")
    async with site.caller(await site.session("auditor")) as caller:
        query = {"actor": "x" * 9000, "type": [f"t{n}" for n in range(900)]}
        answer = await caller.get(f"/dialogues/{stream}/history", params=query)
        assert answer.status_code == 200
    [noted] = await reads(site.desk, target=stream)
    assert len(str(noted.filters)) < 2000


async def test_a_pack_is_made_by_a_form_alone(site: Site) -> None:
    """The log is sealed and signed for it: no address that somebody opens does that."""
    stream = await site.dialogue(title="Park", language="nl")
    async with site.caller(await site.session("auditor")) as caller:
        answer = await caller.get(f"/dialogues/{stream}/pack.zip")
        assert answer.status_code == 405


async def test_requests_are_for_who_decides_or_carries_them_out(site: Site) -> None:
    """A colleague without that role reads not who asked to be erased."""
    for role, status in (("director", 200), ("operator", 200), ("member", 403)):
        async with site.caller(await site.session(role, f"{role}-1")) as caller:
            assert (await caller.get("/requests")).status_code == status


async def test_the_log_of_reads_goes_on_further_back(site: Site) -> None:
    """From page to page every read is shown once, while new ones come above."""
    stream = await site.dialogue(title="Park", language="nl")
    for number in range(130):
        await note(site.desk, f"a-{number}", "history", stream, {}, rows=1)
    seen: list[str] = []
    async with site.caller(await site.session("auditor", "a-900")) as caller:
        where = f"/dialogues/{stream}/reads"
        while where:
            page = (await caller.get(where)).text
            seen += re.findall(r'\?who=(a-\d+)"', page)
            await note(site.desk, "a-800", "history", stream, {}, rows=1)
            after = re.search(r'href="([^"]*)" rel="next"', page)
            where = unescape(after[1]) if after else ""
    assert [one for one in seen if one != "a-800"] == [
        f"a-{number}" for number in reversed(range(130))
    ]

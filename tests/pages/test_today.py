"""A process director's morning: what needs them, and the one next act of each."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from html import escape

import pytest
from playwright.async_api import Browser, Page, expect

from desk.today import ORDER, today
from language.dates import HOME_ZONE
from pages.today import routes
from pages.today.groups import GROUPS, group_of
from storage.queries import counts as kinds
from tests.desk.town_hall import ORGANISATION
from tests.pages.house import Site, visitor
from tests.pages.walking import press, tab_to

Checked = Callable[[Page], Awaitable[None]]

HARVEST = "oogst"
WINDOW = f"{HARVEST}.concept-deelnemers"
HOSTILE = "<img src=x onerror=alert(1)> & Parkzicht"


def in_days(days: int) -> str:
    """Give a day as a method has it."""
    return (datetime.now(HOME_ZONE).date() + timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
async def morning(site: Site) -> str:
    """Give a dialogue with a date that has passed and somebody silent, and another."""
    late = {"title": "Raad beslist", "date": in_days(-2)}
    soon = {"title": "Begroting rond", "date": in_days(4)}
    stream = await site.dialogue(
        "ochtend", title=HOSTILE, language="nl", deadlines=[late, soon]
    )
    for who in ("d-1", "d-2"):
        told = {"name": who.upper(), "address": f"{who}@voorbeeld.example"}
        body = {"role": "participants", "actor": who, **told}
        await site.send(stream, "assign_role", body)
    plan = (await site.desk.dialogue(stream)).plan
    for step in plan.steps.values():
        if step.id == HARVEST:
            break
        items = [f"{step.id}.{item.id}" for item in step.items]
        await site.send(stream, "complete_items", {"items": items})
        await site.send(stream, "complete_step", {"step": step.id})
    await site.send(stream, "start_step", {"step": HARVEST})
    await site.send(stream, "open_window", {"window": WINDOW})
    said = {"window": WINDOW, "respondent": "d-1", "response": "Goed zo"}
    await site.send(stream, "record_response", said)
    await site.dialogue("kalm", title="Marktplein", language="nl")
    return stream


async def test_a_morning_by_keyboard_alone(
    site: Site, morning: str, director: Page
) -> None:
    """From what needs them to a reminder that was sent, without touching a mouse."""
    await director.goto("/today")
    await expect(director.get_by_role("heading", level=1)).to_have_text("Vandaag")
    await tab_to(director, "^Naar de inhoud$")
    await director.keyboard.press("Enter")
    await press(director, "^Stille mensen en zwakke plekken")
    silent = director.get_by_role("region", name=re.compile("Stille mensen"))
    await expect(silent).to_contain_text("d-2")
    await expect(director.get_by_role("heading", level=2)).to_have_count(1)
    await press(director, "^Stuur een herinnering · ")
    await expect(director.get_by_role("status").first).to_have_text("Het is verstuurd.")
    assert (await kinds(site.desk.pool, morning))["audience_reminded"] == 1
    await press(director, "^Alles")
    await press(director, "^Verzet de datum · ")
    assert director.url.endswith(f"/dialogues/{morning}/life")


async def test_a_morning_without_script(site: Site, morning: str, plain: Page) -> None:
    """Groups, lines and acts are all there; a link leads to the step to go on with."""
    await plain.goto("/today")
    headings = await plain.get_by_role("heading", level=2).all_inner_texts()
    titles = [re.sub(r"\s*\d+$", "", text) for text in headings]
    assert titles[:2] == ["Te laat", "Binnen een week"]
    assert "U kunt verder met" in titles
    late = plain.get_by_role("region", name=re.compile("^Te laat"))
    await expect(late).to_contain_text("De datum voor ‘Raad beslist’ is voorbij")
    await expect(late).to_contain_text("2 dagen geleden")
    on = plain.get_by_role("region", name=re.compile("U kunt verder met"))
    line = on.get_by_role("listitem").filter(has_text="Marktplein")
    await line.get_by_role("link").last.click()
    assert f"/dialogues/{ORGANISATION}:kalm/steps/opdracht" in plain.url


async def test_every_state_of_it_keeps_nobody_out(
    morning: str, director: Page, member: Page, checked: Checked
) -> None:
    """All, one group, one dialogue, everybody's, and nothing at all."""
    assert morning
    for path in ("", "?group=week", "?dialogue=kalm", "?who=all", "?group=failed"):
        await director.goto(f"/today{path}")
        await checked(director)
    await member.goto("/today")
    nothing = "Vandaag hoeft u niets te doen"
    await expect(member.locator("main")).to_contain_text(nothing)
    await expect(member.locator("main")).to_contain_text("nog geen rol")
    await checked(member)


async def test_the_page_says_what_the_desk_says(site: Site, morning: str) -> None:
    """As many lines and the same numbers, for me and anybody; hostile text is text."""
    assert morning
    session = await site.session("director")
    for query, actor in (("", "p-1"), ("?who=all", None)):
        async with site.caller(session) as caller:
            answer = await caller.get(f"/today{query}")
        found = await today(site.desk, actor, "nl", ORGANISATION)
        assert answer.text.count('<p class="need">') >= len(found.tasks)
        for group in GROUPS:
            number = group.count(found.counts)
            told = re.search(
                rf'id="g-{group.name}">[^<]*<span class="count">(\d+)', answer.text
            )
            assert int(told[1] if told else 0) == number, group.name
        assert HOSTILE not in answer.text
        assert escape(HOSTILE, quote=False) in answer.text.replace("&#34;", '"')


async def test_pages_are_the_list(
    site: Site, morning: str, plain: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lines at a time: every line once, in groups that go on over pages."""
    assert morning
    await plain.goto("/today")
    whole = await plain.locator("li .need").all_inner_texts()
    ahead = await plain.locator(".ahead .need").count()
    whole = whole[: len(whole) - ahead]
    monkeypatch.setattr(routes, "AT_ONCE", 2)
    seen: list[str] = []
    await plain.goto("/today")
    for _ in range(len(whole)):
        seen += await plain.locator(".group .need").all_inner_texts()
        further = plain.get_by_role("link", name="Verder", exact=True)
        if not await further.count():
            break
        await further.click()
    assert seen == whole
    assert len(seen) > 2


async def test_an_old_address_still_leads_somewhere(
    site: Site, morning: str, plain: Page
) -> None:
    """What no page ended at is the beginning; what makes no sense is left out."""
    assert morning
    answer = await plain.goto("/today?after=onzin&group=onzin")
    assert answer is not None
    assert answer.status == 200
    assert plain.url == f"{site.url}/today"


async def test_what_is_refused_is_said_and_the_list_is_still_there(
    site: Site,
) -> None:
    """A window that closed since can't be reminded of; nothing was sent."""
    stream = await site.dialogue("gesloten", title="Gesloten", language="nl")
    fields = {"kind": "remind_window", "dialogue": stream, "target": WINDOW, "id": "x1"}
    secret = await site.session("director")
    async with site.caller(secret) as caller:
        sent = {"Origin": site.url}
        answer = await caller.post("/today", data=fields, headers=sent)
        assert answer.status_code == 409
        assert 'role="alert"' in answer.text
        assert "Gesloten" in answer.text
        strange = {**fields, "kind": "cancel_dialogue"}
        answer = await caller.post("/today", data=strange, headers=sent)
        assert answer.status_code == 303
        answer = await caller.post("/today", data=fields)
        assert answer.status_code == 403
    assert (await site.desk.dialogue(stream)).status == "running"


async def test_it_appears_while_somebody_looks(site: Site, director: Page) -> None:
    """What a colleague does shows by itself, and is told to who can't see it."""
    stream = await site.dialogue("levend", title="Levend plein", language="nl")
    async with director.expect_request(lambda asked: asked.url.endswith("/events")):
        await director.goto("/today?dialogue=levend")
    await expect(director.get_by_role("heading", level=2).first).to_contain_text(
        "U kunt verder met"
    )
    await site.send(stream, "pause_dialogue", {"reason": "Even wachten"})
    await site.hall.seals()
    await expect(
        director.get_by_role("heading", level=2, name=re.compile("Staat stil"))
    ).to_be_visible()


async def test_an_auditor_reads_and_gets_no_button(
    site: Site, morning: str, auditor: Page
) -> None:
    """Who may not act sees where things are, and no form that would be refused."""
    assert morning
    await auditor.goto("/today?who=all")
    await expect(auditor.get_by_role("heading", level=1)).to_have_text("Vandaag")
    buttons = auditor.locator("main").get_by_role("button")
    await expect(buttons).to_have_count(0)


def test_every_kind_has_one_group_and_groups_follow_the_desks_order() -> None:
    """So that pages of the desk's list are pages of groups."""
    kinds = [kind for group in GROUPS for kind in group.kinds]
    assert tuple(kinds) == ORDER
    assert all(group_of(kind).name for kind in ORDER)
    assert group_of("a kind of tomorrow") == group_of("")


async def test_at_400_percent_nothing_is_lost(
    browser: Browser, site: Site, morning: str
) -> None:
    """A window of 1,280 by 1,024 at four times the size shows all of it."""
    assert morning
    small = {"width": 320, "height": 256}
    page = await visitor(browser, site, "director", viewport=small)
    await page.goto("/today")
    line = page.get_by_role("listitem").filter(has_text="Raad beslist").first
    act = line.get_by_role("link", name=re.compile("Verzet de datum"))
    await act.scroll_into_view_if_needed()
    await expect(act).to_be_in_viewport()
    await page.context.close()

"""The portfolio as a director of many dialogues uses it: find, compare, take away."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import pytest
from playwright.async_api import Page, expect

from desk.desk import Sender
from desk.overseeing import Reader, Selection, oversee
from desk.spreadsheet import rows
from language.dates import HOME_ZONE
from pages.portfolio import asked
from tests.desk.town_hall import ORGANISATION
from tests.pages.house import METHOD, Site
from tests.pages.walking import press, tab_to

Checked = Callable[[Page], Awaitable[None]]

HOSTILE: Final = '"><script>alert(1)</script> =HYPERLINK("x")'
TITLES: Final = ("Windmolens langs de A15", "Parkzicht", "Marktplein", HOSTILE)


@pytest.fixture(scope="module")
async def town(site: Site) -> str:
    """Give four dialogues: one that is late, one paused, one of another method."""
    day = (datetime.now(HOME_ZONE).date() - timedelta(days=3)).isoformat()
    late = [{"title": "Raad beslist", "date": day}]
    first = await site.dialogue("wind", title=TITLES[0], deadlines=late)
    await site.send(first, "start_step", {"step": "opdracht"})
    second = await site.dialogue("park", title=TITLES[1])
    await site.send(second, "pause_dialogue", {"reason": "Even wachten"})
    other = Sender("p-2", "process_director")
    theirs = {"method": METHOD, "title": TITLES[2], "roles": {other.role: [other.id]}}
    await site.desk.start(f"{ORGANISATION}:markt", theirs, other)
    await site.dialogue("vreemd", title=HOSTILE, method="belangen-op-tafel")
    return first


async def listed(page: Page) -> list[str]:
    """Give the titles that the list shows, in its order."""
    return await page.get_by_role("rowheader").get_by_role("link").all_inner_texts()


async def test_finding_a_dialogue_by_keyboard_alone(
    site: Site, town: str, director: Page
) -> None:
    """A word, a box, and a heading to sort by: each lands in the address."""
    await director.goto("/portfolio")
    assert set(await listed(director)) == set(TITLES)
    await tab_to(director, "^Titel of naam$")
    await director.keyboard.type("wind")
    await press(director, "^Toon deze$")
    assert director.url == f"{site.url}/portfolio?q=wind"
    assert await listed(director) == [TITLES[0]]
    await press(director, "^Toon alle$")
    await tab_to(director, "^Meer om op te kiezen$")
    await director.keyboard.press("Enter")
    await tab_to(director, "^is te laat met iets$")
    await director.keyboard.press("Space")
    await director.keyboard.press("Enter")
    await expect(director).to_have_url(re.compile(r"/portfolio\?overdue=1$"))
    assert await listed(director) == [TITLES[0]]
    await press(director, "^te laat: 1$")
    assert "/today?who=all&dialogue=wind&group=late" in director.url
    await expect(director.locator("main")).to_contain_text("Raad beslist")


async def test_finding_a_dialogue_without_script(town: str, plain: Page) -> None:
    """Statuses with their numbers, a method, its phases, and what is mine."""
    assert town
    await plain.goto("/portfolio")
    await plain.get_by_role("link", name=re.compile("^onderbroken 1$")).click()
    assert await listed(plain) == [TITLES[1]]
    await plain.goto("/portfolio?role=any")
    assert set(await listed(plain)) == {*TITLES} - {TITLES[2]}
    await plain.get_by_label("Methode").select_option("belangen-op-tafel")
    await plain.get_by_role("button", name="Toon deze").click()
    assert await listed(plain) == [HOSTILE]
    phases = plain.get_by_label("Fase")
    options = await phases.get_by_role("option").all_inner_texts()
    assert sum(int(n) for n in re.findall(r"\((\d+)\)", " ".join(options))) == 1
    await plain.get_by_label("Methode").select_option("stakeholderdialoog")
    await phases.select_option(index=1)
    await plain.get_by_role("button", name="Toon deze").click()
    assert "phase=" not in plain.url, "a phase of another method is left out"
    assert set(await listed(plain)) == {TITLES[0], TITLES[1]}


async def test_the_order_is_in_the_address_and_in_the_heading(
    town: str, plain: Page
) -> None:
    """A heading sorts, pressed again the other way round; it says which way."""
    assert town
    await plain.goto("/portfolio")
    for sort, way in (("title", "ascending"), ("-title", "descending")):
        heading = plain.get_by_role("columnheader", name="dialoog")
        await heading.get_by_role("link").click()
        assert f"sort={sort}" in plain.url
        await expect(heading).to_have_attribute("aria-sort", way)
        told = await listed(plain)
        found = sorted(TITLES, key=str.lower, reverse=sort.startswith("-"))
        assert told == found


async def test_pages_are_the_list(
    town: str, plain: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One at a time, forwards to the end; a page beyond it is the last one."""
    assert town
    monkeypatch.setattr(asked, "ON_A_PAGE", {"list": 1, "time": 1})
    seen: list[str] = []
    await plain.goto("/portfolio?sort=title")
    for number in range(1, len(TITLES) + 1):
        seen += await listed(plain)
        await expect(
            plain.get_by_text(f"Bladzijde {number} van {len(TITLES)}")
        ).to_be_visible()
        if number < len(TITLES):
            await plain.get_by_role("link", name="Verder", exact=True).click()
    assert seen == sorted(TITLES, key=str.lower)
    await plain.goto("/portfolio?sort=title&page=99")
    assert await listed(plain) == seen[-1:]


async def test_time_as_a_picture_and_the_same_in_words(
    town: str, director: Page, checked: Checked
) -> None:
    """Each bar of the picture has a line in the table; a closer look keeps the list."""
    assert town
    await director.goto("/portfolio?q=wind")
    await director.get_by_role("link", name="In de tijd").click()
    picture = director.get_by_role("img", name="Fasen en reactietermijnen in de tijd")
    await expect(picture).to_be_visible()
    told = await picture.locator("rect title, path.date title").all_text_contents()
    table = director.get_by_role("table", name="Fasen en reactietermijnen in de tijd")
    lines = await table.get_by_role("row").all_inner_texts()
    assert len(told) == 2, told
    assert any(text.startswith("Fase 1: ") for text in told)
    for text in told:
        what = text.partition(": ")[2].partition(": ")[0]
        assert any(what in line for line in lines), (text, lines)
    await checked(director)
    await director.get_by_role("link", name="de komende drie maanden").click()
    assert "q=wind" in director.url
    assert "span=quarter" in director.url
    await checked(director)


async def test_the_sheet_is_the_list(site: Site, town: str) -> None:
    """With the same filter, in the same order, and nothing in it is a formula."""
    assert town
    async with site.caller(await site.session("director")) as caller:
        page = await caller.get("/portfolio?sort=-title")
        link = re.search(r'href="(/portfolio\.csv[^"]*)"', page.text)
        assert link
        answer = await caller.get(link[1].replace("&amp;", "&"))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    head, *told = [cells for _, cells in rows(answer.text.removeprefix("\ufeff"))]
    titles = [cells[head.index("titel")] for cells in told]
    assert titles == sorted(TITLES, key=str.lower, reverse=True)


async def test_the_numbers_are_those_of_the_record(site: Site, town: str) -> None:
    """What the page counts is what the desk finds, for each filter alike."""
    assert town
    reader = Reader(ORGANISATION, "p-1", "nl")
    wanted = {
        "": Selection(),
        "?status=paused": Selection(status="paused"),
        "?overdue=1": Selection(overdue=True),
        "?q=zzz": Selection(text="zzz"),
    }
    async with site.caller(await site.session("director")) as caller:
        for query, selection in wanted.items():
            found = await oversee(site.desk, reader, selection, limit=100)
            text = (await caller.get(f"/portfolio{query}")).text
            told = re.search(r"Dialogen(?: die passen)?: (\d+)", text)
            assert told
            assert int(told[1]) == found.dialogues == len(found.lines)
            assert f"te laat met iets: {found.total(lambda e: e.overdue)}" in text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?status=paused",
        "?q=zzz",
        "?method=belangen-op-tafel",
        "?view=time&span=year",
    ],
)
async def test_every_state_of_it_keeps_nobody_out(
    town: str, director: Page, checked: Checked, query: str
) -> None:
    """A list, filters, nothing found, and time."""
    assert town
    await director.goto(f"/portfolio{query}")
    await checked(director)


@pytest.mark.parametrize(
    "query",
    [
        "?sort=onzin&page=-3",
        "?page=99999999999999999999",
        "?q=%00%25_",
        "?role=x&span=x",
    ],
)
async def test_an_address_that_makes_no_sense_is_a_page(
    site: Site, town: str, query: str
) -> None:
    """Whatever stands in it, and nothing of it is a sign to the database."""
    assert town
    async with site.caller(await site.session("director")) as caller:
        answer = await caller.get(f"/portfolio{query}", follow_redirects=True)
    assert answer.status_code == 200

"""The life of a dialogue: it begins, roles pass on, it stands still, dates move."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from tests.pages.asking import checked_bare
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]
FIRST = "opdracht"


async def test_a_dialogue_begins_with_a_method(
    site: Site, director: Page, checked: Checked
) -> None:
    """Choose, name and begin; a name that is taken is refused, and the rest is kept."""
    page = director
    await page.goto("/dialogues/new")
    await checked(page)
    name = "Begin met deze methode: Stakeholderdialoog in acht stappen"
    await page.get_by_role("link", name=name).click()
    await checked(page)
    await page.get_by_label("Titel", exact=True).fill("Café aan ’t Park")
    await page.get_by_label("De vraag").fill("Hoe laat sluit het terras?")
    await page.get_by_label(re.compile("^Dag 1")).fill("2027-03-01")
    await page.get_by_role("button", name="Begin de dialoog").click()
    await expect(page.get_by_role("alert")).to_contain_text("dag")
    await page.get_by_label("Waarvoor, dag 1").fill("Raadsbesluit")
    await page.get_by_role("button", name="Begin de dialoog").click()
    await expect(page).to_have_url(re.compile(r":cafe-aan-t-park\?said="))
    await expect(page.get_by_role("status").first).to_contain_text("begonnen")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Café aan ’t Park")
    await checked(page)
    await page.goto("/dialogues/new?method=stakeholderdialoog")
    await page.get_by_label("Titel", exact=True).fill("Cafe aan 't park")
    await page.get_by_role("button", name="Begin de dialoog").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_label("Titel", exact=True)).to_have_value(
        "Cafe aan 't park"
    )
    await checked(page)


async def test_a_role_is_given_and_handed_over(
    site: Site, director: Page, checked: Checked
) -> None:
    """Names go to the vault, and are shown to who asks for them, on record."""
    stream = await site.dialogue()
    page = director
    await page.goto(f"/dialogues/{stream}/roles")
    await checked(page)
    board = page.get_by_role("region", name="Klankbordgroep")
    await board.get_by_text("Geef deze rol aan iemand").click()
    await board.get_by_label("Wie", exact=True).fill("An de Wit")
    await board.get_by_label("Naam").fill("An de Wit")
    await board.get_by_role("button", name="Geef de rol").click()
    await expect(page.get_by_role("alert")).to_contain_text("kenmerk")
    await expect(board.get_by_label("Naam")).to_have_value("An de Wit")
    await checked(page)
    await board.get_by_label("Wie", exact=True).fill("k-1")
    await board.get_by_role("button", name="Geef de rol").click()
    await expect(board.get_by_text("k-1", exact=True)).to_be_visible()
    await expect(board.get_by_text("An de Wit")).to_have_count(0)
    await page.get_by_role("link", name="Toon de namen").click()
    await expect(board.get_by_text("An de Wit")).to_be_visible()
    director_role = page.get_by_role("region", name="Procesregisseur")
    await director_role.get_by_text("Draag over of neem terug").click()
    await director_role.get_by_label("Wie het overneemt").fill("p-7")
    await director_role.get_by_label("Wat de opvolger moet weten").fill(
        "Alles ligt klaar"
    )
    await director_role.get_by_role("button", name="Draag over").click()
    await expect(page.get_by_text("De rol is overgedragen.")).to_be_visible()
    await expect(director_role.get_by_text("p-7", exact=True)).to_be_visible()
    await checked(page)


async def test_a_dialogue_is_paused_and_goes_on(
    site: Site, director: Page, checked: Checked
) -> None:
    """While it is paused every page says so; what can't be done then is not offered."""
    stream = await site.dialogue(deadlines=[{"title": "Raad", "date": "2027-03-01"}])
    page = director
    await page.goto(f"/dialogues/{stream}/life")
    await checked(page)
    await page.get_by_text("Pauzeer de dialoog").first.click()
    pause = page.locator("#pause")
    await pause.get_by_label("Waarom?").fill("Verkiezingen")
    await pause.get_by_role("button", name="Pauzeer de dialoog").click()
    await expect(page.get_by_text("Deze dialoog is gepauzeerd")).to_be_visible()
    await checked(page)
    await page.goto(f"/dialogues/{stream}/steps/{FIRST}")
    await expect(page.get_by_text("Deze dialoog is gepauzeerd")).to_be_visible()
    await expect(page.get_by_role("button", name="Sla deze stap over")).to_have_count(0)
    await page.get_by_role("link", name="Laat de dialoog verdergaan").click()
    await page.get_by_role("button", name="Laat de dialoog verdergaan").click()
    await expect(page.get_by_text("De dialoog gaat verder.")).to_be_visible()


async def test_a_date_to_keep_is_moved_with_a_reason(
    site: Site, plain: Page, checked: Checked
) -> None:
    """By a day or by so many days; whoever decided on an older date is told."""
    stream = await site.dialogue(deadlines=[{"title": "Raad", "date": "2027-03-01"}])
    await plain.goto(f"/dialogues/{stream}/life")
    await plain.get_by_text("Verzet de datum").first.click()
    await plain.get_by_label(re.compile("^Tot en met .hoeft")).fill("2027-03-15")
    await plain.get_by_label("Waarom?").first.fill("De raad schuift op")
    body = {"title": "Raad", "duration": {"until": "2027-03-08"}, "reason": "x"}
    await site.send(stream, "move_deadline", body)
    move = plain.get_by_role("button", name="Verzet de datum")
    await move.click()
    await expect(plain.get_by_role("alert")).to_contain_text("Iemand anders")
    await expect(plain.get_by_label(re.compile("^Tot en met .hoeft"))).to_have_value(
        "2027-03-15"
    )
    await checked_bare(plain, checked)
    await move.click()
    await expect(plain.get_by_text("De datum is verzet")).to_be_visible()
    state = await site.desk.dialogue(stream)
    assert [each.date for each in state.deadlines] == ["2027-03-15"]


async def test_many_who_hold_roles_keep_their_page_small(site: Site) -> None:
    """Of many each has their forms where they are chosen, and not before."""
    many = [f"k-{number}" for number in range(150)]
    stream = await site.dialogue(roles={"sounding_board": many})
    async with site.caller(await site.session("director")) as caller:
        every = await caller.get(f"/dialogues/{stream}/roles")
        one = await caller.get(f"/dialogues/{stream}/roles?who=k-7")
    assert len(every.content) <= 80_000
    assert "release_role" not in every.text
    assert one.text.count('value="release_role"') == 1

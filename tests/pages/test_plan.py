"""The plan of a running dialogue: changed, and taken over to another method."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from desk.methods import publish_text
from tests.pages.house import Site
from tests.pages.test_methods import own

Checked = Callable[[Page], Awaitable[None]]

WHY = "De raad wil de bewoners nog een keer spreken."


async def begun(site: Site) -> str:
    """Start a dialogue whose first step is done."""
    stream = await site.dialogue(title="Plein", language="nl")
    plan = (await site.desk.dialogue(stream)).plan
    items = [f"opdracht.{item.id}" for item in plan.steps["opdracht"].items]
    await site.send(stream, "complete_items", {"items": items})
    await site.send(stream, "complete_step", {"step": "opdracht"})
    return stream


async def add_step(page: Page, title: str, after: str) -> None:
    """Put a new step among the changes."""
    await page.get_by_text("Een nieuwe stap", exact=True).click()
    await page.get_by_label(re.compile("^Titel van de stap")).fill(title)
    await page.get_by_label("Na welke stap?").select_option(label=after)
    await page.get_by_label(re.compile("^Aandachtspunten")).fill("Zaal gehuurd\nKoffie")
    await page.get_by_role("button", name="Voeg deze stap toe").click()


async def test_a_step_comes_in_another_goes_and_one_is_pulled_forward(
    site: Site, director: Page, checked: Checked
) -> None:
    """Three changes put together, seen beforehand, and carried out with a reason."""
    stream = await begun(site)
    await director.goto(f"/dialogues/{stream}/plan")
    await checked(director)
    await director.get_by_role("link", name="Wijzig het plan").click()
    await add_step(director, "Bewonersavond", "3 Ontwerp het proces")
    main = director.get_by_role("main")
    await expect(main).to_contain_text("Stap ‘Bewonersavond’ toegevoegd")
    await expect(main).to_contain_text("Dit kan. Er is nog niets gebeurd.")
    await expect(main).to_contain_text("‘Bewonersavond’ met 2")
    await director.get_by_text("Laat een aandachtspunt vervallen", exact=True).click()
    await director.get_by_label("Welk aandachtspunt?").select_option(
        value="bijeenkomsten.catering"
    )
    drop = director.get_by_role("button", name="Laat dit aandachtspunt vervallen")
    await drop.click()
    await director.get_by_text("Haal een stap naar voren", exact=False).first.click()
    move = director.locator("#adding-move_step")
    await move.get_by_label("Welke stap?", exact=True).select_option(value="spelregels")
    await move.get_by_label("Voor welke stap?").select_option(value="context")
    await director.get_by_role("button", name="Verplaats deze stap").click()
    await expect(main.locator("ol.lines > li")).to_have_count(3)
    await checked(director)
    before = (await site.desk.dialogue(stream)).version
    await director.get_by_role(
        "button", name=re.compile("^Haal weg: stap ‘Maak")
    ).click()
    await expect(main.locator("ol.lines > li")).to_have_count(2)
    assert (await site.desk.dialogue(stream)).version == before
    await director.get_by_label("Waarom verandert het plan?").fill(WHY)
    await director.get_by_role("button", name="Wijzig het plan").click()
    await director.wait_for_url(re.compile(r"/plan\?said="))
    await expect(main).to_contain_text("stap ‘Bewonersavond’ toegevoegd")
    plan = (await site.desk.dialogue(stream)).plan
    assert [i.id for i in plan.steps["bewonersavond"].items] == [
        "zaal-gehuurd",
        "koffie",
    ]
    assert "bewonersavond" in (plan.steps["bijeenkomsten"].needs or ())
    assert "bijeenkomsten.catering" not in plan.items
    await checked(director)


async def test_what_was_done_is_in_the_way_and_the_page_says_how_to_get_there(
    site: Site, plain: Page
) -> None:
    """A done step can't go: the way back to it is a link, and nothing is confirmed."""
    stream = await begun(site)
    await plain.goto(f"/dialogues/{stream}/plan/change")
    await plain.get_by_text("Laat een stap vervallen", exact=True).click()
    choice = plain.locator("#adding-drop_step").get_by_label("Welke stap?")
    await choice.select_option(value="opdracht")
    await plain.get_by_role("button", name="Laat deze stap vervallen").click()
    main = plain.get_by_role("main")
    await expect(main).to_contain_text("Zo kan dit niet.")
    link = plain.get_by_role("link", name=re.compile("^Bekijk wat teruggaan naar"))
    where = f"/dialogues/{stream}/back/opdracht"
    await expect(link).to_have_attribute("href", where)
    assert "(" not in (await main.locator(".stage.falls li").inner_text())
    assert await plain.get_by_label("Waarom verandert het plan?").count() == 0


async def test_a_change_without_title_or_reason_comes_back_with_all_that_was_typed(
    site: Site, plain: Page
) -> None:
    """What lacks is named at its field; the changes so far and the words stay."""
    stream = await begun(site)
    await plain.goto(f"/dialogues/{stream}/plan/change")
    await add_step(plain, "Bewonersavond", "3 Ontwerp het proces")
    await plain.get_by_text("Een nieuw aandachtspunt in een stap", exact=True).click()
    await plain.get_by_label(re.compile("^Wat er moet gebeuren")).fill("Bel de buurt")
    await plain.get_by_role("button", name="Voeg dit aandachtspunt toe").click()
    await expect(plain.get_by_role("alert")).to_contain_text("Kies welke")
    await expect(plain.get_by_label(re.compile("^Wat er moet"))).to_have_value(
        "Bel de buurt"
    )
    await expect(plain.get_by_role("main")).to_contain_text("Bewonersavond")
    await plain.get_by_label("Waarom verandert het plan?").fill("  ")
    await plain.get_by_role("button", name="Wijzig het plan").click()
    await expect(plain.get_by_role("alert")).to_contain_text(
        "Schrijf op waarom het plan"
    )


async def test_a_plan_that_moved_on_is_looked_at_again_with_the_words_kept(
    site: Site, director: Page
) -> None:
    """Somebody else changed it meanwhile: said so, and the second press does it."""
    stream = await begun(site)
    await director.goto(f"/dialogues/{stream}/plan/change")
    await add_step(director, "Bewonersavond", "3 Ontwerp het proces")
    change = {"change": "drop_item", "item": "bijeenkomsten.catering"}
    await site.send(stream, "amend_plan", {"changes": [change], "reason": "Te duur"})
    field = director.get_by_label("Waarom verandert het plan?")
    await field.fill(WHY)
    await director.get_by_role("button", name="Wijzig het plan").click()
    await expect(director.get_by_role("alert")).to_contain_text("Iemand anders")
    await expect(field).to_have_value(WHY)
    await director.get_by_role("button", name="Wijzig het plan").click()
    await director.wait_for_url(re.compile(r"/plan\?said="))
    assert "bewonersavond" in (await site.desk.dialogue(stream)).plan.steps


async def test_going_over_asks_of_each_part_what_it_becomes(
    site: Site, director: Page, checked: Checked
) -> None:
    """Dry run, mapping, what is in the way, and then the dialogue goes over."""
    stream = await begun(site)
    await publish_text(site.desk, "gemeente-waterdam", own("korter"), "o-1")
    await director.goto(f"/dialogues/{stream}/plan/migrate")
    await checked(director)
    await director.get_by_role(
        "link", name="Bekijk wat dat zou doen: Onze aanpak"
    ).click()
    main = director.get_by_role("main")
    await expect(main).to_contain_text("Zo kan dit niet.")
    await expect(main).to_contain_text("heeft nog geen plaats")
    await checked(director)
    choice = director.get_by_label("Stap: Maak de opdracht scherp")
    await choice.select_option(value="-")
    await director.get_by_role("button", name="Bekijk wat dat doet").click()
    await expect(main).to_contain_text("Dit kan. Er is nog niets gebeurd.")
    await expect(main).to_contain_text("Blijft achter, en blijft zichtbaar")
    assert (await site.desk.dialogue(stream)).method.id == "stakeholderdialoog"
    await director.get_by_label("Waarom gaat deze dialoog over?").fill(WHY)
    await director.get_by_role("button", name="Ga over").click()
    await director.wait_for_url(re.compile(r"/plan\?said="))
    await expect(main).to_contain_text("De dialoog is overgestapt van")
    state = await site.desk.dialogue(stream)
    assert (state.method.id, "opdracht" in state.plan.steps) == ("korter", True)
    await checked(director)

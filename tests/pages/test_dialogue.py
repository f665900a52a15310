"""A dialogue's pages: where it stands, its steps, and two people acting at once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from tests.pages.asking import checked_bare
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]
FIRST = "opdracht"


async def test_a_director_finds_what_to_do_and_does_it(
    site: Site, director: Page, checked: Checked
) -> None:
    """The overview leads to the first item; one press completes it, and says so."""
    stream = await site.dialogue(question="Hoe wordt het park groener?")
    await director.goto(f"/dialogues/{stream}")
    await expect(director.get_by_role("heading", level=1)).to_have_text("Parkzicht")
    await checked(director)
    await director.get_by_role("link", name="Rond het af: Doel van de dialoog").click()
    title = director.get_by_role("heading", level=1)
    await expect(title).to_contain_text("Maak de opdracht scherp")
    await director.get_by_role("button", name="Klaar: Doel van de dialoog").click()
    await expect(director.get_by_text("Klaar, en vastgelegd")).to_be_visible()
    await expect(director.get_by_text("1 van 11 aandachtspunten klaar")).to_be_visible()
    await checked(director)
    await director.get_by_role("link", name="Overzicht").click()
    lately = director.get_by_role("region", name="Wat er laatst gebeurde")
    await expect(lately.get_by_text("Voltooid: Doel van de dialoog.")).to_be_visible()


async def test_many_items_are_completed_at_once_without_script(
    site: Site, plain: Page, checked: Checked
) -> None:
    """Ticked items of one step go in one form, with a note that stays private."""
    stream = await site.dialogue()
    await plain.goto(f"/dialogues/{stream}/steps/{FIRST}")
    for item in ("Aanleiding", "Budget"):
        await plain.get_by_role("checkbox", name=item).check()
    await plain.get_by_text("Voeg een notitie of verwijzing toe").click()
    await plain.get_by_label(re.compile("^Toelichting")).first.fill(
        "Besproken met de wethouder"
    )
    await plain.get_by_role("button", name="Wat ik aanvinkte, is klaar").click()
    done = plain.get_by_role("region", name="Klaar")
    await expect(done.get_by_text("Aanleiding")).to_be_visible()
    await expect(done.get_by_text("Budget")).to_be_visible()
    await checked_bare(plain, checked)
    state = await site.desk.dialogue(stream)
    assert set(state.steps[FIRST][0].marks) == {
        f"{FIRST}.aanleiding",
        f"{FIRST}.budget",
    }


async def test_items_of_several_steps_are_completed_from_one_list(
    site: Site, director: Page, checked: Checked
) -> None:
    """The list of all steps has a box for each item that can be completed now."""
    stream = await site.dialogue()
    await director.goto(f"/dialogues/{stream}/steps")
    await director.get_by_role("checkbox", name="Afbakening").check()
    await director.get_by_role("checkbox", name="Deadlines").check()
    await director.get_by_role("button", name="Wat ik aanvinkte, is klaar").click()
    await expect(director.get_by_text("Klaar, en vastgelegd")).to_be_visible()
    await expect(director.get_by_role("checkbox", name="Deadlines")).to_have_count(0)
    await checked(director)


async def test_an_item_is_set_aside_and_opened_again_with_a_reason(
    site: Site, director: Page, checked: Checked
) -> None:
    """Without a reason it is not; what was ticked and typed is still there then."""
    stream = await site.dialogue()
    page = director
    await page.goto(f"/dialogues/{stream}/steps/{FIRST}")
    await page.get_by_role("checkbox", name="Budget").check()
    await page.get_by_text("Zet opzij wat ik aanvinkte").click()
    await page.get_by_label("Waarom is het niet nodig?").fill("  ")
    await page.get_by_role("button", name="Zet opzij").click()
    await expect(page.get_by_role("alert")).to_contain_text("Zeg waarom")
    await expect(page.get_by_role("checkbox", name="Budget")).to_be_checked()
    await checked(page)
    await page.get_by_role("link", name="Naar het veld").click()
    await page.get_by_label("Waarom is het niet nodig?").fill("Er is geen budget nodig")
    await page.get_by_role("button", name="Zet opzij").click()
    done = page.get_by_role("region", name="Klaar")
    await expect(done.get_by_text("opzij gezet")).to_be_visible()
    await done.get_by_role("checkbox", name="Budget").check()
    await done.get_by_text("Open opnieuw wat ik aanvinkte").click()
    await done.get_by_label("Waarom?").fill("Toch wel")
    await done.get_by_role("button", name="Open opnieuw").click()
    todo = page.get_by_role("region", name="Te doen")
    await expect(todo.get_by_role("checkbox", name="Budget")).to_be_visible()


async def test_a_step_says_why_it_cannot_be_completed_and_completes_when_it_can(
    site: Site, director: Page, checked: Checked
) -> None:
    """What is still missing is named by its title; nothing that would be refused is
    offered.
    """
    stream = await site.dialogue()
    await site.send(stream, "complete_items", {"items": [f"{FIRST}.aanleiding"]})
    await director.goto(f"/dialogues/{stream}/steps/{FIRST}")
    whole = director.get_by_role("region", name="De stap als geheel")
    await expect(whole.get_by_text("“Doel van de dialoog”")).to_be_visible()
    complete = whole.get_by_role("button", name="Rond deze stap af")
    await expect(complete).to_have_count(0)
    await site.send(stream, "complete_items", {"step": FIRST})
    await director.reload()
    await complete.click()
    await expect(director.get_by_text("De stap is klaar.")).to_be_visible()
    await expect(
        director.get_by_role("link", name="Bekijk wat teruggaan doet")
    ).to_be_visible()
    await checked(director)
    await director.goto(f"/dialogues/{stream}/steps/oogst")
    await expect(
        director.get_by_text("Eerst moeten deze stappen klaar zijn")
    ).to_be_visible()
    await expect(director.get_by_role("checkbox")).to_have_count(0)
    await checked(director)


async def test_after_a_return_rounds_stand_side_by_side_and_items_are_reconfirmed(
    site: Site, director: Page, checked: Checked
) -> None:
    """What was done stays visible; one press says that all of it still stands."""
    stream = await site.dialogue()
    await site.send(stream, "complete_items", {"step": FIRST})
    await site.send(stream, "complete_step", {"step": FIRST})
    await site.send(
        stream, "revisit_step", {"step": FIRST, "reason": "De vraag veranderde"}
    )
    await director.goto(f"/dialogues/{stream}")
    await director.get_by_role(
        "link", name=re.compile("Kijk of het nog klopt")
    ).first.click()
    again = director.get_by_role("region", name="Klopt dit nog?")
    await expect(again.get_by_role("checkbox")).to_have_count(11)
    rounds = director.get_by_role("table", name=re.compile("elke ronde"))
    await expect(rounds.get_by_role("columnheader", name="Ronde 1")).to_be_visible()
    await checked(director)
    await again.get_by_role("checkbox", name="Budget").check()
    await again.get_by_role("button", name="Wat ik aanvinkte, klopt nog").click()
    await expect(again.get_by_role("checkbox")).to_have_count(10)
    await again.get_by_role("button", name="Alles klopt nog").click()
    await expect(again).to_have_count(0)
    await checked(director)


async def test_a_stale_form_is_refused_kindly_and_loses_nothing(
    site: Site, plain: Page, checked: Checked
) -> None:
    """Who was second reads what the first did, and finds back what they typed."""
    stream = await site.dialogue(roles={"process_director": ["p-1", "p-2"]})
    await plain.goto(f"/dialogues/{stream}/steps/{FIRST}")
    await plain.get_by_role("checkbox", name="Budget").check()
    await plain.get_by_text("Zet opzij wat ik aanvinkte").click()
    reason = "Dit heb ik zelf getypt <b>&amp;"
    await plain.get_by_label("Waarom is het niet nodig?").fill(reason)
    await site.send(stream, "complete_items", {"items": [f"{FIRST}.budget"]})
    await plain.get_by_role("button", name="Zet opzij").click()
    await expect(plain.get_by_role("alert")).to_be_visible()
    first = plain.get_by_role("region", name="Dit gebeurde terwijl u keek")
    await expect(first.get_by_text("Voltooid: Budget.")).to_be_visible()
    await expect(plain.get_by_label("Waarom is het niet nodig?")).to_have_value(reason)
    await checked_bare(plain, checked)


async def test_who_only_reads_sees_everything_and_no_form(
    site: Site, auditor: Page, checked: Checked
) -> None:
    """An auditor reads how it stands; nothing is offered that would be refused."""
    stream = await site.dialogue()
    for path in ("", "/steps", f"/steps/{FIRST}", "/windows", "/roles", "/life"):
        await auditor.goto(f"/dialogues/{stream}{path}")
        await expect(auditor.locator("main form")).to_have_count(0)
        await checked(auditor)

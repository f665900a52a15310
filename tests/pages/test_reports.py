"""Reports in their chains, decisions with their mandate, and the motivation."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import FilePayload, Page, expect

from tests.pages.house import Site
from tests.pages.test_people import peopled

Checked = Callable[[Page], Awaitable[None]]
DOCUMENT: FilePayload = {"name": "c.txt", "mimeType": "text/plain", "buffer": b"abc"}
PRINT = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


async def test_a_draft_is_published_replaced_and_retracted_without_script(
    site: Site, plain: Page
) -> None:
    """The chain shows what took whose place; the document itself is not kept."""
    stream = await peopled(site)
    await plain.goto(f"/dialogues/{stream}/reports")
    await plain.get_by_label("Titel").first.fill("Concept van het plan")
    await plain.get_by_label("Waar het te vinden is").first.fill("zaak/2026-1")
    await plain.get_by_role("button", name="Publiceer", exact=False).click()
    await expect(plain.get_by_role("alert")).to_contain_text("vingerafdruk")
    await expect(plain.get_by_label("Titel").first).to_have_value(
        "Concept van het plan"
    )
    await plain.get_by_label("Het document").set_input_files(DOCUMENT)
    await plain.get_by_role("button", name="Publiceer", exact=False).click()
    await expect(plain.get_by_text(PRINT)).to_be_visible()
    first = next(iter((await site.desk.dialogue(stream)).harvest.reports))
    second = {"report": "tweede", "status": "draft", "title": "Tweede concept"}
    second |= {"reference": "zaak/2026-2", "sha256": "1" * 64, "supersedes": first}
    await site.send(stream, "publish_report", second)
    await plain.reload()
    chain = plain.get_by_role("list", name=re.compile("^Tweede concept"))
    await expect(chain.get_by_role("listitem")).to_have_count(2)
    await plain.get_by_text("Trek het in").first.click()
    await plain.get_by_label("Waarom?").first.fill("Er stonden fouten in")
    await plain.get_by_role("button", name="Trek het verslag in").first.click()
    await expect(plain.get_by_text("Er stonden fouten in")).to_be_visible()


async def test_a_decision_is_recorded_with_its_mandate_and_annulled(
    site: Site, director: Page, checked: Checked
) -> None:
    """It says on whose mandate it was taken, and by whom it was annulled."""
    stream = await peopled(site)
    await director.goto(f"/dialogues/{stream}/reports")
    await director.get_by_text("Leg een besluit vast").click()
    section = director.get_by_role("region", name="Besluiten")
    await section.get_by_label("Titel").fill("Vaststelling van het plan")
    await section.get_by_role("radio").first.check()
    await section.get_by_label(re.compile("Wanneer het is besloten")).fill("2026-11")
    await section.get_by_label(re.compile("Op wiens mandaat")).fill("Gemeenteraad")
    await section.get_by_label("Waarom?").fill("Het draagvlak is groot")
    await section.get_by_role("button", name="Leg het besluit vast").click()
    mandate = director.get_by_text("Op wiens mandaat: Gemeenteraad")
    await expect(mandate).to_be_visible()
    await checked(director)
    await section.get_by_text("Leg vast dat het is vernietigd").click()
    await section.get_by_label("Door wie").fill("Rechtbank Midden-Nederland")
    await section.get_by_label("Waarom?").first.fill("Vormfout")
    await section.get_by_role("button", name="Leg vast", exact=True).click()
    told = section.get_by_text(re.compile("vernietigd door Rechtbank"))
    await expect(told).to_be_visible()
    await checked(director)


async def test_hundreds_of_reports_come_page_by_page(
    site: Site, director: Page, checked: Checked
) -> None:
    """Each stands once, its chain goes on, and no more is read than is shown."""
    stream = await peopled(site)
    told = {"status": "draft", "reference": "zaak/1", "sha256": "2" * 64}
    for number in range(1, 26):
        body = {**told, "report": f"v-{number}", "title": f"Verslag {number}."}
        if 1 < number < 15:
            body["supersedes"] = f"v-{number - 1}"
        await site.send(stream, "publish_report", body)
    await director.goto(f"/dialogues/{stream}/reports")
    section = director.get_by_role("region", name="Concepten en definitieve")
    seen: list[str] = []
    for last in (False, False, True):
        await checked(director)
        seen += await section.locator("ol > li b").all_inner_texts()
        if not last:
            await section.get_by_role("link", name="Verder", exact=True).click()
    assert seen == [f"Verslag {n}." for n in (*range(25, 14, -1), *range(14, 0, -1))]
    await expect(section.get_by_role("link", name="Verder", exact=True)).to_have_count(
        0
    )
    await section.get_by_role("link", name="Naar het begin").click()
    await section.get_by_role("link", name="Verder", exact=True).click()
    # What is done on a page stays on it where it is refused.
    await section.get_by_text("Trek het in").first.click()
    field = section.get_by_label("Waarom?").first
    await field.fill("   ")
    await section.get_by_role("button", name="Trek het verslag in").first.click()
    await expect(director.get_by_role("alert")).to_be_visible()
    chain = section.get_by_role("list", name=re.compile(r"^Verslag 15\."))
    await expect(chain).to_be_visible()
    await field.fill("Achterhaald")
    await section.get_by_role("button", name="Trek het verslag in").first.click()
    await expect(chain).to_contain_text("Ingetrokken, omdat: Achterhaald")


async def test_each_sentence_of_the_motivation_leads_to_its_events(
    site: Site, director: Page, auditor: Page, checked: Checked
) -> None:
    """In Dutch and in English, on a page and as a file; private only on asking."""
    stream = await peopled(site)
    await director.goto(f"/dialogues/{stream}/motivation")
    h1 = director.get_by_role("heading", level=1)
    await expect(h1).to_have_text(re.compile("^Motivering"))
    await checked(director)
    assert await director.locator(".motivation .refs a").count() > 5
    await director.get_by_role("button", name="English").click()
    await expect(h1).to_have_text(re.compile("^Motivation of participation"))
    async with site.caller(await site.session("director")) as caller:
        file = await caller.get(f"/dialogues/{stream}/motivation.html")
    assert "attachment" in file.headers["content-disposition"]
    assert file.text.startswith("<!DOCTYPE html>")
    await auditor.goto(f"/dialogues/{stream}/motivation?texts=yes")
    await expect(auditor.get_by_text("Huurders van de Westflat")).to_have_count(0)
    await checked(auditor)

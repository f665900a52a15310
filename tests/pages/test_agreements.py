"""Agreements: what is overdue comes first, and what came of each is said with why."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from tests.pages.house import Site
from tests.pages.test_people import peopled

Checked = Callable[[Page], Awaitable[None]]


async def promised(site: Site) -> str:
    """Start a dialogue in which two promised something, one of them to be reviewed."""
    stream = await peopled(site)
    for name, who, what, days in (
        ("bankjes", "school", "Meer bankjes langs het pad", 40),
        ("snoeien", "volkstuin", "De heg snoeien voor de zomer", 60),
    ):
        body = {"agreement": name, "who": who, "what": what}
        body |= {"duration": {"calendar_days": days}}
        await site.send(stream, "make_agreement", body)
    gone = {"stakeholder": "volkstuin", "reason": "Opgeheven"}
    await site.send(stream, "release_stakeholder", gone)
    return stream


async def test_an_agreement_is_made_and_settled_without_script(
    site: Site, plain: Page, checked: Checked
) -> None:
    """Without a reason it is not settled; what was chosen and typed stays."""
    stream = await peopled(site)
    await plain.goto(f"/dialogues/{stream}/agreements")
    await plain.get_by_label("Wat er is afgesproken").fill("Het hek gaat weg")
    await plain.get_by_label("Wie het doet").fill("school")
    await plain.get_by_role("radio", name="Werkdagen").check()
    await plain.get_by_label(re.compile("Hoeveel dagen")).fill("10")
    await plain.get_by_role("button", name="Leg de afspraak vast").click()
    await expect(plain.get_by_role("status").first).to_contain_text("vastgelegd")
    await plain.get_by_role("link", name="Het hek gaat weg").click()
    await plain.get_by_role("radio", name="nagekomen", exact=True).check()
    await plain.get_by_label("Waarom?").first.fill(" ")
    await plain.get_by_role("button", name="Leg vast").click()
    await expect(plain.get_by_role("alert")).to_be_visible()
    kept = plain.get_by_role("radio", name="nagekomen", exact=True)
    await expect(kept).to_be_checked()
    await plain.get_by_label("Waarom?").first.fill("Op 3 december weggehaald")
    await plain.get_by_role("button", name="Leg vast").click()
    await expect(plain.get_by_text("Op 3 december weggehaald")).to_be_visible()
    agreements = (await site.desk.dialogue(stream)).harvest.agreements
    assert [each.settled for each in agreements.values()] == ["kept"]


async def test_what_asks_for_somebody_comes_first_and_is_answered(
    site: Site, director: Page, checked: Checked
) -> None:
    """A promise of who left is asked about again: it stands, or gets more time."""
    stream = await promised(site)
    await director.goto(f"/dialogues/{stream}/agreements")
    rows = director.get_by_role("table").get_by_role("row")
    await expect(rows.nth(1)).to_contain_text("De heg snoeien")
    await checked(director)
    await director.get_by_role("link", name="De heg snoeien voor de zomer").click()
    await director.get_by_role("button", name="Het geldt nog").click()
    await expect(director.get_by_role("status").first).to_contain_text("nog geldt")
    await director.get_by_text("Geef meer tijd").first.click()
    await director.get_by_label(re.compile("Tot en met")).last.fill("2027-09-01")
    await director.get_by_label("Waarom?").last.fill("Het broedseizoen")
    await director.get_by_role("button", name="Geef meer tijd").click()
    await expect(director.get_by_text("1 september 2027").first).to_be_visible()
    await checked(director)

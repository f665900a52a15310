"""Who is involved: seen on a map and in a table, reached, briefed, engaged by plan."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]
PEOPLE = (
    ("huurders-west", 3, 0, "Huurders van de Westflat"),
    ("volkstuin", 2, 1, "Volkstuinvereniging"),
    ("school", 2, 2, "Basisschool de Wilg"),
    ("ondernemers", 1, 2, "Ondernemers aan de laan"),
)


async def peopled(site: Site) -> str:
    """Start a dialogue with people on its register, one of them reached."""
    stream = await site.dialogue(question="Hoe wordt het park groener?")
    for who, impact, influence, name in PEOPLE:
        body = {"impact": impact, "influence": influence, "name": name}
        await site.send(stream, "register_stakeholder", {"stakeholder": who, **body})
    reached = {"stakeholder": "school", "reached": True}
    await site.send(stream, "change_stakeholder", reached)
    return stream


async def test_somebody_is_put_on_the_register_and_stands_on_the_map(
    site: Site, director: Page, checked: Checked
) -> None:
    """Whoever is affected and weak comes first; the table says what the map shows."""
    stream = await peopled(site)
    await director.goto(f"/dialogues/{stream}/people")
    await checked(director)
    await director.get_by_text("Zet iemand op de lijst van betrokkenen").click()
    await director.get_by_label("Korte naam").fill("kinderen")
    await director.get_by_label("Hoe sterk het hen raakt").select_option("3")
    await director.get_by_label("Hoeveel zij erover te zeggen hebben").select_option(
        "0"
    )
    await director.get_by_role("button", name="Zet op de lijst").click()
    await expect(director.get_by_role("status").first).to_contain_text("lijst")
    first = director.get_by_role("heading", level=3).first
    await expect(first).to_have_text("Geraakt, met weinig invloed")
    table = director.get_by_role("table", name="Hoeveel mensen waar staan")
    await table.get_by_role("link", name="2 mensen").click()
    who = director.get_by_role("region", name="Wie het zijn")
    await expect(who.get_by_role("link", name="kinderen")).to_be_visible()
    await expect(who.get_by_role("link", name="school")).to_have_count(0)
    await checked(director)


async def test_a_latecomer_is_briefed_and_somebody_is_reached_without_script(
    site: Site, plain: Page
) -> None:
    """Who joined after an agreement is owed a briefing, and stands above all else."""
    stream = await peopled(site)
    body = {"agreement": "bankjes", "what": "Meer bankjes", "who": "school"}
    await site.send(stream, "make_agreement", body)
    late = {"stakeholder": "sportclub", "impact": 2, "influence": 1}
    await site.send(stream, "register_stakeholder", late)
    await plain.goto(f"/dialogues/{stream}/people")
    await plain.get_by_role(
        "link", name=re.compile("Praat hen bij.*sportclub")
    ).first.click()
    await plain.get_by_label("Wat u hun vertelde").fill("Er komen meer bankjes.")
    await plain.get_by_role("button", name="Zij weten het nu").click()
    await expect(plain.get_by_role("status").first).to_contain_text("weten nu")
    await plain.get_by_role("link", name="Mensen", exact=True).first.click()
    await plain.get_by_role("button", name="Zij zijn bereikt: huurders-west").click()
    state = await site.desk.dialogue(stream)
    assert state.stakeholders["huurders-west"].reached
    assert not state.stakeholders["sportclub"].unbriefed


async def test_whoever_is_weak_and_nowhere_asked_is_named_until_the_plan_asks_them(
    site: Site, director: Page, checked: Checked
) -> None:
    """The matrix by phase says how far everybody takes part."""
    stream = await peopled(site)
    state = await site.desk.dialogue(stream)
    phase = state.plan.phases[0].id
    levels = {"school": {phase: "inform"}}
    await site.send(stream, "plan_engagement", {"levels": levels})
    await director.goto(f"/dialogues/{stream}/people")
    unheard = director.get_by_role("region", name=re.compile("nergens iets gevraagd"))
    await unheard.get_by_role("link", name="huurders-west").click()
    await director.locator(f"#level-{phase}").select_option("consult")
    await director.get_by_role("button", name="Zet het in het plan").click()
    await expect(director.get_by_role("status").first).to_contain_text("hoe ver zij")
    await checked(director)
    await director.goto(f"/dialogues/{stream}/people")
    await expect(unheard.get_by_role("link", name="huurders-west")).to_have_count(0)
    await expect(unheard.get_by_role("link", name="volkstuin")).to_be_visible()


async def test_a_change_of_what_somebody_else_changed_is_refused_and_kept(
    site: Site, director: Page, checked: Checked
) -> None:
    """What was typed is still there, and what somebody else changed stays so."""
    stream = await peopled(site)
    await director.goto(f"/dialogues/{stream}/people/volkstuin")
    await director.get_by_text("Wijzig wat er in het register staat").click()
    hostile = "<script>alert(1)</script>"
    await director.get_by_label(re.compile("^Naam")).fill(hostile)
    changed = {"stakeholder": "volkstuin", "impact": 3}
    await site.send(stream, "change_stakeholder", changed)
    await director.get_by_role("button", name="Wijzig", exact=True).click()
    await expect(director.get_by_role("alert")).to_be_visible()
    await expect(director.get_by_label(re.compile("^Naam"))).to_have_value(hostile)
    await checked(director)
    await director.get_by_role("button", name="Wijzig", exact=True).click()
    await expect(director.get_by_role("heading", level=1)).to_have_text(hostile)
    await checked(director)
    state = await site.desk.dialogue(stream)
    assert state.stakeholders["volkstuin"].impact == 3

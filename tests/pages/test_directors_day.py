"""A process director's day from start to end, in every way that people do things.

Somebody who has never seen these pages finds what needs them, does it, opens a window,
answers a response and goes back a step. All words here stand on the pages.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Browser

from desk.triage import chosen
from language.dates import HOME_ZONE
from tests.pages.hands import WAYS, Hands, Way, hands
from tests.pages.house import Site

ANSWER = "Wij nemen dit over in het ontwerp."
WHY = "De cijfers waarop dit rustte, klopten niet."


async def begun(site: Site, way: Way) -> str:
    """Start a dialogue with a response that waits, and a window to be opened."""
    day = (datetime.now(HOME_ZONE).date() - timedelta(days=2)).isoformat()
    stream = await site.dialogue(
        method="belangen-op-tafel",
        title=f"Plein {way}",
        language="nl",
        deadlines=[{"title": "Raad beslist", "date": day}],
    )
    for who in ("anna", "bram"):
        told = {"name": who.title(), "address": f"{who}@voorbeeld.example"}
        body = {"role": "parties", "actor": who, **told}
        await site.send(stream, "assign_role", body)
    steps = [*(await site.desk.dialogue(stream)).plan.steps]
    changes = [_window(step, n) for n, step in enumerate(steps[:2], start=1)]
    await site.send(stream, "amend_plan", {"changes": changes, "reason": "Horen"})
    first = f"{steps[0]}.vraag-1"
    await site.send(stream, "start_step", {"step": steps[0]})
    await site.send(stream, "open_window", {"window": first})
    body = {"window": first, "respondent": "anna", "response": "Meer bomen, graag."}
    await site.send(stream, "record_response", body)
    await site.send(stream, "close_window", {"window": first, "reason": "Klaar"})
    await site.send(stream, "complete_items", {"step": steps[0]})
    await site.send(stream, "complete_step", {"step": steps[0]})
    await site.send(stream, "start_step", {"step": steps[1]})
    return stream


def _window(step: str, number: int) -> dict[str, object]:
    title = f"Vraag {number} aan de partijen"
    window = {
        "id": f"vraag-{number}",
        "title": {"nl": title, "en": title},
        "audience": "parties",
        "duration": {"working_days": 10},
        "may_close_early": True,
    }
    return {"change": "add_window", "step": step, "window": window}


@pytest.mark.parametrize("way", WAYS)
async def test_a_day_without_documentation(
    site: Site, browser: Browser, way: Way
) -> None:
    """What needs them is found, done and told, from the first page to going back."""
    stream = await begun(site, way)
    async with hands(browser, site, way) as director:
        await director.go("/today")
        await director.sees("De datum voor ‘Raad beslist’ is voorbij")
        await _answers(director, f"Plein {way}")
        await _completes(director, f"Plein {way}")
        await _opens(director)
        await _goes_back(director)
    state = await site.desk.dialogue(stream)
    first, second = [*state.plan.steps][:2]
    assert [each.number for each in state.steps[first]] == [1, 2]
    assert state.windows[f"{second}.vraag-2"][-1].status == "voided"
    assert chosen(state, f"{first}.vraag-1", "waiting") == 0


async def _answers(director: Hands, title: str) -> None:
    await director.follow(f"^Beantwoord de reacties · {title}")
    await director.sees("Meer bomen, graag.")
    await director.follow("^Beantwoorden reactie 1$")
    await director.tick("^Overgenomen")
    await director.write("^Waarom", ANSWER)
    await director.send("^Beantwoorden$")
    await director.hears("Het antwoord ligt vast")


async def _completes(director: Hands, title: str) -> None:
    await director.go("/today")
    await director.follow(f"^Rond het af · {title}")
    await director.send("^Klaar: ")
    await director.hears("Klaar, en vastgelegd")


async def _opens(director: Hands) -> None:
    await director.follow("^Reactietermijnen$")
    await director.follow("^Vraag 2 aan de partijen")
    await director.sees(re.compile("Opent u hem nu voor 10 werkdagen"))
    await director.send("^Open de reactietermijn$")
    await director.hears("De reactietermijn is open")


async def _goes_back(director: Hands) -> None:
    await director.follow("^Terug naar een stap$")
    await director.follow("^Bekijk wat dat doet")
    await director.sees("Er is nog niets gebeurd", "Vervalt: stap 2")
    await director.write("^Waarom gaat u terug", WHY)
    await director.send("^Ga terug naar stap 1$")
    await director.hears("U bent teruggegaan")
    await director.sees(WHY)

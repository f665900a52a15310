"""Responses: what waits is found, grouped, answered with a reason, and told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.pages.asking import (
    PUBLIC,
    STEP,
    WINDOW,
    answers,
    asking,
    checked_bare,
    says,
)
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]

HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}<b>vet</b>"
REPORT = {
    "report": "concept",
    "status": "draft",
    "title": "Conceptverslag",
    "reference": "DMS-1",
    "sha256": "ab" * 32,
    "to": ["parties"],
    "step": STEP,
}


@pytest.fixture
async def stream(site: Site) -> str:
    """Give a dialogue in which three things were said, and the draft of a report."""
    stream = await asking(site)
    await says(site, stream, "anna", "Zet er lampen bij.")
    await says(site, stream, "bram", "Laat de bomen staan.")
    await says(site, stream, "anna", "Laat de bomen staan!")
    await site.send(stream, "publish_report", REPORT)
    return stream


def _path(stream: str, rest: str = "") -> str:
    return f"/dialogues/{stream}/responses{rest}"


async def test_a_director_answers_and_goes_on_to_the_next(
    stream: str, director: Page, site: Site, checked: Checked
) -> None:
    """From the list: read, choose an outcome, say why; and the next one is there."""
    await director.goto(_path(stream))
    await checked(director)
    await expect(director.get_by_text("0 van 3 beantwoord").first).to_be_visible()
    await director.get_by_role("link", name="Beantwoorden reactie 1").click()
    await checked(director)
    await director.get_by_role("radio", name="Deels overgenomen").check()
    await director.get_by_label("Waarom?").fill("Twee lampen, niet vier.")
    await director.get_by_role("button", name="en naar de volgende").click()
    await expect(director.get_by_role("heading", level=1)).to_have_text(
        "Reactie 2 beantwoorden"
    )
    await expect(director.get_by_text("Laat de bomen staan.")).to_be_visible()
    state = await site.desk.dialogue(stream)
    assert state.ledgers[WINDOW].partly == 1 << 1
    await director.goto(_path(stream, f"/{WINDOW}/1"))
    await expect(director.get_by_text("Twee lampen, niet vier.")).to_be_visible()
    await checked(director)


async def test_what_was_typed_stays_when_something_lacks(
    stream: str, plain: Page, checked: Checked
) -> None:
    """Without an outcome the form comes back, with the reason and where to look."""
    await plain.goto(_path(stream, f"/answer?window={WINDOW}&numbers=1"))
    await plain.get_by_label("Waarom?").fill("Al bedacht")
    await plain.evaluate("document.querySelector('form.form').noValidate = true")
    await plain.get_by_role("button", name="Beantwoorden", exact=True).click()
    await expect(plain.get_by_role("alert")).to_contain_text("Kies wat ermee gebeurt")
    await expect(plain.get_by_label("Waarom?")).to_have_value("Al bedacht")
    await checked_bare(plain, checked)


async def test_responses_that_say_the_same_are_found_and_answered_as_one(
    stream: str, director: Page, site: Site, checked: Checked
) -> None:
    """Two texts differ in a sign at the end: one press groups them, one answers."""
    await director.goto(_path(stream, f"?window={WINDOW}"))
    await director.get_by_role("link", name="Zoek reacties die hetzelfde").click()
    await expect(director.get_by_text("2 keer")).to_be_visible()
    await checked(director)
    await director.get_by_role("button", name="Groepeer deze 2").click()
    await expect(director.get_by_role("heading", level=1)).to_have_text(
        "2 reacties beantwoorden"
    )
    await director.get_by_role("radio", name="Overgenomen", exact=False).first.check()
    await director.get_by_label("Waarom?").fill("De bomen blijven.")
    await director.get_by_role("button", name="Beantwoorden", exact=True).click()
    await expect(director.get_by_text("Het antwoord ligt vast")).to_be_visible()
    state = await site.desk.dialogue(stream)
    [group] = state.ledgers[WINDOW].groups.values()
    assert (group.because, group.outcome) == ("identical", "adopted")
    assert group.numbers == 1 << 2 | 1 << 3


async def test_chosen_ones_become_a_group_by_theme(
    stream: str, plain: Page, site: Site, checked: Checked
) -> None:
    """Ticked in the list, without script: a group with a public title."""
    await plain.goto(_path(stream, f"?window={WINDOW}"))
    for number in (1, 2):
        await plain.get_by_role("checkbox", name=f"Kies reactie {number}").check()
    await plain.get_by_role("button", name="Groeperen").click()
    await checked_bare(plain, checked)
    await plain.get_by_label("Titel van een nieuwe groep").fill("Licht & groen")
    await plain.get_by_role("button", name="Groep maken", exact=True).click()
    await expect(plain.get_by_text("De reacties zijn nu een groep")).to_be_visible()
    made = plain.get_by_role("link", name="Licht & groen", exact=True)
    await expect(made).to_be_visible()
    await checked_bare(plain, checked)
    state = await site.desk.dialogue(stream)
    [(name, group)] = state.ledgers[WINDOW].groups.items()
    assert name.startswith("licht-groen")
    assert group.numbers == 1 << 1 | 1 << 2
    await plain.get_by_role("button", name="Groep Licht & groen opheffen").click()
    await expect(plain.get_by_text("Dat is geen groep meer")).to_be_visible()


async def test_a_draft_says_exactly_what_keeps_it_from_being_final(
    stream: str, director: Page, site: Site, checked: Checked
) -> None:
    """Each number is named, and goes once it is answered or it was said why not."""
    await answers(site, stream, "1", "adopted", "Doen we.")
    await director.goto(_path(stream))
    await expect(director.get_by_text("2 reacties wachten op antwoord")).to_be_visible()
    waiting = director.get_by_role("list", name="Reacties die wachten in Wat vindt")
    assert await waiting.get_by_role("link").all_inner_texts() == ["2", "3"]
    final = {**REPORT, "report": "definitief", "status": "final"}
    with pytest.raises(Exception, match="wait for an answer"):
        await site.send(stream, "publish_report", final | {"supersedes": "concept"})
    await director.get_by_role("link", name="Zeg waarom er geen antwoord komt").click()
    await expect(director.get_by_role("heading", level=1)).to_have_text(
        "2 reacties niet beantwoorden"
    )
    await checked(director)
    await director.get_by_label("Waarom komt er geen antwoord?").fill("Ander plan.")
    await director.get_by_role("button", name="Niet beantwoorden").click()
    await expect(director.get_by_text("Het kan definitief worden")).to_be_visible()
    await checked(director)
    await site.send(stream, "publish_report", final | {"supersedes": "concept"})


async def test_filters_are_addresses(
    stream: str, director: Page, site: Site, checked: Checked
) -> None:
    """Late ones, those of an outcome, and those in whose text something stands."""
    await answers(site, stream, "2", "not", "Er komt een plein.")
    body = {"window": WINDOW, "reason": "Genoeg gehoord"}
    await site.send(stream, "close_window", body)
    await says(site, stream, "bram", "Ik was te laat met lampen.")
    for query, seen in {
        "show=late": ["Ik was te laat met lampen."],
        "show=not": ["Laat de bomen staan."],
        "show=all&q=LAMPEN": ["Zet er lampen bij.", "Ik was te laat met lampen."],
        "show=waiting&q=niets": [],
    }.items():
        await director.goto(_path(stream, f"?window={WINDOW}&{query}"))
        said = director.locator("#said .text")
        assert await said.all_inner_texts() == seen, query
    await director.goto(_path(stream, f"?window={WINDOW}&show=late"))
    await expect(director.get_by_text("te laat", exact=True).first).to_be_visible()
    await checked(director)
    gone = await director.goto(_path(stream, "?window=kennismaken.nooit"))
    assert gone is not None
    assert gone.status == 404


async def test_who_answers_second_is_told_and_loses_nothing(
    stream: str, director: Page, site: Site, checked: Checked
) -> None:
    """A colleague was first: the form says so, and then it is for them to decide."""
    await director.goto(_path(stream, f"/answer?window={WINDOW}&numbers=1"))
    await director.get_by_role("radio", name="Niet overgenomen").check()
    await director.get_by_label("Waarom?").fill("Te duur.")
    await says(site, stream, "bram", "Nog iets")  # what others say is no reason
    await answers(site, stream, "1", "adopted", "Doen we.")
    await director.get_by_role("button", name="Beantwoorden", exact=True).click()
    await expect(director.get_by_role("alert")).to_contain_text("beantwoord terwijl u")
    await expect(director.get_by_label("Waarom?")).to_have_value("Te duur.")
    await expect(director.get_by_role("radio", name="Niet overgenomen")).to_be_checked()
    await checked(director)
    await director.get_by_role("button", name="Beantwoorden", exact=True).click()
    await expect(director.get_by_text("Het antwoord ligt vast")).to_be_visible()
    state = await site.desk.dialogue(stream)
    assert state.ledgers[WINDOW].rejected == 1 << 1


async def test_one_response_tells_what_its_sender_was_told(
    stream: str, director: Page, site: Site, checked: Checked
) -> None:
    """Each answer, whether it holds, and whether the message about it arrived."""
    await answers(site, stream, "1-2", "not", "Geen geld.")
    await answers(site, stream, "1", "adopted", "Toch wel.")
    await site.hall.quiet(stream)
    await director.goto(_path(stream, f"/{WINDOW}/1"))
    await expect(director.get_by_text("er kwam een ander antwoord")).to_be_visible()
    await expect(director.get_by_text("aangekomen").first).to_be_visible()
    await checked(director)
    await director.goto(_path(stream, f"/{WINDOW}/2"))
    await expect(director.get_by_text("niet aangekomen")).to_be_visible()
    await director.goto(_path(stream, f"?window={WINDOW}&show=untold"))
    await expect(
        director.get_by_text("Niet iedereen heeft het gehoord")
    ).to_be_visible()


async def test_hostile_words_are_words(
    stream: str, director: Page, site: Site, checked: Checked
) -> None:
    """In lists, forms and titles stands what was typed, and nothing of it runs."""
    await says(site, stream, "anna", HOSTILE)
    for rest in (
        f"?window={WINDOW}&show=all",
        f"/answer?window={WINDOW}&numbers=4",
        f"/{WINDOW}/4",
    ):
        await director.goto(_path(stream, rest))
        await expect(director.get_by_text(HOSTILE)).to_be_visible()
    await director.goto(_path(stream, f"?window={WINDOW}&q=%3Cscript%3Ealert(1)"))
    await checked(director)


async def test_an_auditor_sees_all_but_the_words(
    stream: str, auditor: Page, checked: Checked
) -> None:
    """What was done is public, what was said is not; and nothing can be done."""
    await auditor.goto(_path(stream, f"?window={WINDOW}"))
    await expect(auditor.get_by_text("mag u niet lezen").first).to_be_visible()
    await expect(auditor.get_by_text("Zet er lampen bij.")).to_have_count(0)
    await expect(auditor.get_by_role("button", name="Beantwoorden")).to_have_count(0)
    await checked(auditor)
    answer = await auditor.request.get(
        _path(stream, f"/answer?window={WINDOW}&numbers=1")
    )
    assert answer.status == 403


async def test_pages_of_a_window_of_the_public(site: Site, director: Page) -> None:
    """What is too much for one page comes on the next, and is counted on both."""
    stream = await asking(site)
    for number in range(1, 28):
        await says(site, stream, f"buur-{number}", f"Idee {number}", PUBLIC)
    await director.goto(_path(stream, f"?window={PUBLIC}"))
    await expect(director.get_by_text("1 tot en met 25 van 27")).to_be_visible()
    await director.get_by_role("link", name="Verder", exact=True).click()
    await expect(director.get_by_text("26 tot en met 27 van 27")).to_be_visible()
    await expect(director.get_by_text("Idee 27")).to_be_visible()
    await director.get_by_role("link", name="Alle 27 beantwoorden").click()
    await expect(director.get_by_role("heading", level=1)).to_have_text(
        "27 reacties beantwoorden"
    )


async def test_pressed_twice_is_answered_once(stream: str, site: Site) -> None:
    """The same form again is the same answer, and no complaint of a colleague."""
    secret = await site.session("director")
    async with site.caller(secret, headers={"Origin": site.url}) as client:
        body = {
            "window": WINDOW,
            "numbers": "1",
            "outcome": "adopted",
            "reason": "Doen we.",
            "seen": str((await site.desk.dialogue(stream)).version),
            "id": "formulier-1",
        }
        for _ in range(2):
            answer = await client.post(_path(stream, "/answer"), data=body)
            assert answer.status_code == 303, answer.text
    rows = await site.desk.dialogue(stream)
    assert rows.ledgers[WINDOW].adopted == 1 << 1

"""Meetings: planned in a month, changed, called off, and recorded afterwards."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from playwright.async_api import FilePayload, Page, expect

from tests.pages.house import Site
from tests.pages.test_people import peopled

Checked = Callable[[Page], Awaitable[None]]
DOCUMENT: FilePayload = {"name": "c.txt", "mimeType": "text/plain", "buffer": b"abc"}


async def planned(site: Site, **more: object) -> str:
    """Start a dialogue with an evening in nine days to which the school is asked."""
    stream = await peopled(site)
    begins = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    body = {
        "meeting": "avond",
        "title": "Startavond",
        "begins": begins.isoformat(),
        "ends": (begins + timedelta(hours=2)).isoformat(),
        "place": "Buurthuis",
        "guests": ["school"],
        **more,
    }
    await site.send(stream, "schedule_meeting", body)
    return stream


async def test_a_meeting_is_planned_and_stands_in_its_month_without_script(
    site: Site, plain: Page
) -> None:
    """What is refused stays as it was typed; then it is in the month."""
    stream = await peopled(site)
    await plain.goto(f"/dialogues/{stream}/meetings")
    await plain.get_by_label("Hoe het heet", exact=True).fill("Wandeling door het park")
    await plain.get_by_label("Op welke dag").fill("2027-03-18")
    await plain.get_by_label("Van hoe laat").fill("19:30")
    await plain.get_by_label("Tot hoe laat").fill("21:30")
    await plain.get_by_label(re.compile("^Waar")).first.fill("Ingang Noord")
    await plain.get_by_label("Korte naam").first.fill("Niet Goed")
    await plain.get_by_role("button", name="Plan en nodig uit").click()
    await expect(plain.get_by_role("alert")).to_contain_text("kleine letters")
    await expect(plain.get_by_label("Op welke dag")).to_have_value("2027-03-18")
    await plain.get_by_label("Korte naam").first.fill("wandeling")
    await plain.get_by_role("button", name="Plan en nodig uit").click()
    await expect(plain.get_by_text("Ingang Noord")).to_be_visible()
    await expect(plain.get_by_text("19.30 tot 21.30").first).to_be_visible()
    await plain.goto(f"/dialogues/{stream}/meetings?month=2027-03")
    table = plain.get_by_role("table", name=re.compile("maart 2027"))
    await expect(
        table.get_by_role("link", name=re.compile("Wandeling"))
    ).to_be_visible()


async def test_a_meeting_is_moved_and_called_off(
    site: Site, director: Page, checked: Checked
) -> None:
    """Nothing changed is refused; whoever looked at an old one is told so."""
    stream = await planned(site)
    await director.goto(f"/dialogues/{stream}/meetings/avond")
    await director.get_by_text("Wijzig de bijeenkomst").click()
    await director.get_by_role("button", name="Wijzig", exact=True).click()
    await expect(director.get_by_role("alert")).to_contain_text("Wijzig eerst iets")
    await director.get_by_label("Hoe het heet", exact=True).fill(
        "Startavond in het park"
    )
    await site.send(stream, "change_meeting", {"meeting": "avond", "capacity": 40})
    await director.get_by_role("button", name="Wijzig", exact=True).click()
    title = director.get_by_label("Hoe het heet", exact=True)
    await expect(title).to_have_value("Startavond in het park")
    await expect(director.get_by_role("alert")).to_be_visible()
    await director.get_by_role("button", name="Wijzig", exact=True).click()
    h1 = director.get_by_role("heading", level=1)
    await expect(h1).to_have_text("Startavond in het park")
    await director.get_by_text("Zeg de bijeenkomst af").first.click()
    await director.get_by_label("Waarom?").last.fill("De zaal is bezet")
    await director.get_by_role("button", name="Zeg de bijeenkomst af").click()
    await expect(director.get_by_role("status").first).to_contain_text("gaat niet door")
    await checked(director)
    meeting = (await site.desk.dialogue(stream)).meetings["avond"]
    assert (meeting.status, meeting.capacity) == ("cancelled", 40)


async def test_who_came_and_what_was_said_are_recorded_afterwards(
    site: Site, director: Page, checked: Checked
) -> None:
    """The minutes are known by the fingerprint of their document, which is not kept."""
    stream = await peopled(site)
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    body = {
        "meeting": "avond",
        "title": "Startavond",
        "begins": begun.isoformat(),
        "ends": (begun + timedelta(hours=2)).isoformat(),
    }
    await site.send(stream, "schedule_meeting", body)
    await director.goto(f"/dialogues/{stream}/meetings/avond")
    await director.get_by_label(re.compile("Wie er ook was")).fill("school, volkstuin")
    await director.get_by_label(re.compile("Hoeveel anderen")).fill("14")
    await director.get_by_role("button", name="Leg vast wie er was").click()
    await expect(director.get_by_text("kwamen: 16").first).to_be_visible()
    await director.get_by_label("Waar ze te vinden zijn").fill("zaak/2026-9")
    await director.get_by_label("Het document").set_input_files(DOCUMENT)
    await director.get_by_role("button", name=re.compile("Leg de notulen vast")).click()
    told = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    await expect(director.get_by_text(told)).to_be_visible()
    await checked(director)


async def test_the_calendar_file_has_the_meeting_and_nothing_private(
    site: Site,
) -> None:
    """Place and people stay out of it."""
    stream = await planned(site)
    async with site.caller(await site.session("director")) as caller:
        answer = await caller.get(f"/dialogues/{stream}/meetings.ics")
    assert "Startavond" in answer.text
    assert "Buurthuis" not in answer.text
    assert answer.headers["content-type"].startswith("text/calendar")

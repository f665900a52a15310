"""People are invited by mail that calendars read, meet, and are told when it is off.

On a real `polder up`, each command a process of its own; the mail is what its mail
server caught, and another reader of iCalendar says what is in it.
"""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

import icalendar
import pytest

from domain.clock import Clock, to_dialogue_time
from servers import Home
from tests.acceptance.test_command_line import STREAM, Town, left_behind, up

ME: Final = ("--as", "p-1")
PLACE: Final = "Keukentafel, Kade 12"
LATEST: Final = 60.0
"""Seconds after which a letter will not come any more."""


def invitations(home: Home, address: str) -> list[tuple[str, Any]]:
    """What a calendar got at an address, oldest first: the method and the event.

    A letter that came twice, as its Message-ID says, is one.
    """
    found: dict[str, tuple[str, Any]] = {}
    for file in sorted(home.mail.glob("*.eml")):
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        if letter["Delivered-To"] != address:
            continue
        for part in letter.walk():
            if part.get_content_type() == "text/calendar":
                assert isinstance(part, EmailMessage)
                calendar: Any = icalendar.Calendar.from_ical(part.get_content())
                event = calendar.walk("VEVENT")[0]
                found[str(letter["Message-ID"])] = (str(calendar["method"]), event)
    return list(found.values())


async def calendar_of(home: Home, address: str, count: int) -> list[tuple[str, Any]]:
    """Wait until this many invitations have come to an address."""
    deadline = time.monotonic() + LATEST
    while len(found := invitations(home, address)) < count:
        assert time.monotonic() < deadline, f"{len(found)} instead of {count}"
        await asyncio.sleep(0.2)
    return found


async def local(town: Town, days: float) -> str:
    """A moment so many days from now, by the dialogue's own clock."""
    clock = Clock.model_validate((await town.dialogue("show"))["clock"])
    at = to_dialogue_time(clock, datetime.now(UTC)) + timedelta(days=days)
    return at.isoformat(timespec="minutes")


async def director_invites(town: Town) -> None:
    """Members, and a guest from the register; who was not reached is said."""
    roles = ("--role", "process_director=p-1")
    start = ("--method", "stakeholderdialoog", "--title", "Parkzicht")
    await town.dialogue("start", *start, *roles, *ME)
    member = ("assign-role", "sounding_board", "k-1", "--name", "An")
    await town.dialogue(*member, "--address", "an@example.org", *ME)
    guest = ("register-stakeholder", "s-1", "--impact", "3", "--influence", "0")
    await town.dialogue(*guest, "--address", "wijk@example.org", *ME)
    plan = ("schedule-meeting", "start", "--title", "Startavond", "--step", "1")
    done = await town.dialogue(
        *plan,
        *("--begins", await local(town, 1500), "--ends", await local(town, 1500.1)),
        *("--place", PLACE, "--role", "Klankbordgroep", "--guest", "s-1"),
        *("--format", "Wereldcafé", *ME),
    )
    assert done["notReached"] == ["s-1"]
    for address in ("an@example.org", "wijk@example.org"):
        ((method, event),) = await calendar_of(town.home, address, 1)
        assert method == "REQUEST"
        assert str(event["location"]) == PLACE
        assert str(event["attendee"]) == f"mailto:{address}"
        assert int(event["sequence"]) == 0


async def director_changes_it(town: Town) -> None:
    """The same meeting for calendars, with a higher sequence; later members too."""
    when = ("--begins", await local(town, 1700))
    await town.dialogue("change-meeting", "start", *when, "--message", "Zaal vol", *ME)
    (_, old), (method, new) = await calendar_of(town.home, "an@example.org", 2)
    assert method == "REQUEST"
    assert str(old["uid"]) == str(new["uid"])
    assert int(new["sequence"]) == 1
    assert new.decoded("dtend") - new.decoded("dtstart") == (
        old.decoded("dtend") - old.decoded("dtstart")
    )
    assert "Zaal vol" in str(new["description"])
    late = ("assign-role", "sounding_board", "k-2", "--address", "bea@example.org")
    await town.dialogue(*late, *ME)
    ((_, event),) = await calendar_of(town.home, "bea@example.org", 1)
    assert int(event["sequence"]) == 1


async def people_meet(town: Town) -> None:
    """A meeting comes, is over, and waits for somebody to say how it went."""
    when = ("--begins", await local(town, 20), "--ends", await local(town, 21))
    await town.dialogue("schedule-meeting", "kort", "--title", "Kort", *when, *ME)
    early = await town.dialogue("record-attendance", "kort", *ME, code=4)
    assert early["error"]["name"] == "MeetingNotBegun"
    deadline = time.monotonic() + LATEST
    while (await town.dialogue("meetings"))["meetings"][0]["status"] != "over":
        assert time.monotonic() < deadline, "it does not end"
        await asyncio.sleep(0.5)
    assert "Bijeenkomst ‘Kort’ is geweest" in (await town.do("today", *ME)).out
    came = ("--present", "k-1,k-2", "--others", "12")
    await town.dialogue("record-attendance", "kort", *came, *ME)
    said = ("--reference", "Z-17", "--text", "Alle wensen liggen op tafel")
    await town.dialogue("record-minutes", "kort", *said, *ME)
    page = (await town.do("dialogue", "meetings", STREAM)).out
    assert "kwamen: 14" in page
    whole = ("meetings", "--meeting", "kort", "--private", *ME)
    (view,) = (await town.dialogue(*whole))["meetings"]
    assert view["minutes"]["text"] == "Alle wensen liggen op tafel"


async def going_back_calls_it_off(town: Town) -> None:
    """Known before, told to everybody who was invited, out of their calendars."""
    await town.dialogue("complete", "--step", "1", *ME)
    await town.dialogue("complete-step", "1", *ME)
    preview = await town.dialogue("preview-revisit", "1")
    assert preview["meetings"] == [{"meeting": "start", "title": "Startavond"}]
    await town.dialogue("revisit", "1", "--reason", "De opgave is anders", *ME)
    for address, count in (("an@example.org", 3), ("bea@example.org", 2)):
        got = await calendar_of(town.home, address, count)
        method, event = got[-1]
        assert method == "CANCEL", [(m, int(e["sequence"])) for m, e in got]
        assert str(event["status"]) == "CANCELLED"
        assert int(event["sequence"]) == 2
    found = (await town.dialogue("meetings"))["meetings"]
    status = {meeting["id"]: meeting["status"] for meeting in found}
    assert status == {"kort": "held", "start": "voided"}


async def nothing_private_is_on_record(town: Town) -> None:
    """Neither in an event nor in a list; and the record is sound, and made again."""
    events = json.dumps(await town.dialogue("history"), ensure_ascii=False)
    lists = json.dumps(await town.dialogue("meetings"), ensure_ascii=False)
    texts = (PLACE, "Zaal vol", "Alle wensen", "an@example.org", "De opgave is anders")
    assert [text for text in texts if text in events + lists] == []
    assert (await town.do("audit", "verify", "--all", "--json")).document["sound"]
    assert (await town.do("audit", "rebuild", "--json")).document["findings"] == []


@pytest.mark.slow
async def test_people_meet_and_their_calendars_know(home: Home) -> None:
    """From the invitation to the minutes, and to the withdrawal of what was to come."""
    async with up(home) as town:
        await director_invites(town)
        await director_changes_it(town)
        await people_meet(town)
        await going_back_calls_it_off(town)
        await nothing_private_is_on_record(town)
        assert await town.stop() == 0
    assert left_behind(home) == []

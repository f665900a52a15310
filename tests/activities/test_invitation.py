"""An invitation is understood by others: two other readers of iCalendar agree on it.

RFC 5545 (form), RFC 5546 (what REQUEST and CANCEL mean) and RFC 6047 (by mail).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from importlib import import_module
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.letters import Addressee, letter, read_address
from domain.notices import Enclosed, Invitation, Told
from language.icalendar import escaped, folded, uid
from tests.activities.notices import STREAM, notice

vobject: Any = import_module("vobject")

Reader = Callable[[EmailMessage], Any]

SENDER = Address("Gemeente Waterdam", addr_spec="polder@waterdam.example")
MADE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BEGINS = datetime(2026, 12, 10, 18, 30, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=2)
PLACE = "Buurthuis ’t Anker; Kade 12, Waterdam"
TEXTS = {
    "place": PLACE,
    "online": "https://vergader.example/parkzicht?kamer=3",
    "programme": "19.30 Welkom\n19.45 Wensen, zorgen; en \\ wat nog meer\n21.00 Soep",
}


def invited(
    name: str = "Zoë de Vries",
    address: str = "zoe@example.org",
    texts: Mapping[str, str] = TEXTS,
    *,
    heading: str = "Startavond: wensen, zorgen; ideeën",
    kind: str = "meeting_invited",
    sequence: int = 0,
    cancelled: bool = False,
    language: str = "nl",
) -> EmailMessage:
    """A letter with an invitation, as its receiver reads it."""
    meeting = Invitation(
        meeting="start",
        sequence=sequence,
        begins=BEGINS,
        ends=ENDS,
        cancelled=cancelled,
    )
    told = notice(
        "p-1",
        notice=kind,
        heading=heading,
        subject="meeting:start",
        language=language,
        closes=None,
        closes_local=None,
        facts=(Told(name="capacity", value="40"),),
        enclosed=tuple(
            Enclosed(name=each, place=(7, f"/{each}"))
            for each in ("place", "online", "programme", "message")
        ),
        invitation=meeting,
        begins_local="2026-12-10T19:30:00+01:00",
        ends_local="2026-12-10T21:30:00+01:00",
    )
    to = read_address(address, name)
    assert to is not None
    sent = letter(
        told, Addressee("p-1", name, to), sender=SENDER, date=MADE, texts=texts
    )
    return message_from_bytes(sent.as_bytes(), policy=policy.default)


def parts(message: EmailMessage) -> tuple[EmailMessage, EmailMessage]:
    """The two forms of a letter: for people, and for calendars."""
    assert message.get_content_type() == "multipart/alternative"
    plain, calendar = message.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(calendar, EmailMessage)
    return plain, calendar


def raw(message: EmailMessage) -> bytes:
    """The iCalendar object, byte by byte."""
    found = parts(message)[1].get_payload(decode=True)
    assert isinstance(found, bytes)
    return found


def event(message: EmailMessage) -> Any:  # noqa: ANN401 (its readers' own types)
    """The event as icalendar reads it."""
    calendar: Any = icalendar.Calendar.from_ical(raw(message))
    (found,) = calendar.walk("VEVENT")
    assert not found.errors
    return found


def other(message: EmailMessage) -> Any:  # noqa: ANN401 (idem)
    """The whole as vobject reads it."""
    return vobject.readOne(raw(message).decode())


def test_a_letter_has_a_form_for_people_and_one_for_calendars() -> None:
    """Plain text first; the calendar's part says its method, as its body does."""
    plain, calendar = parts(invited())
    assert plain.get_content_type() == "text/plain"
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert b"\r\nMETHOD:REQUEST\r\n" in raw(invited())


def test_people_read_when_where_and_what() -> None:
    """In words, by the dialogue's wall clock; long texts stand apart."""
    plain, _ = parts(invited())
    text = plain.get_content().replace("\r\n", "\n")
    assert (
        "Wij nodigen u uit voor de bijeenkomst ‘Startavond: wensen, zorgen; ideeën’."
        in text
    )
    assert (
        "Wanneer: donderdag 10 december 2026, 19.30 tot 21.30 uur"
        " (tijdzone Europe/Amsterdam)\n"
        "Aantal plaatsen: 40\n"
        f"Waar: {PLACE}\n"
        "Online: https://vergader.example/parkzicht?kamer=3\n\n"
        "Programma:\n19.30 Welkom\n" in text
    )
    assert "Bericht van de organisatie" not in text


@pytest.mark.parametrize("read", [event, other])
def test_two_readers_find_the_same_meeting(read: Reader) -> None:
    """When, what and where, whatever signs there are in the texts."""
    found = read(invited())
    if read is other:
        found = found.vevent
        assert found.dtstart.value == BEGINS
        assert found.dtend.value == ENDS
        assert found.dtstamp.value == MADE
        texts = {n: getattr(found, n).value for n in ("summary", "location", "url")}
        description = found.description.value
    else:
        assert found.decoded("dtstart") == BEGINS
        assert found.decoded("dtend") == ENDS
        assert found.decoded("dtstamp") == MADE
        texts = {n: str(found[n]) for n in ("summary", "location", "url")}
        description = str(found["description"])
    assert texts == {
        "summary": "Startavond: wensen, zorgen; ideeën",
        "location": PLACE,
        "url": "https://vergader.example/parkzicht?kamer=3",
    }
    assert TEXTS["programme"] in description
    assert "Dialoog: Parkzicht" in description


def test_it_is_asked_by_the_organisation_of_one_person_alone() -> None:
    """The one attendee is the receiver: nobody sees who else was asked."""
    found = event(invited())
    assert str(found["organizer"]) == "mailto:polder@waterdam.example"
    assert found["organizer"].params["cn"] == "Gemeente Waterdam"
    attendee = found["attendee"]
    assert str(attendee) == "mailto:zoe@example.org"
    assert attendee.params["cn"] == "Zoë de Vries"
    assert attendee.params["partstat"] == "NEEDS-ACTION"
    assert attendee.params["rsvp"] == "TRUE"
    assert raw(invited()).count(b"\r\nATTENDEE;") == 1
    vevent = other(invited()).vevent
    assert [one.value for one in vevent.attendee_list] == ["mailto:zoe@example.org"]


@pytest.mark.parametrize("read", [event, other])
def test_a_change_is_the_same_meeting_with_a_higher_sequence(read: Reader) -> None:
    """By UID and SEQUENCE a calendar knows what to replace (RFC 5546, 2.1.5)."""

    def known(message: EmailMessage) -> tuple[str, int]:
        found = read(message)
        if read is other:
            vevent = found.vevent
            return vevent.uid.value, int(vevent.sequence.value)
        return str(found["uid"]), int(found["sequence"])

    first = known(invited())
    second = known(
        invited(kind="meeting_changed", sequence=1, heading="Another", language="en")
    )
    assert first[0] == second[0] == uid(STREAM, "start")
    assert (first[1], second[1]) == (0, 1)


def test_another_meeting_has_another_uid() -> None:
    """Of this dialogue, and of another."""
    ids = {uid(STREAM, "start"), uid(STREAM, "end"), uid("elsewhere:park", "start")}
    assert len(ids) == 3


@pytest.mark.parametrize(
    "kind", ["meeting_cancelled", "meeting_uninvited", "withdraw_invitation"]
)
def test_what_is_called_off_is_taken_out_of_calendars(kind: str) -> None:
    """METHOD:CANCEL, STATUS:CANCELLED, the same UID, a higher SEQUENCE."""
    message = invited(kind=kind, sequence=2, cancelled=True, texts={})
    assert parts(message)[1].get_param("method") == "CANCEL"
    calendar = other(message)
    assert calendar.method.value == "CANCEL"
    assert calendar.vevent.status.value == "CANCELLED"
    found = event(message)
    assert str(found["status"]) == "CANCELLED"
    assert str(found["uid"]) == uid(STREAM, "start")
    assert int(found["sequence"]) == 2
    assert "location" not in found


def test_what_was_erased_by_then_is_left_out() -> None:
    """A place that is not in the vault any more is in neither form of the letter."""
    message = invited(texts={})
    assert "location" not in event(message)
    assert "Waar" not in parts(message)[0].get_content()


def test_online_alone_is_where_it_is() -> None:
    """Without a hall the link stands where calendars show the place."""
    online = {"online": TEXTS["online"]}
    assert str(event(invited(texts=online))["location"]) == TEXTS["online"]


def test_a_link_that_is_none_is_no_link() -> None:
    """Text about how to take part is a place, and no URL."""
    said = {"online": "Bel 0800-1234, code 7"}
    found = event(invited(texts=said))
    assert str(found["location"]) == said["online"]
    assert "url" not in found


def test_all_letters_about_a_meeting_are_one_thread() -> None:
    """Also once its title has changed."""
    first, second = invited(), invited(heading="Another", kind="meeting_changed")
    assert first["References"] == second["References"]


@pytest.mark.parametrize(
    "address",
    [
        "jan+avond@example.org",
        "o'brien@example.org",
        "a=b&c?d#e%f@example.org",
        "zoë@example.org",
        "info@café.example",
    ],
)
def test_any_address_is_a_mailto_that_readers_take(address: str) -> None:
    """What means something else in a URI is written in another way (RFC 6068)."""
    value = str(event(invited(address=address))["attendee"])
    local, _, domain = value.removeprefix("mailto:").rpartition("@")
    assert value.isascii()
    assert not set(local) & set("=&?#")
    assert domain == address.rpartition("@")[2].encode("idna").decode()


@given(name=st.text(max_size=60), heading=st.text(min_size=1, max_size=80))
def test_no_name_and_no_text_adds_a_line(name: str, heading: str) -> None:
    """Whatever somebody is called, the object has the lines that it should."""
    texts = {"place": heading, "programme": f"{heading}\nEND:VEVENT\n{name}"}
    message = invited(name=name, heading=heading.replace("\n", " "), texts=texts)
    body = raw(message)
    lines = body.replace(b"\r\n ", b"").split(b"\r\n")
    heads = [line.split(b":")[0].split(b";")[0] for line in lines]
    assert heads.count(b"BEGIN") == heads.count(b"END") == 2
    assert heads.count(b"ATTENDEE") == heads.count(b"ORGANIZER") == 1
    assert event(message) is not None


@given(st.text(max_size=400))
def test_lines_are_folded_at_75_octets_and_no_sign_is_broken(text: str) -> None:
    """Unfolded again it is what it was, and each line is text by itself."""
    line = escaped(text)
    found = list(folded(line))
    assert all(len(part.encode()) <= 75 for part in found)
    assert all(part.startswith(" ") for part in found[1:])
    assert found[0] + "".join(part[1:] for part in found[1:]) == line
    assert "\n" not in line
    assert "\r" not in line

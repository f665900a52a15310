"""An invitation that calendars understand: iCalendar, written by hand, one meeting.

RFC 5545 gives the form, RFC 5546 what REQUEST and CANCEL mean, RFC 6047 how it goes by
mail. The meeting keeps one UID for life, whatever changes; the highest SEQUENCE holds.
Moments are in UTC, so that no calendar needs our rules of a zone. The one attendee is
whoever gets the letter: nobody learns from it who else was invited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.headerregistry import Address
from typing import Final
from urllib.parse import quote

from activities.contracts import Notice
from domain.notices import Invitation
from language.icalendar import escaped, moment, uid, whole

_PRODUCT: Final = "-//Polder//Polder//EN"

_WITHOUT_ESCAPE: Final = "!$'*+-._~@"
"""What a mailto URI takes as it is, beside letters and digits (RFC 6068, 2)."""

_IN_NO_PARAMETER: Final = re.compile(r'[\x00-\x1f\x7f"]')
_LINK: Final = re.compile(r"https?://[^\s\"<>\\^`{|}]{1,1000}")
_ASKED: Final = (
    ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
)
"""Somebody who has not answered yet, and is asked to (RFC 5545, 3.2)."""


def method_of(meeting: Invitation) -> str:
    """Return what the calendar is to do with it: ``REQUEST`` or ``CANCEL``."""
    return "CANCEL" if meeting.cancelled else "REQUEST"


def calendar_text(
    notice: Notice,
    meeting: Invitation,
    *,
    texts: Mapping[str, str],
    description: str,
    attendee: Address,
    organizer: Address,
    stamp: datetime,
    lang: str,
) -> str:
    """Return the iCalendar object of a letter, its lines ended by CRLF.

    ``texts`` are the opened private texts by name: ``place`` and ``online`` are taken
    from them. ``stamp`` is when it was made, with an offset.
    """
    place, online = texts.get("place", ""), texts.get("online", "").strip()
    lines = (
        "BEGIN:VCALENDAR",
        f"PRODID:{_PRODUCT}",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method_of(meeting)}",
        "BEGIN:VEVENT",
        f"UID:{uid(notice.stream, meeting.meeting)}",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{moment(stamp)}",
        f"DTSTART:{moment(meeting.begins)}",
        f"DTEND:{moment(meeting.ends)}",
        f"SUMMARY;LANGUAGE={lang}:{escaped(notice.heading)}",
        f"DESCRIPTION;LANGUAGE={lang}:{escaped(description)}",
        *_where(place or online, online),
        f"STATUS:{'CANCELLED' if meeting.cancelled else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        f"ORGANIZER{_called(organizer)}:{_mailto(organizer)}",
        f"ATTENDEE{_ASKED}{_called(attendee)}:{_mailto(attendee)}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return whole(lines)


def _where(location: str, online: str) -> Iterator[str]:
    if location:
        yield f"LOCATION:{escaped(location)}"
    if _LINK.fullmatch(online):
        yield f"URL:{online}"


def _called(who: Address) -> str:
    name = _IN_NO_PARAMETER.sub(" ", who.display_name).strip()
    return f';CN="{name}"' if name else ""


def _mailto(who: Address) -> str:
    return f"mailto:{quote(who.addr_spec, safe=_WITHOUT_ESCAPE)}"

"""An invitation that calendars understand: iCalendar, written by hand, one meeting.

RFC 5545 gives the form, RFC 5546 what REQUEST and CANCEL mean, RFC 6047 how it goes by
mail. The meeting keeps one UID for life, whatever changes; the highest SEQUENCE holds.
Moments are in UTC, so that no calendar needs our rules of a zone. The one attendee is
whoever gets the letter: nobody learns from it who else was invited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from activities.contracts import Notice
from domain.notices import Invitation

UID_DOMAIN: Final = "polder.invalid"
"""Right side of every UID: no host's, so that it never changes (RFC 2606, 2)."""

_PRODUCT: Final = "-//Polder//Polder//EN"
_LONGEST_LINE: Final = 75
"""Octets in a line of iCalendar, its break not counted (RFC 5545, 3.1)."""

_WITHOUT_ESCAPE: Final = "!$'*+-._~@"
"""What a mailto URI takes as it is, beside letters and digits (RFC 6068, 2)."""

_IN_NO_PARAMETER: Final = re.compile(r'[\x00-\x1f\x7f"]')
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_LINK: Final = re.compile(r"https?://[^\s\"<>\\^`{|}]{1,1000}")
_ASKED: Final = (
    ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
)
"""Somebody who has not answered yet, and is asked to (RFC 5545, 3.2)."""
_MOMENT: Final = "%Y%m%dT%H%M%SZ"


def method_of(meeting: Invitation) -> str:
    """Return what the calendar is to do with it: ``REQUEST`` or ``CANCEL``."""
    return "CANCEL" if meeting.cancelled else "REQUEST"


def uid(stream: str, meeting: str) -> str:
    """Return the UID of a meeting, the same for life and for everybody."""
    digest = sha256(f"meeting\0{stream}\0{meeting}".encode()).hexdigest()
    return f"{digest[:40]}@{UID_DOMAIN}"


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
        f"DTSTAMP:{_moment(stamp)}",
        f"DTSTART:{_moment(meeting.begins)}",
        f"DTEND:{_moment(meeting.ends)}",
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
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _where(location: str, online: str) -> Iterator[str]:
    if location:
        yield f"LOCATION:{escaped(location)}"
    if _LINK.fullmatch(online):
        yield f"URL:{online}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_MOMENT)


def escaped(text: str) -> str:
    """Return ``text`` as a value of type TEXT (RFC 5545, 3.3.11)."""
    broken = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _CONTROL.sub(" ", broken).encode("utf-8", "replace").decode()
    for sign in ("\\", ";", ","):
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Give the parts of a line of at most 75 octets; no sign is broken in two."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _LONGEST_LINE:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part


def _called(who: Address) -> str:
    name = _IN_NO_PARAMETER.sub(" ", who.display_name).strip()
    return f';CN="{name}"' if name else ""


def _mailto(who: Address) -> str:
    return f"mailto:{quote(who.addr_spec, safe=_WITHOUT_ESCAPE)}"

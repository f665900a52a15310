"""Dates and meetings of all dialogues as a calendar feed (RFC 5545, RFC 7986).

A calendar asks for it again and again, so each thing keeps its UID for life: a meeting
the one that is in its invitations. Nothing private is in it: no places, no people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from desk import reading
from desk.desk import Desk
from desk.titles import Titles
from domain.state import Dialogue
from language import mark, translator
from language.icalendar import UID_DOMAIN, escaped, moment, uid, whole
from storage.agenda import DateRow, MeetingRow, dates, meetings

MEDIA_TYPE: Final = "text/calendar"

_BACK: Final = timedelta(days=31)
"""How long what is over stays in it."""

_NAMED: Final = 200
"""Of how many dialogues the plan is read, for the titles of their windows."""

_TINY: Final = timedelta(microseconds=1)
_CLOSES: Final = mark("Last day: {what}")
_CALLED_OFF: Final = mark("Called off: {what}")
_NAME: Final = mark("Dialogues of {organisation}")


async def agenda(
    desk: Desk,
    organisation: str,
    lang: str,
    *,
    only: str | None = None,
    now: datetime | None = None,
) -> str:
    """Give the calendar of an organisation's dialogues, or of the one named ``only``.

    Without what was over a month before ``now``, by default this moment.
    """
    now = now or datetime.now(UTC)
    since = now - _BACK
    due = await dates(desk.pool, organisation, since, only)
    held = await meetings(desk.pool, organisation, since, only)
    titles = await _titles(desk, due, lang)
    name = translator(lang)(_NAME).format(organisation=organisation)
    return whole(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Polder//Polder//EN",
            "VERSION:2.0",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            f"NAME:{escaped(name)}",
            f"X-WR-CALNAME:{escaped(name)}",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            *_all(_date(each, titles, lang) for each in due),
            *_all(_meeting(each, lang) for each in held),
            "END:VCALENDAR",
        ]
    )


def _all(each: Iterable[Iterable[str]]) -> Iterator[str]:
    for lines in each:
        yield "BEGIN:VEVENT"
        yield from lines
        yield "END:VEVENT"


async def _titles(
    desk: Desk, rows: Iterable[DateRow], lang: str
) -> dict[tuple[str, str], str]:
    """Give what windows are called, by dialogue and name."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        if row.kind == "window":
            wanted.setdefault(row.stream, set()).add(row.target)
    found: dict[tuple[str, str], str] = {}
    for stream in [*wanted][:_NAMED]:
        state: Dialogue | None = await reading.find(desk.pool, stream)
        if state is not None:
            titles = Titles(state.plan, lang)
            found |= {(stream, each): titles.window(each) for each in wanted[stream]}
    return found


def _date(
    row: DateRow, titles: Mapping[tuple[str, str], str], lang: str
) -> Iterator[str]:
    what = titles.get((row.stream, row.target), row.target)
    day = _last_day(row)
    key = "\0".join((row.kind, row.stream, row.target, str(row.run)))
    yield f"UID:{sha256(key.encode()).hexdigest()[:40]}@{UID_DOMAIN}"
    yield f"DTSTAMP:{moment(row.updated_at)}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    if row.kind == "window":
        what = translator(lang)(_CLOSES).format(what=what)
    yield from _called(what, row.dialogue, lang)
    yield "TRANSP:TRANSPARENT"


def _last_day(row: DateRow) -> date:
    """Give the last day that counts, on the dialogue's wall clock."""
    return (row.due - _TINY).astimezone(ZoneInfo(row.zone)).date()


def _meeting(row: MeetingRow, lang: str) -> Iterator[str]:
    off = row.status in {"cancelled", "voided"}
    title = translator(lang)(_CALLED_OFF).format(what=row.title) if off else row.title
    yield f"UID:{uid(row.stream, row.meeting)}"
    yield f"SEQUENCE:{row.sequence}"
    yield f"DTSTAMP:{moment(row.updated_at)}"
    yield f"DTSTART:{moment(row.begins)}"
    yield f"DTEND:{moment(row.ends)}"
    yield from _called(title, row.dialogue, lang)
    yield f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}"


def _called(what: str, dialogue: str, lang: str) -> Iterator[str]:
    yield f"SUMMARY;LANGUAGE={lang}:{escaped(f'{what} — {dialogue}')}"

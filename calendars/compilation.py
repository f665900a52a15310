"""A calendar is compiled from a holiday library, our legal layer and zone rules.

The library knows when Easter falls and when the King's birthday is celebrated; the
legal layer adds what the law counts and the library's public holidays leave out.
Zone rules come from the `tzdata` package, not from the machine, so the same
versions give the same calendar, and the same hash, everywhere.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from holidays import country_holidays

from calendars import law
from domain.calendar import ONE_DAY, SATURDAY, Calendar, TermLaw, Transition
from evidence.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CalendarId = Literal["NL", "BE"]

_STEP: Final = timedelta(hours=6)
_SECOND: Final = timedelta(seconds=1)


class _Country(NamedTuple):
    categories: tuple[str, ...]
    legal_days: Callable[[int], frozenset[date]]
    law: TermLaw
    source: str


_COUNTRIES: Final[dict[str, _Country]] = {
    "NL": _Country(
        ("public", "optional"),
        law.dutch_legal_days,
        law.DUTCH,
        "Algemene termijnenwet art. 1-4, days equated by decree known up to and"
        f" including {law.DECREES_KNOWN_TO}",
    ),
    "BE": _Country(
        ("public",),
        law.belgian_legal_days,
        law.BELGIAN,
        "Gerechtelijk Wetboek art. 52-53, koninklijk besluit 18 april 1974 art. 1",
    ),
}

CALENDARS: Final = tuple(_COUNTRIES)
"""Ids of the calendars that can be compiled."""


class UnknownCalendar(Exception):
    """There is no calendar of that id: use one of those named."""

    def __init__(self, wanted: str) -> None:
        """Name what was asked and what there is."""
        self.wanted = wanted
        super().__init__(
            f"there is no calendar {wanted!r}: use one of {', '.join(CALENDARS)}"
        )


class UnknownZone(Exception):
    """There is no time zone of that name: use a name of the IANA time zones."""

    def __init__(self, wanted: str) -> None:
        """Name what was asked, and the names that look most like it."""
        self.wanted = wanted
        near = get_close_matches(wanted, _zone_names(), n=3) or ["Europe/Amsterdam"]
        super().__init__(
            f"there is no time zone {wanted!r}: use one of the {len(_zone_names())}"
            f" IANA names, for example {', '.join(near)}"
        )


def compile_calendar(
    id: CalendarId,  # noqa: A002 (the calendar's own word)
    zone: str,
    first_year: int,
    years: int = 10,
) -> Calendar:
    """Compile the calendar of whole years, from 1 January of `first_year` on.

    `zone` is an IANA name. Raises `UnknownCalendar` or `UnknownZone`, whose
    messages name what there is; ValueError for less than one year.
    """
    country = _COUNTRIES.get(id)
    if country is None:
        raise UnknownCalendar(id)
    if years < 1:
        message = "a calendar covers at least one year"
        raise ValueError(message)
    rules = _zone_rules(zone)
    first, last = date(first_year, 1, 1), date(first_year + years - 1, 12, 31)
    start = datetime.combine(first, datetime.min.time(), rules).astimezone(UTC)
    return Calendar(
        id=id,
        zone=zone,
        first=first,
        last=last,
        non_working=_non_working(id, country, range(first_year, first_year + years)),
        offset=_offset(rules, start),
        transitions=tuple(_transitions(rules, start, last)),
        law=country.law,
        source=f"{country.source}; holidays {version('holidays')};"
        f" tzdata {version('tzdata')}",
    )


def calendar_hash(calendar: Calendar) -> str:
    """Give the SHA-256, in hex, of the calendar's canonical JSON (RFC 8785)."""
    return hashlib.sha256(canonical(calendar.model_dump(mode="json"))).hexdigest()


def _non_working(id_: str, country: _Country, years: range) -> tuple[date, ...]:
    celebrated = country_holidays(id_, years=years, categories=country.categories)
    legal = frozenset[date]().union(*map(country.legal_days, years))
    days = legal | set(celebrated)
    return tuple(sorted(day for day in days if day.weekday() < SATURDAY))


@cache
def _zone_names() -> tuple[str, ...]:
    return tuple(files("tzdata").joinpath("zones").read_text("utf-8").split())


def _zone_rules(zone: str) -> ZoneInfo:
    # Membership first: a name becomes a path below, and must not lead elsewhere.
    if zone not in _zone_names():
        raise UnknownZone(zone)
    with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, zone)


def _transitions(rules: ZoneInfo, start: datetime, last: date) -> Iterator[Transition]:
    """Find each jump by walking in steps shorter than any two jumps lie apart."""
    # Two days beyond the last: no zone is further than a day from UTC.
    end = datetime.combine(last + 2 * ONE_DAY, datetime.min.time(), UTC)
    before = start
    while before < end:
        after = before + _STEP
        if _offset(rules, before) != _offset(rules, after):
            jump = _jump_between(rules, before, after)
            yield Transition(at=jump, offset=_offset(rules, jump))
        before = after


def _jump_between(rules: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = _offset(rules, before)
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        if _offset(rules, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(rules: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(rules).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())

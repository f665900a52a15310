"""A calendar is compiled from a holiday library, our legal layer and zone rules.

The library knows when Easter falls and when the King's birthday is celebrated; the
legal layer adds what the law counts and the library's public holidays leave out.
Zone rules come from the `tzdata` package, not from the machine, so the same
versions give the same calendar, and the same hash, everywhere.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from holidays import country_holidays

from calendars import law
from domain.calendar import (
    FIRST_DAY,
    LAST_DAY,
    ONE_DAY,
    SATURDAY,
    Calendar,
    TermLaw,
    Transition,
)
from domain.errors import CalendarUnfit, DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator

CalendarId = Literal["NL", "BE"]

_STEP: Final = timedelta(hours=6)
_SECOND: Final = timedelta(seconds=1)


class _Country(NamedTuple):
    always: tuple[tuple[int, int], ...]
    equated: tuple[date, ...]
    law: TermLaw
    source: str


_COUNTRIES: Final[dict[str, _Country]] = {
    "NL": _Country(
        law.ALWAYS_COUNTED,
        law.EQUATED_BY_DECREE,
        law.DUTCH,
        "Algemene termijnenwet art. 1-4, days equated by decree known for"
        f" {law.DECREES_KNOWN[0]} to {law.DECREES_KNOWN[1]}",
    ),
    "BE": _Country(
        (),
        (),
        law.BELGIAN,
        "Gerechtelijk Wetboek art. 52-53, koninklijk besluit 18 april 1974 art. 1",
    ),
}

CALENDARS: Final = tuple(_COUNTRIES)
"""Ids of the calendars that can be compiled."""


class UnknownCalendar(DomainError):
    """There is no calendar {calendar}. There are: {known}."""


class UnknownZone(DomainError):
    """There is no time zone {zone}. Use one of the {count} IANA names, for example {near}."""  # noqa: E501 (the docstring is the message)


def compile_calendar(
    id: CalendarId,
    zone: str,
    first_year: int,
    years: int = 10,
) -> Calendar:
    """Compile the calendar of whole years, from 1 January of `first_year` on.

    `zone` is an IANA name. Raises `UnknownCalendar` or `UnknownZone`, whose
    messages name what there is, or `CalendarUnfit` for years that no calendar has;
    ValueError for less than one year.
    """
    country = _COUNTRIES.get(id)
    if country is None:
        raise UnknownCalendar(calendar=id, known=", ".join(CALENDARS))
    if years < 1:
        message = "a calendar covers at least one year"
        raise ValueError(message)
    if not FIRST_DAY.year <= first_year <= LAST_DAY.year + 1 - years:
        problem = f"it would leave the years {FIRST_DAY.year} to {LAST_DAY.year}"
        raise CalendarUnfit(problem=problem)
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


def _non_working(id_: str, country: _Country, years: range) -> tuple[date, ...]:
    celebrated = country_holidays(id_, years=years)
    always = {date(year, *day) for year in years for day in country.always}
    equated = {day for day in country.equated if day.year in years}
    days = always | equated | set(celebrated)
    return tuple(sorted(day for day in days if day.weekday() < SATURDAY))


@cache
def _zone_names() -> tuple[str, ...]:
    return tuple(files("tzdata").joinpath("zones").read_text("utf-8").split())


def _zone_rules(zone: str) -> ZoneInfo:
    # Membership first: a name becomes a path below, and must not lead elsewhere.
    names = _zone_names()
    if zone not in names:
        near = get_close_matches(zone, names, n=3) or ["Europe/Amsterdam"]
        raise UnknownZone(zone=zone, count=len(names), near=", ".join(near))
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

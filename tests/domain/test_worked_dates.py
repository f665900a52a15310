"""Worked dates: what the law gives, each with its source or its reasoning."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from calendars import compile_calendar
from domain.calendar import Calendar
from domain.terms import Duration, closing

Country = Literal["NL", "BE"]
ZONES: dict[Country, str] = {"NL": "Europe/Amsterdam", "BE": "Europe/Brussels"}


@cache
def calendar_of(country: Country) -> Calendar:
    """Compile once for all tests."""
    return compile_calendar(country, ZONES[country], 2017, 16)


def noon(country: Country, day: str) -> datetime:
    """Give noon of a local day, in UTC."""
    local = datetime.combine(date.fromisoformat(day), time(12))
    return local.replace(tzinfo=ZoneInfo(ZONES[country])).astimezone(UTC)


class Worked(NamedTuple):
    """A date worked out by hand from its source, never by the code under test."""

    country: Country
    opened: str
    duration: Duration
    last: str
    law: str | None
    rolled_from: str | None
    source: str


def days(amount: int) -> Duration:
    """State a term in calendar days."""
    return Duration(calendar_days=amount)


def working(amount: int) -> Duration:
    """State a term in working days."""
    return Duration(working_days=amount)


ATW1, ATW2, ATW3, ATW4 = "NL:Atw:1", "NL:Atw:2", "NL:Atw:3", "NL:Atw:4"
GERW, KB = "BE:GerW:53", "BE:KB-1974-04-18:1"

WORKED = [
    # Dutch terms in calendar days
    Worked("NL", "2017-12-19", days(3), "2017-12-22", ATW1, None,
           "staatsrechtpraktijk.nl: signed on Tuesday 19, undone until Friday 22"),
    Worked("NL", "2017-12-20", days(3), "2017-12-27", ATW1, "2017-12-23",
           "staatsrechtpraktijk.nl: a day later, until Wednesday 27"),
    Worked("NL", "2017-04-14", days(14), "2017-05-01", ATW1, "2017-04-28",
           "28 April 2017 equated, decree of 24 October 2016"),
    Worked("NL", "2018-02-16", days(42), "2018-04-03", ATW1, "2018-03-30",
           "beestdelft.nl: ends on Good Friday, so the Tuesday after Easter"),
    Worked("NL", "2018-12-10", days(14), "2018-12-27", ATW1, "2018-12-24",
           "Monday 24 December 2018 equated, then both Christmas days"),
    Worked("NL", "2021-04-30", days(14), "2021-05-17", ATW1, "2021-05-14",
           "legal-support-office.nl: 14 May 2021 equated"),
    Worked("NL", "2026-06-10", days(3), "2026-06-15", ATW1, "2026-06-13",
           "vdv-vh.nl/atw: three days up to a Saturday, so Monday"),
    Worked("NL", "2026-04-01", days(3), "2026-04-07", ATW1, "2026-04-04",
           "vdv-vh.nl/atw: the same with Easter Monday, so Tuesday"),
    Worked("NL", "2026-11-13", days(42), "2026-12-28", ATW1, "2026-12-25",
           "six weeks to Christmas Day, a Friday: Saturday and Sunday follow"),
    Worked("NL", "2026-11-21", days(42), "2027-01-04", ATW1, "2027-01-02",
           "six weeks across the year's end to a Saturday"),
    Worked("NL", "2026-12-02", days(30), "2027-01-04", ATW1, "2027-01-01",
           "New Year's Day, a Friday"),
    Worked("NL", "2026-04-28", days(7), "2026-05-06", ATW1, "2026-05-05",
           "art. 3: 5 May 2026, no lustrum year, a Tuesday"),
    Worked("NL", "2027-04-28", days(7), "2027-05-10", ATW1, "2027-05-05",
           "5 May, Ascension Day, 7 May equated, Saturday, Sunday"),
    Worked("NL", "2026-04-13", days(14), "2026-04-28", ATW1, "2026-04-27",
           "King's day, a Monday"),
    Worked("NL", "2026-04-27", days(28), "2026-05-26", ATW1, "2026-05-25",
           "Whit Monday 2026, seven weeks after Easter Monday 6 April"),
    Worked("NL", "2028-02-15", days(14), "2028-02-29", ATW1, None,
           "leap day, a Tuesday: 29 February counts and can be the last day"),
    Worked("NL", "2028-02-15", days(15), "2028-03-01", ATW1, None,
           "the day after leap day"),
    Worked("NL", "2027-02-15", days(14), "2027-03-01", ATW1, None,
           "the same in a year without leap day"),
    Worked("NL", "2028-11-14", days(42), "2028-12-27", ATW1, "2028-12-26",
           "second Christmas day, a Tuesday"),
    Worked("NL", "2026-04-17", days(14), "2026-05-01", ATW1, None,
           "1 May is no holiday in the Netherlands"),
    # art. 2: at least two working days in a term of three days or more
    Worked("NL", "2026-12-24", days(3), "2026-12-29", ATW2, "2026-12-27",
           "art. 1 gives Monday 28, the only working day: one more"),
    Worked("NL", "2026-12-24", days(2), "2026-12-28", ATW1, "2026-12-26",
           "art. 2 does not hold for two days"),
    Worked("NL", "2026-04-02", days(4), "2026-04-08", ATW2, "2026-04-06",
           "Good Friday up to Easter Monday: Tuesday and Wednesday are needed"),
    # art. 4(a): 90 days are within the law, 91 are not
    Worked("NL", "2026-11-22", days(90), "2027-02-22", ATW1, "2027-02-20",
           "90 days up to a Saturday run on"),
    Worked("NL", "2026-11-21", days(91), "2027-02-20", ATW4, None,
           "91 days up to the same Saturday do not"),
    # Dutch terms in working days
    Worked("NL", "2026-11-21", working(10), "2026-12-04", ATW3, None,
           "two full weeks after a Saturday"),
    Worked("NL", "2026-12-23", working(5), "2026-12-31", ATW3, None,
           "24, 28, 29, 30 and 31 December"),
    Worked("NL", "2026-12-23", working(6), "2027-01-04", ATW3, None,
           "New Year's Day and the weekend do not count"),
    Worked("NL", "2026-04-01", working(3), "2026-04-08", ATW3, None,
           "Thursday 2, then Tuesday 7 and Wednesday 8 April"),
    Worked("NL", "2027-05-04", working(2), "2027-05-11", ATW3, None,
           "10 and 11 May: 5 May, Ascension Day and an equated day do not count"),
    # Dutch terms until a day
    Worked("NL", "2026-11-21", Duration(until=date(2026, 12, 27)), "2026-12-27",
           None, None, "a named day stands, also a Sunday"),
    Worked("NL", "2026-11-21", Duration(until=date(2026, 11, 21)), "2026-11-21",
           None, None, "the day of opening can be named"),
    # Belgian terms
    Worked("BE", "2028-11-14", days(42), "2028-12-26", GERW, None,
           "ckbgentstad.be: 26 December is an ordinary working day"),
    Worked("BE", "2026-10-19", days(14), "2026-11-02", GERW, None,
           "ckbgentstad.be: 2 November is an ordinary working day"),
    Worked("BE", "2026-03-20", days(14), "2026-04-03", GERW, None,
           "Good Friday is an ordinary working day"),
    Worked("BE", "2026-03-23", days(14), "2026-04-07", GERW, "2026-04-06",
           "Easter Monday"),
    Worked("BE", "2026-04-17", days(14), "2026-05-04", GERW, "2026-05-01",
           "1 May, a Friday: the next working day is Monday"),
    Worked("BE", "2026-06-21", days(30), "2026-07-22", GERW, "2026-07-21",
           "the national day, a Tuesday"),
    Worked("BE", "2026-10-12", days(30), "2026-11-12", GERW, "2026-11-11",
           "11 November, a Wednesday"),
    Worked("BE", "2028-07-16", days(30), "2028-08-16", GERW, "2028-08-15",
           "Assumption, a Tuesday"),
    Worked("BE", "2026-04-28", days(7), "2026-05-05", GERW, None,
           "5 May is no holiday in Belgium"),
    Worked("BE", "2026-11-21", days(91), "2027-02-22", GERW, "2027-02-20",
           "Belgian law knows no limit of 90 days"),
    Worked("BE", "2026-12-24", days(3), "2026-12-28", GERW, "2026-12-27",
           "Belgian law knows no minimum of working days"),
    Worked("BE", "2026-12-23", working(2), "2026-12-28", KB, None,
           "24 and 28 December"),
]  # fmt: skip


@pytest.mark.parametrize("worked", WORKED, ids=lambda w: f"{w.country} {w.source}")
def test_worked_dates(worked: Worked) -> None:
    """A term ends on the day that its source or its reasoning gives, and says why."""
    calendar = calendar_of(worked.country)

    term = closing(calendar, noon(worked.country, worked.opened), worked.duration)

    assert str(term.last_day) == worked.last
    assert term.rule.law == worked.law
    rolled_from = term.rule.rolled_from
    assert (rolled_from and str(rolled_from)) == worked.rolled_from
    assert term.rule.last_day == term.last_day
    assert str(term.rule.counted_from) == worked.opened
    assert (term.rule.calendar, term.rule.zone) == (calendar.id, calendar.zone)
    midnight = datetime.combine(
        term.last_day + timedelta(days=1), time(0), ZoneInfo(ZONES[worked.country])
    )
    assert term.closes == midnight

"""A compiled calendar holds the days of the law, whatever the library calls them."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

import pytest

from calendars import CALENDARS, UnknownCalendar, UnknownZone, compile_calendar
from domain.calendar import Calendar
from domain.errors import CalendarUnfit
from evidence.canonical import content_hash

YEARS = range(2017, 2037)


def hash_of(calendar: Calendar) -> str:
    """Give the hash by which a dialogue knows its calendar."""
    return content_hash(calendar.model_dump(mode="json"))


DECREED = """
    2017-04-28 2017-05-26 2018-05-11 2018-12-24 2018-12-31 2019-05-31 2019-12-27
    2020-05-22 2021-05-14 2022-05-27 2023-04-28 2023-05-19 2024-05-10 2024-12-27
    2025-05-30 2026-01-02 2026-05-15 2027-05-07 2028-04-28 2028-05-26
"""


def easter(year: int) -> date:
    """Give Easter Sunday by the rule of Meeus, Jones and Butcher (Nature, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def after_easter(year: int, *offsets: int) -> set[date]:
    """Give the days so many days from Easter Sunday."""
    return {easter(year) + timedelta(days=n) for n in offsets}


def dutch_days(year: int) -> set[date]:
    """Work out Atw art. 3(1) and (2) by hand, weekends included."""
    kings_day = date(year, 4, 27)
    if kings_day.isoweekday() == 7:
        kings_day -= timedelta(days=1)
    fixed = {date(year, *md) for md in ((1, 1), (5, 5), (12, 25), (12, 26))}
    return fixed | {kings_day} | after_easter(year, -2, 1, 39, 50)


def belgian_days(year: int) -> set[date]:
    """Work out the ten legal holidays of Belgium by hand, weekends included."""
    fixed = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
    return {date(year, *md) for md in fixed} | after_easter(year, 1, 39, 50)


def on_weekdays(days: set[date]) -> tuple[date, ...]:
    """Leave out Saturdays and Sundays."""
    return tuple(sorted(day for day in days if day.isoweekday() < 6))


def test_the_dutch_days_are_those_of_the_law() -> None:
    """Twenty years of Dutch days off are art. 3 of the Atw, decrees included."""
    calendar = compile_calendar("NL", "Europe/Amsterdam", 2017, 20)
    by_law = {day for year in YEARS for day in dutch_days(year)}
    decreed = {date.fromisoformat(day) for day in DECREED.split()}
    assert calendar.non_working == on_weekdays(by_law | decreed)


def test_the_belgian_days_are_those_of_the_law() -> None:
    """Twenty years of Belgian days off are the ten legal holidays, no more."""
    calendar = compile_calendar("BE", "Europe/Brussels", 2017, 20)
    by_law = {day for year in YEARS for day in belgian_days(year)}
    assert calendar.non_working == on_weekdays(by_law)


@pytest.mark.parametrize("year", [2021, 2022, 2023, 2026, 2027])
def test_the_fifth_of_may_counts_in_ordinary_years(year: int) -> None:
    """5 May is a holiday every year, not only every fifth."""
    calendar = compile_calendar("NL", "Europe/Amsterdam", year, 1)
    assert date(year, 5, 5) in calendar.non_working


def test_it_covers_whole_years() -> None:
    """Ten years run from New Year's Day up to and including the last 31 December."""
    calendar = compile_calendar("NL", "Europe/Amsterdam", 2026)
    assert calendar.first == date(2026, 1, 1)
    assert calendar.last == date(2035, 12, 31)
    assert calendar.offset == 3_600
    assert len(calendar.transitions) == 20


def test_it_says_where_it_comes_from() -> None:
    """The source names the law, the decrees' years, and both libraries' versions."""
    source = compile_calendar("NL", "Europe/Amsterdam", 2026).source
    for word in ("Algemene termijnenwet", "2017 to 2028", "holidays 0.", "tzdata 20"):
        assert word in source


@pytest.mark.parametrize("country", CALENDARS)
def test_it_survives_being_written_and_read(country: str) -> None:
    """Written as JSON and read again it is the same calendar with the same hash."""
    calendar = compile_calendar(country, "Europe/Brussels", 2026)  # pyright: ignore[reportArgumentType]
    read = Calendar.model_validate_json(calendar.model_dump_json())
    assert read == calendar
    assert hash_of(read) == hash_of(calendar)
    assert len(calendar.model_dump_json()) < 4_000


def test_its_hash_is_that_of_its_canonical_json() -> None:
    """Whoever sorts the members and leaves out the blanks finds the same SHA-256."""
    calendar = compile_calendar("NL", "Europe/Amsterdam", 2026)
    members = calendar.model_dump(mode="json")
    # All names and texts are ASCII, where sorted JSON without blanks is RFC 8785.
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    assert text.isascii()
    assert hash_of(calendar) == hashlib.sha256(text.encode()).hexdigest()


def test_any_change_changes_the_hash() -> None:
    """Two zones with the same rules, or another year, are another calendar."""
    made = [
        compile_calendar("NL", "Europe/Amsterdam", 2026),
        compile_calendar("NL", "Europe/Brussels", 2026),
        compile_calendar("NL", "Europe/Amsterdam", 2027),
        compile_calendar("NL", "Europe/Amsterdam", 2026, 9),
        compile_calendar("BE", "Europe/Amsterdam", 2026),
    ]
    assert len({hash_of(calendar) for calendar in made}) == len(made)


def test_an_unknown_calendar_is_refused_with_those_there_are() -> None:
    """Who asks for Germany hears what there is."""
    with pytest.raises(UnknownCalendar, match="There are: NL, BE"):
        compile_calendar("DE", "Europe/Berlin", 2026)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("zone", ["Europe/Amsterdm", "", "../../etc/passwd", "/UTC"])
def test_an_unknown_zone_is_refused_with_a_name_that_works(zone: str) -> None:
    """A name that is no zone's, a path among them, is refused with an example."""
    with pytest.raises(UnknownZone, match=r"for example .+/"):
        compile_calendar("NL", zone, 2026)


def test_less_than_a_year_is_refused() -> None:
    """A calendar without days is none."""
    with pytest.raises(ValueError, match="at least one year"):
        compile_calendar("NL", "Europe/Amsterdam", 2026, 0)


@pytest.mark.parametrize("year", [1, 1899, 2991, 9999])
def test_years_that_no_calendar_has_are_refused(year: int) -> None:
    """As whoever asks can understand, whatever year their clock starts in."""
    with pytest.raises(CalendarUnfit, match="1900 to 2999"):
        compile_calendar("NL", "Europe/Amsterdam", year)

"""Worked dates of terms that change: extended, shortened, stopped, posted; sourced.

Every last day here was worked out by hand from its source, with a calendar on paper.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import end_of_day
from domain.commands import (
    CompleteItems,
    CompleteStep,
    ExtendWindow,
    OpenWindow,
    PauseDialogue,
    RecordResponse,
    ResumeDialogue,
    ShortenWindow,
    StartStep,
)
from domain.events import ResponseRecorded
from domain.suspension_facts import LiftSuspension, SuspendDialogue
from domain.terms import Duration, closing, extend, last_day, later_by_days
from tests.domain.asking import asking
from tests.domain.story import HOLDERS, SAID, SYSTEM, Story, has, nothing, start
from tests.domain.test_worked_dates import (
    ATW1,
    ATW2,
    ATW3,
    GERW,
    ZONES,
    Country,
    calendar_of,
    days,
    noon,
    working,
)

DRAFT = "invite.draft"


class Extended(NamedTuple):
    """A term that was extended: its last day before, and after."""

    country: Country
    opened: str
    first: Duration
    before: str
    more: Duration
    after: str
    law: str | None
    source: str


EXTENDED = [
    Extended("NL", "2026-03-02", days(42), "2026-04-13", days(14), "2026-04-28", ATW1,
             "Monday 13 April and two weeks is King's day: Tuesday 28 April"),
    Extended("NL", "2026-03-16", days(14), "2026-03-30", days(4), "2026-04-07", ATW1,
             "Atw art. 3: Good Friday 3 April, then Easter: Tuesday 7 April"),
    Extended("NL", "2026-04-20", working(5), "2026-04-28", working(5), "2026-05-06",
             ATW3, "27 April and 5 May do not count, in no year (Atw art. 3)"),
    Extended("NL", "2027-04-13", days(21), "2027-05-04", days(3), "2027-05-11", ATW2,
             "5 May, Ascension Day, 7 May equated, a weekend; art. 2 wants two days"),
    Extended("NL", "2026-12-04", days(14), "2026-12-18", days(7), "2026-12-28", ATW1,
             "Christmas Day, a Friday; the weekend follows: Monday 28 December"),
    Extended("NL", "2021-12-14", days(84), "2022-03-08",
             Duration(until=date(2022, 4, 19)), "2022-04-19", None,
             "Human Rights Act reform: closed 8 March, for one audience 19 April"),
    Extended("NL", "2026-10-12", days(14), "2026-10-26", days(1), "2026-10-27",
             ATW1, "counted on from the last day, across the end of summer time"),
    Extended("BE", "2026-03-20", days(14), "2026-04-03", days(3), "2026-04-07", GERW,
             "Ger.W. art. 53: Good Friday counts, Easter Monday does not"),
    Extended("BE", "2026-04-24", days(7), "2026-05-04", days(10), "2026-05-15", GERW,
             "1 May 2026 is a Friday: Monday 4; then Ascension Day: Friday 15 May"),
]  # fmt: skip


@pytest.mark.parametrize("worked", EXTENDED, ids=lambda w: w.source)
def test_an_extension_counts_on_from_the_last_day(worked: Extended) -> None:
    """Nobody gets less than was promised, and the law moves the new last day too."""
    calendar = calendar_of(worked.country)
    first = closing(calendar, noon(worked.country, worked.opened), worked.first)
    assert str(first.last_day) == worked.before
    term = extend(calendar, first.closes, worked.more)
    assert str(term.last_day) == worked.after
    assert term.rule.law == worked.law
    assert str(term.rule.counted_from) == worked.before
    assert term.closes == midnight_after(worked.country, worked.after)


def midnight_after(country: Country, day: str) -> datetime:
    """Give the end of a local day."""
    after = date.fromisoformat(day) + timedelta(days=1)
    return datetime.combine(after, time(0), ZoneInfo(ZONES[country]))


class Stopped(NamedTuple):
    """A term that stood still in whole days: its last day before, and after."""

    country: Country
    before: str
    days: int
    after: str
    source: str


STOPPED = [
    Stopped("BE", "2020-04-09", 32, "2020-05-11",
            "Flanders, 24 March to 24 April 2020: 17 days left, from 25 April"),
    Stopped("BE", "2020-04-09", 41, "2020-05-20",
            "Diepenbeek resumed on 4 May 2020: the same 17 days from there"),
    Stopped("BE", "2020-03-31", 32, "2020-05-04",
            "8 days left end on Saturday 2 May: Monday (Ger.W. art. 53)"),
    Stopped("NL", "2026-03-27", 32, "2026-04-28",
            "four days left across the clock's change, and no hour is lost"),
    Stopped("NL", "2026-04-03", 32, "2026-05-06",
            "32 days later is 5 May, a holiday (Atw art. 3)"),
    Stopped("NL", "2027-04-07", 30, "2027-05-10",
            "30 days later is 7 May 2027, equated by decree; then a weekend"),
    Stopped("NL", "2026-03-20", 14, "2026-04-07",
            "14 days later is Good Friday: Tuesday after Easter"),
]  # fmt: skip


@pytest.mark.parametrize("worked", STOPPED, ids=lambda w: w.source)
def test_a_suspension_gives_whole_days_back(worked: Stopped) -> None:
    """What was left in days is left in days, and the last is a working day."""
    calendar = calendar_of(worked.country)
    before = end_of_day(calendar, date.fromisoformat(worked.before))
    after = later_by_days(calendar, before, worked.days)
    assert after == midnight_after(worked.country, worked.after)
    assert str(last_day(calendar, after)) == worked.after


def asked(late: str = "accept", more: str = "may_close_early: true") -> Story:
    """Begin a story in which the panel is asked on Tuesday 1 December 2026.

    The last day is Tuesday 15 December: ten working days (Atw art. 3).
    """
    of = asking(late, more)
    story = nothing().and_(start(of, roles=HOLDERS, language="en"))
    story.at(datetime(2026, 11, 23, 11, tzinfo=UTC)).and_(StartStep(step="brief"))
    story.windows_end()
    story.at(datetime(2026, 12, 1, 11, tzinfo=UTC))
    story.and_(CompleteItems(items=("brief.money", "brief.question")))
    story.and_(CompleteStep(step="brief"), StartStep(step="invite"))
    return story.and_(OpenWindow(window=DRAFT, audience="panel"))


def closes(story: Story) -> datetime:
    """Give when the panel's window closes."""
    return story.run(DRAFT).closes


def test_a_term_is_shortened_from_its_opening() -> None:
    """Five working days from 1 December end on the 8th; a named day stands."""
    story = asked()
    story.and_(ShortenWindow(window=DRAFT, duration=working(5), reason=SAID))
    assert closes(story) == midnight_after("NL", "2026-12-08")
    story = asked()
    day = Duration(until=date(2026, 12, 6))
    story.and_(ShortenWindow(window=DRAFT, duration=day, reason=SAID))
    assert closes(story) == midnight_after("NL", "2026-12-06")


def test_a_pause_gives_the_time_back_and_an_extension_ends_at_midnight_again() -> None:
    """Paused for 3 days and 5 hours: closes at five; a day more ends at midnight.

    docs/decisions/2026-11-21-core.md: pausing is exact.
    """
    story = asked().and_(PauseDialogue(reason=SAID)).later(days=3, hours=5)
    story.and_(ResumeDialogue())
    assert closes(story) == midnight_after("NL", "2026-12-18") + timedelta(hours=5)
    story.and_(ExtendWindow(window=DRAFT, duration=working(1), reason=SAID))
    assert closes(story) == midnight_after("NL", "2026-12-21")


def test_a_suspension_over_the_turn_of_the_year_skips_what_is_no_working_day() -> None:
    """Stopped on 10 December for 24 days: the 15th becomes 8 January 2027, a Friday.

    For 18 days it would be Saturday 2 January, so it is Monday the 4th.
    """
    for span, last in ((24, "2027-01-08"), (18, "2027-01-04")):
        story = asked().at(datetime(2026, 12, 10, 9, tzinfo=UTC))
        story.and_(SuspendDialogue(suspension="s-1"), by=SYSTEM).later(days=span)
        story.and_(LiftSuspension(suspension="s-1"), by=SYSTEM)
        assert closes(story) == midnight_after("NL", last)


@pytest.mark.parametrize(
    ("posted", "received", "late"),
    [
        ("2026-12-15", "2026-12-22T22:59:59", False),
        ("2026-12-15", "2026-12-22T23:00:00", True),
        ("2026-12-14", "2026-12-17T10:00:00", False),
        ("2026-12-16", "2026-12-17T10:00:00", True),
    ],
)
def test_a_letter_by_its_postmark(posted: str, received: str, *, late: bool) -> None:
    """Awb art. 6:9(2): posted by the 15th, received within a week, so by the 22nd."""
    story = asked(more="late_by: posted").at(datetime(2026, 12, 28, 11, tzinfo=UTC))
    story.clock_strikes()
    moment = datetime.fromisoformat(received).replace(tzinfo=UTC)
    letter = RecordResponse(
        window=DRAFT, respondent="k-1", received_at=moment, posted_on=posted
    )
    story.when(letter).then(has(ResponseRecorded, late=late))

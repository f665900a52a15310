"""An organisation stops its windows, and each dialogue gets its own time back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as told
from hypothesis import strategies as st

from domain.alarms import next_alarm
from domain.calendar import Calendar, end_of_day, is_working_day, to_local
from domain.commands import (
    AnyCommand,
    CancelDialogue,
    CompleteStep,
    OpenWindow,
    PauseDialogue,
    RecordResponse,
    ResumeDialogue,
    SkipStep,
    StartStep,
)
from domain.errors import DialogueEnded, DialogueNotPaused, NotEntitled, NothingToDo
from domain.events import (
    DialoguePaused,
    DialogueResumed,
    ResponseRecorded,
    WindowClosed,
)
from domain.standing_still import WindowsSuspended
from domain.suspension_facts import (
    DialogueSuspended,
    LiftSuspension,
    SuspendDialogue,
    SuspensionLifted,
)
from domain.terms import Duration, last_day
from tests.domain.changes import amend
from tests.domain.story import ANNE, SAID, SYSTEM, Story, brief_done, given, has

DRAFT = "invite.draft"
STOP, GO = SuspendDialogue(suspension="s-1"), LiftSuspension(suspension="s-1")
OTHER, OTHER_GO = SuspendDialogue(suspension="s-2"), LiftSuspension(suspension="s-2")
PAUSE, RESUME = PauseDialogue(reason=SAID), ResumeDialogue(reason=SAID)


def asked() -> Story:
    """Begin a story in which the panel is asked about the draft."""
    story = brief_done(given())
    return story.and_(StartStep(step="invite"), OpenWindow(window=DRAFT))


def days_left(calendar: Calendar, now: datetime, closes: datetime, unit: str) -> int:
    """Count the days that are left, the day at hand and the last one included."""
    today, last = to_local(calendar, now).date(), last_day(calendar, closes)
    days = [today + timedelta(n) for n in range((last - today).days + 1)]
    counts = unit == "calendar_days"
    return sum(counts or is_working_day(calendar, day) for day in days)


def test_a_suspension_stops_the_windows_and_gives_their_time_back() -> None:
    """As in Flanders in 2020: the days left run after it, and end with a working day.

    Stopped on Friday 4 December with the 15th as last day, for just over 31 days: 32
    later is Saturday 16 January, so that the last day is Monday the 18th.
    """
    story = asked().later(days=3)
    story.when(STOP, by=SYSTEM).then(has(DialogueSuspended, suspension="s-1"))
    assert next_alarm(story.state) is None
    assert story.state.status == "paused"
    story.later(days=31, microseconds=1).when(GO, by=SYSTEM)
    story.then(has(SuspensionLifted, suspension="s-1"))
    assert story.run(DRAFT).closes == datetime(2027, 1, 18, 23, tzinfo=UTC)
    assert story.state.status == "running"
    told = [e for e in story.state.effects.values() if e.notice == "window_resumed"]
    assert [e.recipients for e in told] == [("k-1", "k-2")]


def test_responses_count_meanwhile() -> None:
    """Nothing is late in a window that stands still."""
    story = asked().and_(STOP, by=SYSTEM).later(days=60)
    story.when(RecordResponse(window=DRAFT, respondent="k-1"))
    story.then(has(ResponseRecorded, late=False))


@pytest.mark.parametrize(
    "wish",
    [
        OpenWindow(window="invite.echo"),
        StartStep(step="extra"),
        CompleteStep(step="invite"),
        SkipStep(step="extra", reason=SAID),
        RESUME,
    ],
    ids=lambda wish: type(wish).__name__,
)
def test_no_window_opens_meanwhile_and_nobody_resumes_by_themselves(
    wish: AnyCommand,
) -> None:
    """The refusal says who can let it go on."""
    asked().and_(STOP, by=SYSTEM).when(wish).then_refused(
        WindowsSuspended, "polder organisation"
    )


def test_a_dialogue_that_was_paused_by_itself_stays_paused() -> None:
    """A suspension that ends takes nothing of its pause away."""
    story = asked()
    before = story.run(DRAFT).closes
    story.and_(PAUSE).later(days=5).and_(STOP, by=SYSTEM).later(days=5)
    story.when(GO, by=SYSTEM).then(has(SuspensionLifted, windows=()))
    assert story.state.status == "paused"
    story.later(days=5).when(RESUME).then(DialogueResumed)
    assert story.run(DRAFT).closes == before + timedelta(days=15)


def test_a_suspended_dialogue_can_be_paused_and_the_suspension_outlast_it() -> None:
    """The windows run on when the last of both ends.

    Fifteen days later, and one for Christmas, which is no working day.
    """
    story = asked()
    before = story.run(DRAFT).closes
    story.and_(STOP, by=SYSTEM).later(days=5).when(PAUSE).then(
        has(DialoguePaused, windows=())
    )
    story.when(PAUSE).then_refused(NothingToDo)
    story.later(days=5).when(RESUME).then(has(DialogueResumed, windows=()))
    assert story.state.status == "paused"
    story.when(RESUME).then_refused(WindowsSuspended)
    story.later(days=5).and_(GO, by=SYSTEM)
    assert story.run(DRAFT).closes == before + timedelta(days=16)


@told(
    after=st.integers(0, 20 * 24 * 60),
    minutes=st.integers(1, 90 * 24 * 60),
    unit=st.sampled_from(("working_days", "calendar_days")),
)
def test_no_day_that_was_left_is_lost(after: int, minutes: int, unit: str) -> None:
    """Of those that a window counts in, and it ends with a day that is one."""
    story = brief_done(given()).and_(StartStep(step="invite"))
    duration = Duration.model_validate({unit: 12})
    to = {"duration": duration.model_dump()}
    story.and_(
        amend({"change": "change_window", "window": DRAFT, "to": to}),
        OpenWindow(window=DRAFT),
    )
    story.later(minutes=after)
    if story.now >= story.run(DRAFT).closes:
        return
    calendar = story.state.calendar
    before = days_left(calendar, story.now, story.run(DRAFT).closes, unit)
    story.and_(STOP, by=SYSTEM).later(minutes=minutes).and_(GO, by=SYSTEM)
    closes = story.run(DRAFT).closes
    assert days_left(calendar, story.now, closes, unit) >= before
    assert end_of_day(calendar, last_day(calendar, closes)) == closes
    assert is_working_day(calendar, last_day(calendar, closes))


def test_two_suspensions_hold_until_both_are_lifted() -> None:
    """A second one begins before the first has ended."""
    story = asked()
    before = story.run(DRAFT).closes
    story.and_(STOP, by=SYSTEM).later(days=2).and_(OTHER, by=SYSTEM).later(days=2).and_(
        GO, by=SYSTEM
    )
    assert story.state.status == "paused"
    story.later(days=2).and_(OTHER_GO, by=SYSTEM)
    assert story.run(DRAFT).closes == before + timedelta(days=6)


def test_a_suspension_begins_once_and_ends_once() -> None:
    """The same again changes nothing, and says so."""
    story = (
        asked().and_(STOP, by=SYSTEM).when(STOP, by=SYSTEM).then_refused(NothingToDo)
    )
    story.and_(GO, by=SYSTEM).when(GO, by=SYSTEM).then_refused(NothingToDo)
    story.when(RESUME).then_refused(DialogueNotPaused)


def test_what_was_over_closes_before_a_suspension() -> None:
    """A window whose time had ended does not come back to life."""
    story = asked().later(days=60).when(STOP, by=SYSTEM)
    story.then(WindowClosed, has(DialogueSuspended, windows=()))


def test_a_suspended_dialogue_can_be_cancelled() -> None:
    """What stood still did not run out: it closes early."""
    story = (
        asked().and_(STOP, by=SYSTEM).later(days=90).when(CancelDialogue(reason=SAID))
    )
    assert isinstance(story.new[0].data, WindowClosed)
    assert story.new[0].data.early
    assert story.state.suspended == ()
    story.when(GO, by=SYSTEM).then_refused(DialogueEnded)


def test_a_participant_suspends_nothing() -> None:
    """It takes whoever runs the process, or the system."""
    asked().when(STOP, by=ANNE).then_refused(NotEntitled)


def test_whoever_runs_a_dialogue_does_not_go_on_before_the_others() -> None:
    """It is the organisation that stopped it, and that lets it go."""
    asked().when(STOP).then_refused(NotEntitled, "system")
    stopped = asked().and_(STOP, by=SYSTEM)
    stopped.when(GO).then_refused(NotEntitled, "system")

"""Late is a rule: accepted and marked, refused, used all the same, or posted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.commands import PauseDialogue, RecordResponse, RevisitStep
from domain.entries import entries
from domain.errors import (
    LateResponse,
    NotEntitled,
    NothingToDo,
    NotInvited,
    WindowVoid,
)
from domain.events import ResponseRecorded
from domain.facts import Actor
from domain.lateness import PostedAfterReceipt, SupplementRefused, UnknownResponse
from domain.numbers import numbers
from domain.using import NothingNamed, NotLate, NotLateYet
from domain.window_facts import LateResponseUsed, UseLateResponse
from tests.domain.asking import DRAFT, draft_asked
from tests.domain.story import ANNE, SAID, Story, has

POSTED = "late_by: posted"
LAST = date(2026, 12, 15)
"""The last day of the panel's window."""


def answer(
    who: str = "k-1",
    *,
    posted: str | None = None,
    adds_to: int | None = None,
    at: datetime | None = None,
) -> RecordResponse:
    """Give the command that records somebody's response."""
    return RecordResponse(
        window=DRAFT,
        audience="panel",
        respondent=who,
        response=SAID,
        received_at=at,
        posted_on=posted,
        supplements=adds_to,
    )


def use(number: int) -> UseLateResponse:
    """Give the command that uses a response that is on record."""
    return UseLateResponse(window=DRAFT, number=number, reason=SAID)


def use_of(who: str, at: datetime | None = None) -> UseLateResponse:
    """Give the command that uses a response that was refused."""
    return UseLateResponse(
        window=DRAFT, respondent=who, response=SAID, received_at=at, reason=SAID
    )


def after_close(late: str = "accept", more: str = "required: true") -> Story:
    """Begin a story in which the panel's window closed an hour ago, k-1 in time."""
    story = draft_asked(late, more).and_(answer())
    return story.window_ends(DRAFT).later(hours=1)


def test_a_late_response_that_was_accepted_can_be_used_once() -> None:
    """With a reason; what was in time counts already, and what is not there can't."""
    story = after_close().and_(answer("k-2"))
    assert [*numbers(story.run(DRAFT).late_ones)] == [2]
    story.when(use(2)).then(has(LateResponseUsed, window=DRAFT, run=1, number=2))
    assert [*numbers(story.run(DRAFT).used)] == [2]
    story.when(use(2)).then_refused(NothingToDo)
    story.when(use(1)).then_refused(NotLate)
    story.when(use(3)).then_refused(UnknownResponse, "from 1 to 2")


def test_a_late_response_that_was_refused_can_be_used_all_the_same() -> None:
    """It is recorded as what it is, late, and then used; it has a number as any."""
    story = after_close("refuse").when(answer("k-2")).then_refused(LateResponse)
    story.when(use_of("k-2")).then(
        has(ResponseRecorded, late=True, number=2), has(LateResponseUsed, number=2)
    )
    run = story.run(DRAFT)
    assert (run.on_time, run.late, run.responded) == (1, 1, ("k-1", "k-2"))


def test_what_is_in_time_is_recorded_and_not_used() -> None:
    """Also where it is sent in afterwards."""
    story = after_close("refuse")
    in_time = story.run(DRAFT).opened + timedelta(hours=1)
    story.when(use_of("k-2", in_time)).then_refused(NotLateYet)
    story.when(use_of("x-1")).then_refused(NotInvited)


def test_using_names_one_response_in_one_way() -> None:
    """A number, or whose it was: not both, and not neither."""
    story = after_close()
    story.when(UseLateResponse(window=DRAFT, reason=SAID)).then_refused(NothingNamed)
    both = use(1).model_copy(update={"respondent": "k-1"})
    story.when(both).then_refused(NothingNamed)


def test_only_who_runs_the_process_uses_what_is_late() -> None:
    """It is the authority's own motion."""
    story = after_close().and_(answer("k-2")).when(use(2), by=ANNE)
    story.then_refused(NotEntitled)


def test_what_a_return_voided_is_not_used() -> None:
    """It belongs to a round that no longer counts."""
    story = after_close().and_(answer("k-2"))
    step = "brief"
    story.and_(RevisitStep(step=step, reason=SAID)).when(use(2))
    story.then_refused(WindowVoid)


@pytest.mark.parametrize("late", ["accept", "refuse"])
def test_a_supplement_to_a_response_in_time_may_come_late(late: str) -> None:
    """Whatever the rule for late responses: it adds to one, and is none itself."""
    story = after_close(late).when(answer(adds_to=1))
    story.then(has(ResponseRecorded, late=True, supplements=1, number=2))


def test_a_supplement_to_a_late_response_is_as_late() -> None:
    """Nobody becomes in time by adding to what was not."""
    story = after_close("refuse").and_(use_of("k-2"))
    story.when(answer("k-2", adds_to=2)).then_refused(LateResponse)


def test_a_method_can_refuse_supplements_that_come_late() -> None:
    """In time they are welcome all the same; to nothing nobody can add."""
    story = after_close(more="supplements: refuse")
    story.when(answer(adds_to=1)).then_refused(SupplementRefused)
    story = draft_asked(more="supplements: refuse").and_(answer())
    story.when(answer(adds_to=1)).then(has(ResponseRecorded, late=False))
    story.when(answer(adds_to=9)).then_refused(UnknownResponse)


@pytest.mark.parametrize(
    ("posted", "days", "late"),
    [
        ("2026-12-15", 1, False),
        ("2026-12-15", 7, False),
        ("2026-12-15", 8, True),
        ("2026-12-16", 1, True),
        (None, 1, True),
    ],
)
def test_a_letter_is_in_time_by_its_postmark_if_it_arrives_within_a_week(
    posted: str | None, days: int, *, late: bool
) -> None:
    """Awb art. 6:9(2): posted before the end, received within a week after it."""
    noon = datetime(2026, 12, 15, 11, tzinfo=UTC) + timedelta(days=days)
    story = draft_asked(more=POSTED).at(noon + timedelta(hours=2)).clock_strikes()
    story.when(answer("k-2", posted=posted, at=noon))
    story.then(has(ResponseRecorded, late=late, posted_on=posted))


def test_the_week_of_the_postmark_ends_at_midnight() -> None:
    """The last moment of 22 December is in time, the next is not."""
    midnight = datetime(2026, 12, 22, 23, tzinfo=UTC)
    story = draft_asked(more=POSTED).at(midnight + timedelta(days=1)).clock_strikes()
    for moment, late in (
        (midnight - timedelta(microseconds=1), False),
        (midnight, True),
    ):
        story.when(answer("k-2", posted=str(LAST), at=moment))
        story.then(has(ResponseRecorded, late=late))


def test_the_grace_for_letters_is_the_methods() -> None:
    """Where the method gives no days, a letter has to be there on the last day."""
    story = draft_asked(more=POSTED + "\n            posted_grace: 0")
    story.window_ends(DRAFT).later(minutes=1)
    story.when(answer("k-2", posted=str(LAST))).then(has(ResponseRecorded, late=True))


def test_a_postmark_counts_only_where_the_method_goes_by_it() -> None:
    """Elsewhere it is on record, and decides nothing."""
    story = after_close().when(answer("k-2", posted=str(LAST)))
    story.then(has(ResponseRecorded, late=True, posted_on=str(LAST)))


def test_nobody_dates_their_own_letter() -> None:
    """Who runs the process reads the postmark; nothing arrives before it is posted."""
    story = draft_asked(more=POSTED).window_ends(DRAFT).later(hours=1)
    story.when(answer(posted=str(LAST)), by=ANNE).then_refused(NotEntitled)
    story.when(answer(posted="2026-12-30")).then_refused(PostedAfterReceipt)


def test_nothing_is_late_in_a_window_that_stands_still() -> None:
    """What arrives during a pause counts."""
    story = draft_asked("refuse").and_(PauseDialogue(reason=SAID)).later(days=90)
    story.when(answer("k-2")).then(has(ResponseRecorded, late=False))


def test_a_system_may_use_what_is_late_too() -> None:
    """A case-management system acts for who runs the process."""
    story = after_close().and_(answer("k-2"))
    story.when(use(2), by=Actor(id="zaaksysteem", role="system")).then(LateResponseUsed)


def test_a_late_response_that_is_used_shows_so_in_the_list() -> None:
    """With the moment, who did it, and where the reason is."""
    story = after_close().and_(answer("k-2"), use(2))
    (row,) = entries(story.events[-1], story.state)
    assert (row.kind, row.id) == ("response", f"{DRAFT}/2")
    assert row.data is not None
    assert row.data["used_by"] == "d-1"
    assert row.data["used_reason"]["private"] == "/reason"

"""A date that has to be kept moves with a reason and a rule, and both dates stay."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from domain.calendar import end_of_day
from domain.commands import CancelDialogue
from domain.deadline_facts import Deadline, DeadlineMoved, MoveDeadline
from domain.deadlines import UnknownDeadline
from domain.errors import DialogueEnded, NotEntitled, NothingToDo
from domain.events import to_data
from domain.evolve import fold
from domain.progress import needs_attention
from domain.suspension_facts import LiftSuspension, SuspendDialogue
from domain.terms import Duration, TermOver
from tests.domain.story import ANNE, SAID, START, SYSTEM, Story, has, nothing, start

COUNCIL = Deadline(title="The council votes", date="2026-12-01")
PERMIT = Deadline(title="The permit", date="2027-01-15")


def bound() -> Story:
    """Begin a story with two dates that have to be kept."""
    return nothing().and_(start(deadlines=(COUNCIL, PERMIT)))


def move(title: str = COUNCIL.title, **how: Any) -> MoveDeadline:  # noqa: ANN401
    """Give the command that moves one of them."""
    return MoveDeadline(title=title, duration=Duration(**how), reason=SAID)


def end(story: Story, day: date) -> datetime:
    """Give the end of a day in the dialogue's zone."""
    return end_of_day(story.state.calendar, day)


def test_sixty_days_more_are_counted_from_the_date_there_was() -> None:
    """As a decree gave in Flanders in 2020. A last day off work runs on, by the law.

    60 days after Tuesday 1 December is Saturday 30 January: Monday 1 February.
    """
    story = bound().when(move(calendar_days=60))
    story.then(
        has(
            DeadlineMoved,
            title=COUNCIL.title,
            was="2026-12-01",
            date="2027-02-01",
            was_ends=end(story, date(2026, 12, 1)),
            ends=end(story, date(2027, 2, 1)),
        )
    )
    (moved,) = [e.data for e in story.new if isinstance(e.data, DeadlineMoved)]
    assert moved.rule.rolled_from == date(2027, 1, 30)
    assert moved.rule.law is not None
    assert [each.date for each in story.state.deadlines] == ["2027-02-01", PERMIT.date]


def test_what_warns_of_a_date_follows_it() -> None:
    """A week before the old date nothing warns any more; a week before the new it does.

    That is so from the moment that it moved.
    """
    story = bound()
    near = START.replace(month=11, day=28)
    assert [n.kind for n in needs_attention(story.state, near)] == ["deadline_soon"]
    story.and_(move(until="2027-01-04"))
    assert needs_attention(story.state, near) == ()
    near = START.replace(year=2027, month=1, day=2)
    (need,) = needs_attention(story.state, near)
    assert (need.kind, need.target) == ("deadline_soon", COUNCIL.title)


def test_a_date_may_move_to_an_earlier_day() -> None:
    """A court can want it sooner; but not before today."""
    bound().when(move(until="2026-11-25")).then(has(DeadlineMoved, date="2026-11-25"))
    bound().when(move(until="2026-11-20")).then_refused(TermOver)


def test_a_date_that_has_passed_can_move_too() -> None:
    """A law that gives more time may come after it; the days count from that date."""
    story = bound().at(START + timedelta(days=20))
    story.when(move(calendar_days=30)).then(has(DeadlineMoved, date="2026-12-31"))
    story = bound().at(START + timedelta(days=50))
    story.when(move(calendar_days=7)).then_refused(TermOver)


def test_the_way_it_moved_is_on_record_with_what_moved_it() -> None:
    """The source is public, the reason is not, and fold gives the same state."""
    command = move(working_days=5).model_copy(update={"source": "Nooddecreet"})
    story = bound().when(command).then(has(DeadlineMoved, source="Nooddecreet"))
    data, private = to_data(story.new[0])
    assert data["reason"] is None
    assert private == {"/reason": SAID.commitment}
    assert fold(story.events) == story.state


def test_of_several_by_one_name_the_first_that_is_still_to_come_moves() -> None:
    """A yearly vote has one name, and several dates."""
    later = Deadline(title=COUNCIL.title, date="2027-06-01")
    story = nothing().and_(start(deadlines=(later, COUNCIL)))
    story.when(move(calendar_days=1)).then(has(DeadlineMoved, was="2026-12-01"))
    story = nothing().and_(start(deadlines=(later, COUNCIL)))
    story.at(START + timedelta(days=30))
    story.when(move(calendar_days=1)).then(has(DeadlineMoved, was="2027-06-01"))


def test_the_date_it_has_already_is_no_move() -> None:
    """Nothing would change."""
    bound().when(move(until="2026-12-01")).then_refused(NothingToDo)


def test_a_date_that_there_is_not_is_refused_with_those_there_are() -> None:
    """By their titles."""
    story = bound()
    story.when(move("The king", calendar_days=1)).then_refused(
        UnknownDeadline, COUNCIL.title, PERMIT.title
    )


def test_a_suspension_of_windows_leaves_the_date_alone() -> None:
    """A suspension is of windows; a date moves by its own rule, or not at all."""
    story = bound().and_(SuspendDialogue(suspension="s-1"), by=SYSTEM)
    story.later(days=5).and_(LiftSuspension(suspension="s-1"), by=SYSTEM)
    assert story.state.deadlines == (COUNCIL, PERMIT)
    story.and_(SuspendDialogue(suspension="s-2"), by=SYSTEM)
    story.when(move(calendar_days=60)).then(DeadlineMoved)


def test_who_steers_moves_a_date_while_the_dialogue_runs() -> None:
    """A participant does not, and nobody after the end."""
    story = bound()
    story.when(move(calendar_days=1), by=ANNE).then_refused(NotEntitled)
    story.and_(CancelDialogue(reason=SAID))
    story.when(move(calendar_days=1)).then_refused(DialogueEnded)

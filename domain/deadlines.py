"""A date that has to be kept moves by its own command, with a reason and a rule.

What warns of it follows from the date in the state, so it warns of the new one.
"""

from __future__ import annotations

from datetime import date, datetime

from domain.calendar import end_of_day
from domain.deadline_facts import Deadline, DeadlineMoved, MoveDeadline
from domain.draft import Draft
from domain.errors import DomainError, NothingToDo
from domain.terms import Term, TermOver, closing, extend, last_day


class UnknownDeadline(DomainError):
    """There is no date to keep called “{title}”. There are: {known}."""


def move_deadline(draft: Draft, command: MoveDeadline) -> None:
    """Move a date: so much later, or to a named day, sooner or later."""
    state = draft.state
    found = _known(draft, command.title)
    was = end_of_day(state.calendar, date.fromisoformat(found.date))
    term = _term(draft, was, command)
    moved = term.last_day.isoformat()
    if moved == found.date:
        raise NothingToDo(because="that is the date it has already")
    draft.happen(
        DeadlineMoved(
            title=found.title,
            date=moved,
            was=found.date,
            ends=term.closes,
            was_ends=was,
            rule=term.rule,
            source=command.source,
            reason=command.reason,
        )
    )


def _known(draft: Draft, title: str) -> Deadline:
    """Give the date of this title; of several the first that is still to come."""
    every = sorted(draft.state.deadlines, key=lambda each: each.date)
    named = [each for each in every if each.title == title]
    if not named:
        known = "; ".join(each.title for each in every) or "none"
        raise UnknownDeadline(title=title, known=known)
    today = last_day(draft.state.calendar, draft.by.at).isoformat()
    return next((each for each in named if each.date >= today), named[-1])


def _term(draft: Draft, was: datetime, command: MoveDeadline) -> Term:
    calendar, now = draft.state.calendar, draft.by.at
    if command.duration.until is not None:
        return closing(calendar, now, command.duration)
    term = extend(calendar, was, command.duration)
    if term.closes <= now:
        today = last_day(calendar, now).isoformat()
        raise TermOver(last_day=term.last_day.isoformat(), begins=today)
    return term

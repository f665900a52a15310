"""Dates that the organisation has to keep, and how such a date moves.

They are not feedback windows: nobody is asked anything, and no suspension of windows
moves them. A law, a court or the organisation itself does, and says why.
"""

from __future__ import annotations

from domain.facts import Fact, Instant, Line, Private, ShortLine
from domain.messages import Command, Day
from domain.terms import Duration, Rule


class Deadline(Fact):
    """A date the organisation has to keep, with a public title."""

    title: ShortLine
    date: Day


class MoveDeadline(Command):
    """Move a date that has to be kept, by its title. Private: ``reason``.

    So many days are counted from the date it has now, also where that has passed.
    ``source`` is what moves it, such as a decree. Public.
    """

    title: ShortLine
    duration: Duration
    source: Line | None = None
    reason: Private


class DeadlineMoved(Fact):
    """A date to be kept moved from ``was`` to ``date``. Private: ``reason``.

    ``ends`` and ``was_ends`` are the ends of those days in the dialogue's zone, the
    first by ``rule``.
    """

    title: ShortLine
    date: Day
    was: Day
    ends: Instant
    was_ends: Instant
    rule: Rule
    source: Line | None
    reason: Private

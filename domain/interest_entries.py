"""What is on the table: interests, and how they bear on each other."""

from __future__ import annotations

from typing import Any

from domain.entry import Entry, said
from domain.events import AnyEvent, Event
from domain.facts import written
from domain.interest_facts import (
    InterestChanged,
    InterestRecorded,
    InterestsRelated,
    InterestsUnrelated,
    InterestWithdrawn,
    pair,
)
from domain.state import Dialogue


def entries_of(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give rows of kind ``interest``, and ``relation`` named by both interests.

    An interest that is off the table keeps its row, with ``withdrawn``.
    """
    del after
    match data:
        case InterestRecorded():
            begun = {"since": written(event.at), "withdrawn": None}
            return (Entry("interest", data.interest, begun | _whole(event)),)
        case InterestChanged():
            changed = {"changed": written(event.at)}
            return (Entry("interest", data.interest, changed | _whole(event)),)
        case InterestWithdrawn():
            return _withdrawn(data, event)
        case InterestsRelated():
            return (Entry("relation", pair(data.one, data.other), said(event)),)
        case InterestsUnrelated():
            return (Entry("relation", pair(data.one, data.other), None),)
        case _:
            return ()


def _whole(event: Event) -> dict[str, Any]:
    """Give all of an interest: what is null now was taken back."""
    return {"priority": None, "about": None} | said(event)


def _withdrawn(data: InterestWithdrawn, event: Event) -> tuple[Entry, ...]:
    off = {"withdrawn": written(event.at), **said(event, "reason")}
    pairs = (pair(data.interest, other) for other in data.unrelated)
    return (
        Entry("interest", data.interest, off),
        *(Entry("relation", name, None) for name in pairs),
    )

"""entries: the rows that an event adds to a dialogue's lists, or changes in them.

One module for each area says which. An area registers its ``entries_of`` here, and
takes `Entry` and its companions from ``domain.entry``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, get_args

from domain import (
    dossier_entries,
    harvest_entries,
    interest_entries,
    ledger_entries,
    meeting_entries,
    people_register_entries,
    plan_entries,
    role_entries,
    window_entries,
)
from domain.entry import Entry, place, said
from domain.events import AnyEvent, Event
from domain.state import Dialogue

__all__ = ["KINDS", "Entry", "Kind", "entries", "place", "said"]

Kind = Literal[
    "stakeholder",
    "engagement",
    "interest",
    "relation",
    "role",
    "response",
    "group",
    "answer",
    "telling",
    "meeting",
    "report",
    "conclusion",
    "agreement",
    "decision",
    "communication",
    "gate",
    "track",
    "amendment",
    "correction",
    "fact",
    "assessment",
    "evaluation",
    "suspension",
    "feedback",
    "ending",
    "declined",
]
"""The lists that a dialogue has."""

KINDS: Final[tuple[str, ...]] = get_args(Kind)

_AREAS: Final[
    tuple[Callable[[AnyEvent, Event, Dialogue], tuple[Entry, ...]], ...]
] = (
    role_entries.entries_of,
    meeting_entries.entries_of,
    ledger_entries.entries_of,
    harvest_entries.entries_of,
    people_register_entries.entries_of,
    interest_entries.entries_of,
    dossier_entries.entries_of,
    plan_entries.entries_of,
    window_entries.entries_of,
)  # fmt: skip
"""Who says which rows follow from an event; each area has a line of its own."""


def entries(event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give what an event changes in the lists; ``after`` is the state it led to."""
    found: list[Entry] = []
    for area in _AREAS:
        found += area(event.data, event, after)
    return tuple(found)

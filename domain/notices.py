"""What a message to people says: its kind, public facts, and where private words lie.

A message is decided on as data. Its heading and its facts are public; words that are
private stay in the vault, and the message only names their places: they are opened
when it is sent, for those who get it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.facts import Fact, Instant, Line, PartId, Place

Act = Literal["withdraw_invitation", "retract_report", "void_window", "tell"]
"""How an outward effect is undone."""

WindowNotice = Literal[
    "window_opened",
    "window_reminder",
    "window_extended",
    "window_shortened",
    "window_resumed",
    "window_closed",
]
"""What a message about a feedback window is."""

MeetingNotice = Literal[
    "meeting_invited", "meeting_changed", "meeting_cancelled", "meeting_uninvited"
]
"""What a message about a meeting is."""

HarvestNotice = Literal[
    "report_published",
    "report_retracted",
    "results_told",
    "proposal_withdrawn",
    "feedback_answered",
    "agreement_made",
    "agreement_extended",
    "agreement_reminder",
    "agreement_overdue",
    "agreement_ended",
]
"""What a message about reports, results and promises is."""

AnswerNotice = Literal["answer_given"]
"""What a message is that answers a response."""

NoticeKind = WindowNotice | MeetingNotice | AnswerNotice | HarvestNotice | Act
"""What a message to people is about: one of these, or an act of compensation."""

MOST_FACTS = 20
"""As many facts, and as many private texts, as one message may name."""


class Told(Fact):
    """A public fact that a message lists: ``name`` says which, for its label.

    ``value`` is shown as it is, or translated where it is a code that the wordings
    know under this name.
    """

    name: PartId
    value: Line


class Enclosed(Fact):
    """A private text that a message lists: ``name`` says which, ``place`` where it is.

    The activity that sends the message opens it; what was erased by then is left out.
    """

    name: PartId
    place: Place


class Invitation(Fact):
    """What a calendar is told of a meeting (RFC 5545, 3.6.1; RFC 5546, 3.2).

    ``sequence`` rises with every change, so that a calendar knows the newest; with
    ``cancelled`` the meeting is taken out of it.
    """

    meeting: PartId
    sequence: int
    begins: Instant
    ends: Instant
    cancelled: bool = False


class About(Fact):
    """What a message says beside its kind. Left out, it is about a part of the plan.

    ``subject`` is what the message is about, by an id that never changes: all letters
    about it to one person are one thread. ``heading`` is its public title, ``step``
    the step it belongs to, if any.
    """

    subject: Annotated[str, Field(max_length=200)]
    heading: Line
    step: PartId | None = None
    facts: Annotated[tuple[Told, ...], Field(max_length=MOST_FACTS)] = ()
    enclosed: Annotated[tuple[Enclosed, ...], Field(max_length=MOST_FACTS)] = ()
    invitation: Invitation | None = None

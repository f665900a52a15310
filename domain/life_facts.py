"""The life of a dialogue: wishes to start, pause, end or restore it, and what happened.

The compiled method and calendar that a dialogue carries are kept by their hash.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from domain.calendar import Calendar
from domain.clock import Clock
from domain.deadline_facts import Deadline, DeadlineMoved, MoveDeadline
from domain.facts import Fact, Hash, Line, OpaqueId, PartId, Private, absent
from domain.messages import Command
from domain.method import Language, Method
from domain.references import MethodRef
from domain.signed_facts import Kinds, PublicKeys
from domain.suspension_facts import WindowLeft, WindowResumed


class Compiled(Fact):
    """The compiled method and calendar that the dialogue will carry.

    The hashes are checked before the command is decided on; the core trusts them.
    """

    method: Method
    method_hash: Hash
    calendar: Calendar
    calendar_hash: Hash


class StartDialogue(Command):
    """Start a dialogue.

    ``compiled`` is put in by the desk or fetched by the workflow. A desk that signs
    puts in ``desk_keys``, whose signatures the dialogue will believe, and ``unsigned``,
    the kinds of command that it takes without one; null is every kind.
    """

    method: PartId
    method_hash: Hash | None = None
    title: Line
    question: Line | None = None
    language: Language = "nl"
    zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")] = (
        "Europe/Amsterdam"
    )
    calendar: Literal["NL", "BE"] = "NL"
    roles: dict[PartId, tuple[OpaqueId, ...]] = {}
    deadlines: Annotated[tuple[Deadline, ...], Field(max_length=20)] = ()
    clock: Clock | None = None
    compiled: Compiled | None = None
    desk_keys: PublicKeys = ()
    unsigned: Kinds | None = None


class PauseDialogue(Command):
    """Stop the dialogue's windows; responses that arrive still count."""

    reason: Private


class ResumeDialogue(Command):
    """Let the dialogue's windows run on, each with the time it had left."""

    reason: Private | None = None


class CompleteDialogue(Command):
    """Complete the dialogue."""

    note: Private | None = None


class CancelDialogue(Command):
    """End the dialogue before it is complete."""

    reason: Private


class ArchiveDialogue(Command):
    """End the workflow of a dialogue that was completed or cancelled.

    With promises still open it takes a ``reason``, which is private.
    """

    reason: Private | None = None


class RenewCalendar(Command):
    """Replace the dialogue's compiled calendar by a newer one of the same zone."""

    calendar: Calendar
    calendar_hash: Hash


class RestoreDialogue(Command):
    """Note that the workflow was started again from the record."""

    internal: ClassVar[bool] = True
    epoch: int
    from_seq: int


class CalendarRef(Fact):
    """A compiled calendar by id and SHA-256."""

    id: str
    hash: Hash


class DialogueStarted(Fact):
    """A dialogue began. Nothing private. The compiled forms are kept by their hash.

    ``desk_keys`` are public keys whose signatures it believes, ``unsigned`` the kinds
    of command that it takes without one, where these are not all.
    """

    organisation: str
    method: MethodRef
    calendar: CalendarRef
    title: Line
    question: Line | None
    language: Language
    zone: str
    roles: dict[str, tuple[OpaqueId, ...]]
    deadlines: tuple[Deadline, ...]
    clock: Clock
    desk_keys: tuple[str, ...] = Field(default=(), exclude_if=lambda keys: not keys)
    unsigned: tuple[str, ...] | None = Field(default=None, exclude_if=absent)
    plan: Method | None = Field(default=None, exclude=True, repr=False)
    days: Calendar | None = Field(default=None, exclude=True, repr=False)


class DialoguePaused(Fact):
    """The windows stopped. Private: ``reason``."""

    reason: Private
    windows: tuple[WindowLeft, ...]


class DialogueResumed(Fact):
    """The windows run on with the time they had left. Private: ``reason``."""

    reason: Private | None
    windows: tuple[WindowResumed, ...]


class DialogueCompleted(Fact):
    """The dialogue is complete. Private: ``note``."""

    note: Private | None


class DialogueCancelled(Fact):
    """The dialogue ended before it was complete. Private: ``reason``."""

    reason: Private


class DialogueArchived(Fact):
    """The workflow ended. Private: ``reason``, where promises were open."""

    reason: Private | None = Field(default=None, exclude_if=absent)


class CalendarRenewed(Fact):
    """A newer compiled calendar replaced the old one. Nothing private."""

    calendar: CalendarRef
    days: Calendar | None = Field(default=None, exclude=True, repr=False)


class DialogueRestored(Fact):
    """The workflow was started again from the record. Nothing private."""

    epoch: int
    from_seq: int


LifeCommand = (
    StartDialogue
    | PauseDialogue
    | ResumeDialogue
    | CompleteDialogue
    | CancelDialogue
    | ArchiveDialogue
    | RenewCalendar
    | RestoreDialogue
    | MoveDeadline
)
LifeEvent = (
    DialogueStarted
    | DialoguePaused
    | DialogueResumed
    | DialogueCompleted
    | DialogueCancelled
    | DialogueArchived
    | CalendarRenewed
    | DialogueRestored
    | DeadlineMoved
)

"""Events: facts, which can't be refused. Past tense, frozen, one class for each type.

The type of an event is the name of its class in snake case. What a class holds is the
event's ``data``; fields of type `Private` appear there as ``null``, with their
commitment under ``private``. `to_data` and `from_body` carry events to and from the
form of the record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, get_args

from pydantic import Field

from domain.calendar import Calendar
from domain.clock import Clock
from domain.commands import Deadline
from domain.confidential_facts import ConfidentialEvent
from domain.correction_facts import CorrectionEvent
from domain.facts import (
    Actor,
    Fact,
    Hash,
    Instant,
    Line,
    Mandate,
    OpaqueId,
    PartId,
    Place,
    Private,
)
from domain.gates_facts import GateEvent
from domain.harvest_facts import HarvestEvent
from domain.interest_facts import InterestEvent
from domain.ledger_facts import LedgerEvent
from domain.meeting_facts import MeetingEvent
from domain.messages import Day, TargetId, kind_of, private_fields
from domain.method import Language, Method
from domain.notices import About, Act
from domain.people_register_facts import PeopleEvent
from domain.plan_facts import MethodMigrated, PlanEvent
from domain.references import MethodRef
from domain.reflection_facts import ReflectionEvent
from domain.response_numbers import Numbers
from domain.suspension_facts import SuspensionEvent, WindowLeft, WindowResumed
from domain.terms import Rule
from domain.window_facts import Because, WindowEvent

DIGEST: Final = "digest"
"""Member of the ``data`` of a command's first event: the digest of its body."""


def _not_said(number: int) -> bool:
    return number == 0


def _nothing(value: object) -> bool:
    return value is None


def _none(value: object) -> bool:
    return value == ()


class CalendarRef(Fact):
    """A compiled calendar by id and SHA-256."""

    id: str
    hash: Hash


class DialogueStarted(Fact):
    """A dialogue began. Nothing private. The compiled forms are kept by their hash."""

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

    reason: Private | None = Field(default=None, exclude_if=_nothing)


class CalendarRenewed(Fact):
    """A newer compiled calendar replaced the old one. Nothing private."""

    calendar: CalendarRef
    days: Calendar | None = Field(default=None, exclude=True, repr=False)


class DialogueRestored(Fact):
    """The workflow was started again from the record. Nothing private."""

    epoch: int
    from_seq: int


class ItemsCompleted(Fact):
    """Items were completed in a round of their step. Private: ``note``."""

    items: tuple[TargetId, ...]
    round: int
    note: Private | None
    reference: Line | None


class ItemsReconfirmed(Fact):
    """What an earlier round completed still holds. Private: ``note``."""

    items: tuple[TargetId, ...]
    note: Private | None


class ItemsWaived(Fact):
    """Items were set aside. Private: ``reason``."""

    items: tuple[TargetId, ...]
    reason: Private


class ItemsReopened(Fact):
    """The completion of items was taken back. Private: ``reason``."""

    items: tuple[TargetId, ...]
    reason: Private


class StepStarted(Fact):
    """A step began its round. Nothing private."""

    step: str
    round: int


class StepCompleted(Fact):
    """A step completed its round. Private: ``note``."""

    step: str
    round: int
    note: Private | None


class StepSkipped(Fact):
    """A step was left out. Private: ``reason``."""

    step: str
    round: int
    reason: Private


class WindowOpened(Fact):
    """A window opened, until the instant ``closes``, by ``rule``. Private: ``reason``.

    ``invited`` are the holders of the audience's role; empty for the public.
    ``because`` says why it was opened again, with what was received kept.
    """

    window: TargetId
    run: int
    round: int
    audience: str
    invited: tuple[OpaqueId, ...]
    closes: Instant
    zone: str
    rule: Rule
    reminders: tuple[Instant, ...]
    reason: Private | None
    because: Because | None = Field(default=None, exclude_if=_nothing)


class WindowExtended(Fact):
    """A window closes later than was said. Private: ``reason``."""

    window: TargetId
    run: int
    generation: int
    closes: Instant
    was: Instant
    rule: Rule
    reminders: tuple[Instant, ...]
    reason: Private


class WindowShortened(Fact):
    """A window closes sooner than was said. Private: ``reason``."""

    window: TargetId
    run: int
    generation: int
    closes: Instant
    was: Instant
    rule: Rule
    reminders: tuple[Instant, ...]
    reason: Private


class WindowClosed(Fact):
    """A window closed, by the clock or by hand. Private: ``reason``."""

    window: TargetId
    run: int
    early: bool
    on_time: int
    late: int
    silent: int
    reason: Private | None


class AudienceReminded(Fact):
    """The silent were reminded: those invited who had not responded."""

    window: TargetId
    run: int
    silent: tuple[OpaqueId, ...]


class ResponseRecorded(Fact):
    """A response came in, on time or late. Private: ``response``, ``address``.

    ``received_at`` is when the desk had it and decides what is late; the event's own
    ``at`` is when it was recorded.
    ``posted_on`` is the day of the postmark, ``supplements`` the number of the response
    to which it adds, and ``submission`` what its text lies under in the vault, where
    that is not the event's cause.
    ``number`` counts the responses to this window, over all its openings, in the order
    of the record, from 1; earlier builds did not say it (0), and it follows from that
    order.
    """

    window: TargetId
    run: int
    respondent: OpaqueId
    late: bool
    received_at: Instant
    response: Private | None
    reference: Line | None
    number: int = Field(default=0, ge=0, exclude_if=_not_said)
    posted_on: Day | None = Field(default=None, exclude_if=_nothing)
    supplements: int | None = Field(default=None, exclude_if=_nothing)
    submission: OpaqueId | None = Field(default=None, exclude_if=_nothing)
    address: Private | None = Field(default=None, exclude_if=_nothing)


class StepRevisited(Fact):
    """A completed step was returned to. Private: ``reason``.

    ``voids`` are the steps that depend on it and no longer stand, last first.
    """

    step: str
    round: int
    voids: tuple[str, ...]
    reason: Private


class StepVoided(Fact):
    """What was done in a step no longer stands, because ``by`` was revisited."""

    step: str
    round: int
    by: str


class WindowVoided(Fact):
    """A window of a voided or revisited step no longer counts."""

    window: TargetId
    run: int
    was_open: bool


class CompensationPlanned(Fact):
    """Something outward that was done has to be undone. Nothing private.

    ``undoes`` is the item or window, ``undoes_seq`` the event that did it, ``run``
    the window's run. ``recipients`` are all who were told of it then. ``of`` says
    what it is about where that is no part of the plan, such as a meeting.
    """

    compensation: str
    act: Act
    step: str
    undoes: TargetId
    undoes_seq: int
    run: int | None
    recipients: tuple[OpaqueId, ...]
    of: About | None = Field(default=None, exclude_if=_nothing)


class CompensationStarted(Fact):
    """A compensation is being carried out, for the ``attempt``-th time."""

    compensation: str
    attempt: int


class CompensationCompleted(Fact):
    """A compensation was carried out."""

    compensation: str
    attempt: int
    sent: tuple[OpaqueId, ...]
    undeliverable: tuple[OpaqueId, ...]


class CompensationFailed(Fact):
    """A compensation failed and waits for a person: retry it, or waive it."""

    compensation: str
    attempt: int
    problem: str


class CompensationWaived(Fact):
    """A compensation was left undone. Private: ``reason``."""

    compensation: str
    reason: Private


class EffectCompleted(Fact):
    """Messages went out: to whom, by opaque id, and to whom they could not.

    Of an answer, given by event ``answer``, ``told`` and ``untold`` say it by the
    numbers of the responses to ``window``.
    """

    effect: str
    notice: str
    attempt: int
    sent: tuple[OpaqueId, ...]
    undeliverable: tuple[OpaqueId, ...]
    window: str | None = Field(default=None, exclude_if=_nothing)
    answer: int | None = Field(default=None, exclude_if=_nothing)
    told: Numbers | None = Field(default=None, exclude_if=_nothing)
    untold: Numbers | None = Field(default=None, exclude_if=_nothing)


class EffectFailed(Fact):
    """Messages could not be sent; a person retries or waives them."""

    effect: str
    notice: str
    attempt: int
    problem: str


class EffectRetried(Fact):
    """A message that failed is tried once more."""

    effect: str
    attempt: int


class EffectWaived(Fact):
    """A message that failed was left unsent. Private: ``reason``."""

    effect: str
    reason: Private


class RoleAssigned(Fact):
    """Somebody got a role, or a holder a name or address. Private: both of these.

    ``invited_to`` are the open windows that this actor is now sent word of,
    ``meetings`` the meetings still to come.
    """

    role: str
    actor: OpaqueId
    invited_to: tuple[TargetId, ...]
    name: Private | None
    address: Private | None
    meetings: tuple[PartId, ...] = Field(default=(), exclude_if=_none)


class RoleReleased(Fact):
    """Somebody no longer has a role. Private: ``reason``."""

    role: str
    actor: OpaqueId
    reason: Private | None


class SignalNoted(Fact):
    """Another system reported something. Nothing private."""

    type: str
    source: OpaqueId
    reference: Line | None


class CommandRefused(Fact):
    """A signal was refused: its name and the error, never what it carried.

    ``name`` is null where the name itself was not one a command can have.
    """

    name: str | None
    command: OpaqueId | None
    error: str


class PersonalDataErased(Fact):
    """Private texts of earlier events are not in the vault, or no longer.

    Nothing private. ``paths`` is all of its data; the digest of the command, which
    other events have as a member of theirs, follows from it.
    """

    paths: tuple[Place, ...]


AnyEvent = (
    DialogueStarted
    | DialoguePaused
    | DialogueResumed
    | DialogueCompleted
    | DialogueCancelled
    | DialogueArchived
    | CalendarRenewed
    | DialogueRestored
    | ItemsCompleted
    | ItemsReconfirmed
    | ItemsWaived
    | ItemsReopened
    | StepStarted
    | StepCompleted
    | StepSkipped
    | WindowOpened
    | WindowExtended
    | WindowShortened
    | WindowClosed
    | AudienceReminded
    | ResponseRecorded
    | StepRevisited
    | StepVoided
    | WindowVoided
    | CompensationPlanned
    | CompensationStarted
    | CompensationCompleted
    | CompensationFailed
    | CompensationWaived
    | EffectCompleted
    | EffectFailed
    | EffectRetried
    | EffectWaived
    | RoleAssigned
    | RoleReleased
    | SignalNoted
    | LedgerEvent
    | CommandRefused
    | PersonalDataErased
    | PeopleEvent
    | InterestEvent
    | HarvestEvent
    | PlanEvent
    | WindowEvent
    | SuspensionEvent
    | MeetingEvent
    | GateEvent
    | CorrectionEvent
    | ConfidentialEvent
    | ReflectionEvent
)

EVENTS: dict[str, type[AnyEvent]] = {kind_of(e): e for e in get_args(AnyEvent)}
"""Every kind of event by its type."""


class Event(Fact):
    """A fact with its place in the dialogue: who, when, why.

    ``seq`` counts from 1. ``digest`` is present on the first event of a command.
    """

    seq: int
    at: Instant
    actor: Actor
    mandate: Mandate | None
    cause: OpaqueId
    digest: str | None
    data: AnyEvent

    @property
    def type(self) -> str:
        """The event's type, in snake case."""
        return kind_of(type(self.data))


def to_data(event: Event) -> tuple[dict[str, Any], dict[str, str]]:
    """Give an event's ``data`` with nulls for what is private, and the commitments.

    The commitments are keyed by the JSON pointer (RFC 6901) of the null they stand
    for.
    """
    data = event.data.model_dump(mode="json")
    private: dict[str, str] = {}
    for name in private_fields(type(event.data)):
        if data.get(name) is not None:
            private[f"/{name}"] = data[name]["commitment"]
            data[name] = None
    if event.digest is not None and not isinstance(event.data, PersonalDataErased):
        data[DIGEST] = event.digest
    return data, private


def erasing_digest(paths: Sequence[Place]) -> str:
    """Give the digest of the command that these paths were erased by.

    ``personal_data_erased`` carries no digest; its paths are the whole command, so
    the same digest is made of them (as `Cause.digest` is; JSON that is plain ASCII
    and without floats is canonical when it is sorted and without spaces).
    """
    body = {"command": {"paths": paths}, "kind": "erase_personal_data"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:16]


def from_body(
    body: Mapping[str, Any], contents: Mapping[str, Method | Calendar] | None = None
) -> Event:
    """Read an event from its recorded body (the members of `docs/audit-format.md`).

    ``contents`` holds compiled methods and calendars by their hash, needed by events
    that bring one. Raises ``KeyError`` for an unknown type or missing content.
    """
    data = dict(body["data"])
    digest = data.pop(DIGEST, None)
    for pointer, commitment in body["private"].items():
        data[pointer.removeprefix("/")] = {"commitment": commitment}
    fact = EVENTS[body["type"]].model_validate(data)
    if isinstance(fact, PersonalDataErased):
        digest = erasing_digest(fact.paths)
    return Event(
        seq=body["seq"],
        at=body["at"],
        actor=body["actor"],
        mandate=body["mandate"],
        cause=body["cause"],
        digest=digest,
        data=fact if contents is None else _with_contents(fact, contents),
    )


def _with_contents(
    fact: AnyEvent, contents: Mapping[str, Method | Calendar]
) -> AnyEvent:
    match fact:
        case DialogueStarted():
            found = {
                "plan": contents[fact.method.hash],
                "days": contents[fact.calendar.hash],
            }
            return fact.model_copy(update=found)
        case CalendarRenewed():
            return fact.model_copy(update={"days": contents[fact.calendar.hash]})
        case MethodMigrated():
            return fact.model_copy(update={"plan": contents[fact.method.hash]})
        case _:
            return fact

"""Events: facts, which can't be refused. Past tense, frozen, one class for each type.

The type of an event is the name of its class in snake case. What a class holds is the
event's ``data``; fields of type `Private` appear there as ``null``, with their
commitment under ``private``. `to_data` and `from_body` carry events to and from the
form of the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from domain.calendar import Calendar
from domain.confidential_facts import ConfidentialEvent
from domain.correction_facts import CorrectionEvent
from domain.effect_facts import (
    EffectCompleted,
    EffectEvent,
    EffectFailed,
    EffectRetried,
    EffectWaived,
)
from domain.erasing_facts import ErasingEvent, PersonalDataErased, erasing_digest
from domain.facts import (
    Actor,
    Fact,
    Instant,
    Mandate,
    OpaqueId,
)
from domain.gates_facts import GateEvent
from domain.harvest_facts import HarvestEvent
from domain.interest_facts import InterestEvent
from domain.ledger_facts import LedgerEvent
from domain.life_facts import (
    CalendarRef,
    CalendarRenewed,
    DialogueArchived,
    DialogueCancelled,
    DialogueCompleted,
    DialoguePaused,
    DialogueRestored,
    DialogueResumed,
    DialogueStarted,
    LifeEvent,
)
from domain.meeting_facts import MeetingEvent
from domain.messages import kind_of, private_fields
from domain.method import Method
from domain.opening_facts import (
    AudienceReminded,
    OpeningEvent,
    ResponseRecorded,
    WindowClosed,
    WindowExtended,
    WindowOpened,
    WindowShortened,
)
from domain.people_register_facts import PeopleEvent
from domain.plan_facts import MethodMigrated, PlanEvent
from domain.reflection_facts import ReflectionEvent
from domain.revisit_facts import (
    CompensationCompleted,
    CompensationFailed,
    CompensationPlanned,
    CompensationStarted,
    CompensationWaived,
    RevisitEvent,
    StepRevisited,
    StepVoided,
    WindowVoided,
)
from domain.role_facts import RoleAssigned, RoleEvent, RoleReleased
from domain.signal_facts import CommandRefused, SignalEvent, SignalNoted
from domain.signed_facts import SignedEvent
from domain.step_facts import (
    ItemsCompleted,
    ItemsReconfirmed,
    ItemsReopened,
    ItemsWaived,
    StepCompleted,
    StepEvent,
    StepSkipped,
    StepStarted,
)
from domain.suspension_facts import SuspensionEvent
from domain.window_facts import WindowEvent

__all__ = [
    "DIGEST",
    "EVENTS",
    "AnyEvent",
    "AudienceReminded",
    "CalendarRef",
    "CalendarRenewed",
    "CommandRefused",
    "CompensationCompleted",
    "CompensationFailed",
    "CompensationPlanned",
    "CompensationStarted",
    "CompensationWaived",
    "DialogueArchived",
    "DialogueCancelled",
    "DialogueCompleted",
    "DialoguePaused",
    "DialogueRestored",
    "DialogueResumed",
    "DialogueStarted",
    "EffectCompleted",
    "EffectFailed",
    "EffectRetried",
    "EffectWaived",
    "Event",
    "ItemsCompleted",
    "ItemsReconfirmed",
    "ItemsReopened",
    "ItemsWaived",
    "PersonalDataErased",
    "ResponseRecorded",
    "RoleAssigned",
    "RoleReleased",
    "SignalNoted",
    "StepCompleted",
    "StepRevisited",
    "StepSkipped",
    "StepStarted",
    "StepVoided",
    "WindowClosed",
    "WindowExtended",
    "WindowOpened",
    "WindowShortened",
    "WindowVoided",
    "erasing_digest",
    "from_body",
    "to_data",
]
"""What is asked for here: the facts of the engine, wherever they are written."""

DIGEST: Final = "digest"
"""Member of the ``data`` of a command's first event: the digest of its body."""

AnyEvent = (
    LifeEvent
    | StepEvent
    | OpeningEvent
    | RevisitEvent
    | EffectEvent
    | RoleEvent
    | SignalEvent
    | LedgerEvent
    | ErasingEvent
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
    | SignedEvent
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

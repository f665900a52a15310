"""Corrections and facts are taken as they come, if they can be so.

The core can't see the events of before. It checks what it can: that there is such an
event, that its type has such a public member, and that the value is another one of the
same kind. The desk compares with the record itself before it sends a correction.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from domain.calendar import to_local
from domain.correction_facts import (
    CorrectFact,
    CorrectionCommand,
    FactCorrected,
    FactNoted,
    NoteFact,
)
from domain.draft import Draft
from domain.errors import CalendarExhausted, DomainError, NothingToDo
from domain.events import EVENTS
from domain.happenings import Happened
from domain.messages import private_fields
from domain.state import Dialogue
from domain.steps import known_step

# ruff: noqa: E501 (a docstring of a refusal is its message, whole and on one line)

_BY_COMMANDS: Final = frozenset(
    {
        *("actor", "agreement", "attempt", "audience", "by", "cause", "closes"),
        *("compensation", "conclusion", "decision", "digest", "effect", "epoch"),
        *("event", "from_seq", "gate", "generation", "group", "hash", "holder"),
        *("interest", "invited", "item", "items", "kind", "meeting", "method"),
        *("number", "numbers", "organisation", "outcome", "paths", "pointer"),
        *("recipients", "reminders", "report", "respondent", "responded", "role"),
        *("roles", "round", "rule", "run", "scores", "sent", "seq", "sha256"),
        *("silent", "stakeholder", "step", "steps", "submission", "threshold"),
        *("track", "type", "undeliverable", "undoes", "undoes_seq", "value"),
        *("voids", "was", "weak", "window", "windows", "zone"),
    }
)
"""Members by which a dialogue goes on: an act changes them, and no correction."""

_MAY_CHANGE: Final = frozenset({("fact_noted", "value")})
"""What is named like one of those, and is a figure all the same."""


class NoSuchEvent(DomainError):
    """There is no event {seq} in this dialogue; the last one is {last}."""


class NotCorrectable(DomainError):
    """{pointer} of event {seq} can't be corrected: {because}."""


class NotWhatStands(DomainError):
    """Say what stands at {pointer} of event {seq} now, as event_type and was: a correction is of what somebody saw."""


class OtherKindOfValue(DomainError):
    """At {pointer} of event {seq} stands {wanted}; correct it by {wanted}."""


class NotYetHappened(DomainError):
    """The date {date} lies in the future, so it can't have happened yet. Note it as planned (status), or see to the date."""


class KnownTooEarly(DomainError):
    """What is dated {date} can't have been known on {known_on}. See to the dates, or note it as planned."""


class KnownInFuture(DomainError):
    """It can't have become known on {known_on}: that lies in the future."""


def obey(draft: Draft, command: CorrectionCommand) -> None:
    """Put a correction or a fact on record."""
    match command:
        case CorrectFact():
            _correct(draft, command)
        case NoteFact():
            _note(draft, command)


def _correct(draft: Draft, command: CorrectFact) -> None:
    kind, was = _stands(draft.state, command)
    if isinstance(was, int) != isinstance(command.value, int):
        wanted = "a whole number" if isinstance(was, int) else "a text"
        raise OtherKindOfValue(pointer=command.pointer, seq=command.seq, wanted=wanted)
    if was == command.value:
        raise NothingToDo(because="that is what stands there already")
    draft.happen(
        FactCorrected(
            seq=command.seq,
            pointer=command.pointer,
            type=kind,
            was=was,
            value=command.value,
            source=command.source,
            reason=command.reason,
        )
    )


def _stands(state: Dialogue, command: CorrectFact) -> tuple[str, int | str]:
    """Give the type of the event that is corrected, and what is held to be there."""
    seq, pointer = command.seq, command.pointer
    if seq > state.version:
        raise NoSuchEvent(seq=seq, last=state.version)
    if command.event_type is None or command.was is None:
        raise NotWhatStands(seq=seq, pointer=pointer)
    because = why_not(command.event_type, pointer)
    if because is not None:
        raise NotCorrectable(seq=seq, pointer=pointer, because=because)
    _check_gate(state, command)
    return command.event_type, command.was


def _check_gate(state: Dialogue, command: CorrectFact) -> None:
    """Raise where the state itself knows that something else stands there."""
    gate = next((g for g in state.gates.values() if g.seq == command.seq), None)
    if gate is None:
        return
    kind = "gate_passed" if gate.passed else "gate_failed"
    _slash, head, *rest = command.pointer.split("/")
    known = getattr(gate.counts, rest[0], None) if head == "counts" and rest else None
    if command.event_type != kind or (head == "counts" and known != command.was):
        raise NotWhatStands(seq=command.seq, pointer=command.pointer)


def why_not(kind: str, pointer: str) -> str | None:
    """Say why this place in events of this type can't be corrected; none if it can."""
    fact = EVENTS.get(kind)
    if fact is None:
        return f"there are no events of the type {kind}"
    member = pointer.split("/")[1]
    if member not in fact.model_fields or fact.model_fields[member].exclude:
        return f"{kind} has no {member}"
    if member in private_fields(fact):
        return "it is private; who it is about can have it erased"
    if member in _BY_COMMANDS and (kind, member) not in _MAY_CHANGE:
        return "the dialogue goes by it; there are commands that change it"
    return None


def _note(draft: Draft, command: NoteFact) -> None:
    if command.step is not None:
        known_step(draft.state, command.step)
    _check_dates(command, _today(draft))
    draft.happen(FactNoted(**{name: getattr(command, name) for name in _MEMBERS}))


_MEMBERS: Final = tuple(FactNoted.model_fields)


def _today(draft: Draft) -> date:
    try:
        return to_local(draft.state.calendar, draft.by.at).date()
    except CalendarExhausted:
        return draft.by.at.date()


def _check_dates(command: NoteFact, today: date) -> None:
    happened = command.happened
    sure = command.status == "happened"
    if sure and happened.first > today:
        raise NotYetHappened(date=happened.date)
    if command.known_on is None:
        return
    known = Happened.model_validate(command.known_on)
    if known.first > today:
        raise KnownInFuture(known_on=command.known_on)
    if sure and known.last < happened.first:
        raise KnownTooEarly(date=happened.date, known_on=command.known_on)

"""Returns to a step, as the record has them: what fell, and what came of undoing it.

Nothing is folded: a return is the events of one command, and what became of an act that
undoes something stands under a name that follows from that act's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from desk.desk import Desk
from desk.errors import NotFound
from domain.facts import OWN_PREFIX
from domain.state import Compensation, Dialogue
from language import mark
from storage.queries import Recorded, events_at, events_of_cause

_REVISITED: Final = "step_revisited"
_NO_RETURN: Final = mark("Event {seq} of {stream} is no return to a step.")


class Return(NamedTuple):
    """A return to a step: the event that says so, and what it says."""

    seq: int
    at: datetime
    actor: Mapping[str, Any]
    cause: str
    step: str
    round: int
    """The round that began."""
    voids: tuple[str, ...]
    """The steps that fell, last first."""
    private: tuple[str, ...]
    """Pointers of its private texts: that of the reason."""


class Undone(NamedTuple):
    """An act that undoes something: as it was planned, and as it stands.

    ``status`` and ``problem`` are those of the state; where that has forgotten it, it
    has ended. ``ended`` is the event that says what came of the last attempt.
    """

    id: str
    seq: int
    act: str
    step: str
    undoes: str
    heading: str | None
    recipients: tuple[str, ...]
    status: str
    attempt: int
    problem: str | None
    ended: Ended | None


class Ended(NamedTuple):
    """What came of an attempt: whom it reached, and whom it did not."""

    seq: int
    at: datetime
    sent: tuple[str, ...]
    undeliverable: tuple[str, ...]


class Fell(NamedTuple):
    """A return with all that it did; each with the event that says so."""

    back: Return
    steps: Mapping[str, tuple[int, int]]
    """Round and event, by the step that fell."""
    windows: tuple[tuple[str, int, bool, int], ...]
    """Window, run, whether it was open, and event."""
    meetings: tuple[tuple[str, int], ...]
    reports: tuple[tuple[str, int], ...]
    agreements: tuple[str, ...]
    decisions: tuple[str, ...]
    undone: tuple[Undone, ...]


async def returns(desk: Desk, stream: str, state: Dialogue) -> tuple[Return, ...]:
    """Give every return that a dialogue has seen, the newest first."""
    ends = {each.voided_by for rounds in state.steps.values() for each in rounds}
    found = await events_at(desk.pool, stream, (seq for seq in ends if seq))
    events = [e for e in found if e.members["type"] == _REVISITED]
    return tuple(_return(event) for event in reversed(events))


async def what_fell(desk: Desk, stream: str, state: Dialogue, seq: int) -> Fell:
    """Give one return with all that it did. Raises `NotFound`."""
    found = await events_at(desk.pool, stream, (seq,))
    if not found or found[0].members["type"] != _REVISITED:
        raise NotFound(_NO_RETURN, seq=seq, stream=stream)
    back = _return(found[0])
    events = await events_of_cause(desk.pool, stream, back.cause)
    told = [
        (event.seq, event.members["type"], event.members["data"]) for event in events
    ]
    undone = [
        await _undone(desk, stream, state, each, data)
        for each, kind, data in told
        if kind == "compensation_planned"
    ]
    questioned = [data for _, kind, data in told if kind == "harvest_questioned"]
    return Fell(
        back=back,
        steps={d["step"]: (d["round"], n) for n, k, d in told if k == "step_voided"},
        windows=tuple(
            (d["window"], d["run"], d["was_open"], n)
            for n, kind, d in told
            if kind == "window_voided"
        ),
        meetings=_named(told, "meeting_voided", "meeting"),
        reports=_named(told, "report_retracted", "report"),
        agreements=tuple(name for data in questioned for name in data["agreements"]),
        decisions=tuple(name for data in questioned for name in data["decisions"]),
        undone=tuple(undone),
    )


def _named(
    told: Iterable[tuple[int, str, Mapping[str, Any]]], kind: str, member: str
) -> tuple[tuple[str, int], ...]:
    return tuple((data[member], seq) for seq, each, data in told if each == kind)


def _return(event: Recorded) -> Return:
    members = event.members
    data = members["data"]
    return Return(
        seq=event.seq,
        at=datetime.fromisoformat(members["at"]),
        actor=members["actor"],
        cause=members["cause"],
        step=data["step"],
        round=data["round"],
        voids=tuple(data["voids"]),
        private=tuple(members["private"]),
    )


async def _undone(
    desk: Desk, stream: str, state: Dialogue, seq: int, data: Mapping[str, Any]
) -> Undone:
    name = data["compensation"]
    known = state.compensations.get(name)
    about = data.get("of")
    return Undone(
        id=name,
        seq=seq,
        act=data["act"],
        step=data["step"],
        undoes=data["undoes"],
        heading=about["heading"] if about else None,
        recipients=tuple(data["recipients"]),
        status=known.status if known else "ended",
        attempt=known.attempt if known else 0,
        problem=known.problem if known else None,
        ended=await _ended(desk, stream, known),
    )


async def _ended(desk: Desk, stream: str, known: Compensation | None) -> Ended | None:
    """Look up what came of the last attempt, if that went well."""
    if known is None or known.status != "completed":
        return None
    cause = f"{OWN_PREFIX}effect:{known.id}:{known.attempt}"
    for event in await events_of_cause(desk.pool, stream, cause):
        members = event.members
        if members["type"] == "compensation_completed":
            data = members["data"]
            at = datetime.fromisoformat(members["at"])
            return Ended(
                event.seq, at, tuple(data["sent"]), tuple(data["undeliverable"])
            )
    return None

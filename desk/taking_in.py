"""Responses that come at the same moment are taken in together, and judged one by one.

One reading of the dialogue, one visit to the keys and one commit do for all of them.
What the rules keep out, as far as the record knows, is refused at once and leaves
nothing behind; a response that is taken in is safe, and will be recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from desk import form
from desk.desk import Desk, Sender
from desk.errors import Refused
from desk.private import check_length
from desk.together import Together
from domain.clock import to_dialogue_time
from domain.commands import RecordResponse
from domain.decide import check_gate
from domain.draft import Draft
from domain.errors import DomainError, IdReused, MalformedCommand, NotEntitled
from domain.facts import Actor, Cause, Private
from domain.messages import kind_of
from domain.method import SYSTEM
from domain.responses import Arrived, recorded
from domain.rights import acting_role, may_steer
from domain.state import Dialogue
from evidence.canonical import content_hash
from storage import inbox
from storage.errors import PrivateValueDiffers
from storage.inbox import Fate, Submission
from storage.putting import PrivateField
from storage.receiving import Arrival, Receipt, Received, receive

MOST: Final = 100
"""How many are taken in at once: what two commands carry."""

_NOT_YET: Final = Private(commitment="0" * 64)
"""Stands for a text while it is only asked whether the response would be taken."""

_PRIVATE: Final = ("response", "address")
"""What of a response goes to the vault."""

_SAID: Final = ("respondent", "reference", "posted_on", "supplements", "channel")
"""What of it is told to the dialogue as it is."""


class Wish(NamedTuple):
    """What somebody sends in, under an id that is their own if it was ``named``."""

    submission: str
    sender: Sender
    body: Mapping[str, Any]
    named: bool


class Taken(NamedTuple):
    """A response that is safe in the inbox; ``repeated`` if it was there before."""

    feedback_window: str
    fate: Fate
    repeated: bool


class _Read(NamedTuple):
    """A wish that was understood: who acts, what they ask, and the texts apart."""

    stream: str
    submission: str
    actor: Actor
    command: RecordResponse
    texts: Mapping[str, str]


_places: WeakKeyDictionary[Desk, dict[str, Together[Wish, Taken]]] = WeakKeyDictionary()


async def take_in(desk: Desk, stream: str, wish: Wish) -> Taken:
    """Take in a response with those that come meanwhile. Raises `Refused`."""
    _check_form(stream, wish)
    places = _places.setdefault(desk, {})
    place = places.setdefault(stream, Together(MOST))
    return await place.add(wish, partial(take_in_together, desk, stream))


def _check_form(stream: str, wish: Wish) -> None:
    actor = {"id": wish.sender.id, "role": wish.sender.role or "any", "via": "desk"}
    told = {"id": wish.submission, "actor": actor, "command": dict(wish.body)}
    form.check(stream, told)


async def take_in_together(
    desk: Desk, stream: str, wishes: Sequence[Wish]
) -> list[Taken | Exception]:
    """Take in what came to one dialogue; for each, that it is safe or what is wrong.

    Raises what is wrong for all: `NotFound`, ``Unavailable``, ``KeysUnavailable``.
    """
    state = await desk.dialogue(stream)
    named = [each.submission for each in wishes if each.named]
    known = await inbox.look(desk.pool, stream, named)
    read = [_read(state, stream, each, known) for each in wishes]
    arrivals = [_arrival(state, each) for each in read if isinstance(each, _Read)]
    receipts = await receive(desk.pool, desk.keys, stream, arrivals) if arrivals else []
    came = iter(receipts)
    return [
        _taken(next(came), each, known) if isinstance(each, _Read) else each
        for each in read
    ]


def _read(
    state: Dialogue, stream: str, wish: Wish, known: Mapping[str, Fate]
) -> _Read | Refused:
    """Understand a wish; what was here before is not judged again."""
    try:
        read = _understood(state, stream, wish)
        if wish.submission not in known:
            _check(state, read)
    except DomainError as error:
        return Refused.of(error).about(state)
    except Refused as refused:
        return refused
    return read


def _understood(state: Dialogue, stream: str, wish: Wish) -> _Read:
    body, sender = wish.body, wish.sender
    role = sender.role or acting_role(state.plan, state.roles, sender.id)
    given = ((field, body.get(field)) for field in _PRIVATE)
    plain = {field: text for field, text in given if isinstance(text, str)}
    for text in plain.values():
        check_length(text)
    told = {**body, **dict.fromkeys(plain, _NOT_YET)}
    try:
        command = RecordResponse.model_validate(told)
    except ValueError as error:
        problem = str(error).splitlines()[0]
        kind = kind_of(RecordResponse)
        raise MalformedCommand(kind=kind, problem=problem) from error
    actor = Actor(id=sender.id, role=role, via="desk")
    return _Read(stream, wish.submission, actor, command, plain)


def _check(state: Dialogue, read: _Read) -> None:
    """Refuse at once what the rules keep out, as far as the record knows."""
    command, actor = read.command, read.actor
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    by = Cause(stream=read.stream, id=read.submission, actor=actor, at=now)
    check_gate(state, command, by)
    if not may_steer(state, actor) and actor.id != command.respondent:
        entitled = "the respondent in person"
        raise NotEntitled(role=actor.role, entitled=entitled)
    members = {n: getattr(command, n) for n in RecordResponse.model_fields}
    recorded(Draft(state, by), Arrived(**members))


def _arrival(state: Dialogue, read: _Read) -> Arrival:
    subject = read.command.respondent
    fields = (PrivateField(f"/{name}", subject, t) for name, t in read.texts.items())
    return Arrival(read.submission, tuple(fields), partial(_told, state, read))


def _told(state: Dialogue, read: _Read, kept: Mapping[str, str]) -> Submission:
    """Give what is kept: when the desk had it is part of it, and decides what is late.

    Who acts as the public is carried by the desk, which knows that it was they.
    """
    trusted = may_steer(state, read.actor)
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    received = read.command.received_at if trusted else None
    carrier = Actor(id="desk", role=SYSTEM, via="inbox")
    said = _said(read.command, kept)
    window = read.command.window
    return Submission(
        stream=read.stream,
        submission=read.submission,
        feedback_window=window,
        # What tells one submission from another under the same id.
        digest=content_hash({"window": window, "response": said}),
        actor=(read.actor if trusted else carrier).model_dump(mode="json"),
        body={**said, "received_at": (received or now).isoformat()},
    )


def _said(command: RecordResponse, kept: Mapping[str, str]) -> dict[str, Any]:
    body = {name: getattr(command, name) for name in _SAID}
    given = {name: value for name, value in body.items() if value is not None}
    for field in _PRIVATE:
        if f"/{field}" in kept:
            given[field] = {"commitment": kept[f"/{field}"]}
        elif getattr(command, field) is not None:
            given[field] = getattr(command, field).model_dump(mode="json")
    return given


def _taken(receipt: Receipt, read: _Read, known: Mapping[str, Fate]) -> Taken | Refused:
    match receipt:
        case Received() if receipt.is_another:
            return Refused.of(IdReused(id=read.submission))
        case Received(told=told, fate=fate):
            return Taken(told.feedback_window, fate, told.submission in known)
        case PrivateValueDiffers():
            return Refused("IdReused", str(receipt), {"id": read.submission})
        case _:
            problem = "a text can't be written as JSON"
            kind = kind_of(RecordResponse)
            return Refused.of(MalformedCommand(kind=kind, problem=problem))

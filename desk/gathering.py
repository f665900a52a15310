"""Many responses to a public window go in one command, and each is answered for itself.

A dialogue remembers every command for life, so thousands of responses must not be
thousands of commands. What comes in is kept in the inbox; whoever is first carries
what is there, and those who come meanwhile go with the next. A response is "recorded"
once it is on record, and not before; what was left behind the worker brings in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from string import Formatter
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from desk.desk import Desk, Sender, fresh_id
from desk.errors import NotFound, Refused, Unreachable
from desk.private import keep_response
from desk.sending import Answer, send
from desk.starting import explain_absence
from domain.clock import to_dialogue_time
from domain.commands import RecordResponse
from domain.decide import check_gate
from domain.draft import Draft
from domain.errors import (
    DomainError,
    Fault,
    IdReused,
    MalformedCommand,
    NotEntitled,
    RecordContradicts,
    RecordFull,
)
from domain.facts import Actor, Cause, Private
from domain.method import PUBLIC, SYSTEM
from domain.responses import Arrived, recorded
from domain.rights import acting_role, may_steer
from domain.state import Dialogue
from evidence.canonical import content_hash
from storage import inbox
from storage.inbox import GATHER, Fate, Gathering, Left, Submission
from storage.queries import events

_PASSING: Final = frozenset(
    {Fault.__name__, RecordContradicts.__name__, RecordFull.__name__}
)
"""Refusals that say nothing about the responses: they wait until it has passed."""

_LOOK_EVERY: Final = 0.05
"""Seconds between two looks while somebody else carries what we wait for."""

_NOT_YET: Final = Private(commitment="0" * 64)
"""Stands for a text while it is only asked whether the response would be taken."""

_carrying: WeakKeyDictionary[Desk, dict[Left, asyncio.Task[None]]] = WeakKeyDictionary()


_PRIVATE: Final = ("response", "address")
"""What of a response goes to the vault."""


class Wish(NamedTuple):
    """A response and who brings it."""

    stream: str
    submission: str
    sender: Sender
    actor: Actor
    command: RecordResponse
    texts: Mapping[str, str]


def gathers(state: Dialogue, body: Mapping[str, Any]) -> bool:
    """Whether a response goes with many others: to a window that asks the public."""
    window = state.plan.window(str(body.get("window")))
    return window is not None and window.audience == PUBLIC and "audience" not in body


async def respond(
    desk: Desk,
    stream: str,
    body: Mapping[str, Any],
    sender: Sender,
    *,
    submission: str | None = None,
) -> Answer:
    """Record a response with others; answered as a command of its own would be.

    ``body`` is that of a ``record_response``, plain text and all. ``submission`` is the
    id under which it counts once. ``recorded`` is false where it is safe in the inbox
    and the record or the dialogue does not answer: it will be recorded. Raises
    `Refused`, `NotFound`.
    """
    state = await desk.dialogue(stream)
    wish = _wish(state, stream, body, sender, submission or fresh_id())
    before = None
    if submission is not None:
        before = await inbox.look(desk.pool, stream, submission)
    if before is None:
        _check(state, wish)
    kept = await keep_response(
        desk.pool,
        desk.keys,
        stream,
        wish.submission,
        subject=wish.command.respondent,
        texts=wish.texts,
    )
    fate = await inbox.put(desk.pool, _submission(state, wish, kept))
    if fate.digest != _digest(wish, kept):
        raise Refused.of(IdReused(id=wish.submission))
    left = Left(stream, wish.command.window)
    if fate.outcome is None:
        fate = await _carried(desk, left, wish.submission)
    return await _answer(desk, left, fate, repeated=before is not None)


def _wish(
    state: Dialogue, stream: str, body: Mapping[str, Any], sender: Sender, name: str
) -> Wish:
    role = sender.role or acting_role(state.plan, state.roles, sender.id)
    given = ((field, body.get(field)) for field in _PRIVATE)
    plain = {field: text for field, text in given if isinstance(text, str)}
    told = {**body, **dict.fromkeys(plain, _NOT_YET)}
    try:
        command = RecordResponse.model_validate(told)
    except ValueError as error:
        kind = "record_response"
        problem = str(error).splitlines()[0]
        raise Refused.of(MalformedCommand(kind=kind, problem=problem)) from error
    actor = Actor(id=sender.id, role=role, via="desk")
    return Wish(stream, name, sender, actor, command, plain)


def _check(state: Dialogue, wish: Wish) -> None:
    """Refuse at once what the rules keep out, as far as the record knows."""
    command, actor = wish.command, wish.actor
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    by = Cause(stream=wish.stream, id=wish.submission, actor=actor, at=now)
    try:
        check_gate(state, command, by)
        if not may_steer(state, actor) and actor.id != command.respondent:
            entitled = "the respondent in person"
            raise NotEntitled(role=actor.role, entitled=entitled)
        members = {n: getattr(command, n) for n in RecordResponse.model_fields}
        recorded(Draft(state, by), Arrived(**members))
    except DomainError as error:
        refused = Refused.of(error)
        refused.zone = state.zone
        raise refused from error


def _submission(state: Dialogue, wish: Wish, kept: Mapping[str, str]) -> Submission:
    """Give what is kept: when the desk had it is part of it, and decides what is late.

    Who acts as the public is carried by the desk, which knows that it was they.
    """
    trusted = may_steer(state, wish.actor)
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    received = wish.command.received_at if trusted else None
    carrier = Actor(id="desk", role=SYSTEM, via="inbox")
    body = _said(wish, kept)
    body["received_at"] = (received or now).isoformat()
    return Submission(
        stream=wish.stream,
        submission=wish.submission,
        feedback_window=wish.command.window,
        digest=_digest(wish, kept),
        actor=(wish.actor if trusted else carrier).model_dump(mode="json"),
        body=body,
    )


def _said(wish: Wish, kept: Mapping[str, str]) -> dict[str, Any]:
    names = ("respondent", "reference", "posted_on", "supplements", "channel")
    body = {name: getattr(wish.command, name) for name in names}
    given = {name: value for name, value in body.items() if value is not None}
    for field in _PRIVATE:
        if field in kept:
            given[field] = {"commitment": kept[field]}
        elif getattr(wish.command, field) is not None:
            given[field] = getattr(wish.command, field).model_dump(mode="json")
    return given


def _digest(wish: Wish, kept: Mapping[str, str]) -> str:
    """Give what tells one submission from another under the same id."""
    told = {"window": wish.command.window, "response": _said(wish, kept)}
    return content_hash(told)


async def _carried(desk: Desk, left: Left, submission: str) -> Fate:
    """Wait until something is known of a submission, carrying what is there if need be.

    At this point it is durable in the inbox: if we crash, or lose patience, it will be
    recorded all the same.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + desk.patience.total_seconds()
    away = False
    while True:
        try:
            await _carry_together(desk, left)
        except Unreachable:
            away = True
        fate = await _look(desk, left, submission)
        if away or fate.outcome is not None or loop.time() >= until:
            return fate
        await asyncio.sleep(_LOOK_EVERY)


async def _look(desk: Desk, left: Left, submission: str) -> Fate:
    fate = await inbox.look(desk.pool, left.stream, submission)
    assert fate is not None  # noqa: S101  (it was put there)
    return fate


async def _carry_together(desk: Desk, left: Left) -> None:
    """Let one task of this desk carry, and all others wait for it."""
    tasks = _carrying.setdefault(desk, {})
    task = tasks.get(left)
    if task is None or task.done():
        task = asyncio.create_task(carry(desk, left))
        tasks[left] = task
    await asyncio.shield(task)


async def carry(desk: Desk, left: Left) -> None:
    """Send what waits in a window, until nothing does, unless somebody else is at it.

    Raises `Unreachable` where the dialogue or the record does not answer.
    """
    async with inbox.alone(desk.pool, left) as ours:
        while ours:
            gathering = await inbox.next_gathering(desk.pool, left)
            if gathering is None or not await _sent(desk, gathering):
                return


async def _sent(desk: Desk, gathering: Gathering) -> bool:
    """Send one command for many; tell whether it is known what came of each."""
    client, stream = await desk.client(), gathering.stream
    try:
        await send(client, stream, GATHER, gathering.envelope, desk.patience)
    except Refused as error:
        if error.name in _PASSING:
            return False
        return await inbox.settle(desk.pool, gathering, error.name)
    except NotFound as error:
        await _explain(desk, gathering, error)
    return await inbox.settle(desk.pool, gathering)


async def _explain(desk: Desk, gathering: Gathering, error: NotFound) -> None:
    """Settle what came to a dialogue that was archived meanwhile; else wait for it."""
    try:
        await explain_absence(desk.pool, gathering.stream, error)
    except Refused as refused:
        await inbox.settle(desk.pool, gathering, refused.name)


def _refusal(fate: Fate, window: str) -> Refused:
    """Give the refusal that is on record: by name, and with the window it is about."""
    name = fate.error or Refused.__name__
    kind = DomainError.kinds.get(name)
    template = kind.template() if kind else name
    facts: dict[str, str | int] = {
        fact: window if fact == "window" else "…"
        for _, fact, _, _ in Formatter().parse(template)
        if fact
    }
    return Refused(name, template.format(**facts), facts, template=template)


async def _answer(desk: Desk, left: Left, fate: Fate, *, repeated: bool) -> Answer:
    if fate.outcome == "refused":
        raise _refusal(fate, left.feedback_window)
    if fate.outcome is None or fate.seq is None:
        state = await desk.dialogue(left.stream)
        return Answer(state.version, recorded=False, events=[], repeated=repeated)
    found = await events(desk.pool, left.stream, after_seq=fate.seq - 1, limit=1)
    mine = [event.named for event in found if event.seq == fate.seq]
    return Answer(fate.seq, recorded=True, events=mine, repeated=repeated)

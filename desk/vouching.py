"""An organisation says whose keys it trusts, and its dialogues follow.

The act stands in the organisation's own stream before any dialogue is told: those that
start later go by it. One that was not reached is told when the act is done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from desk.desk import Desk, Sender, fresh_id
from desk.errors import DeskError, Refused
from desk.house import COMMITTED_LATER, Private, checked, note
from desk.signing import vouch
from desk.signs import Signs
from domain.errors import DialogueEnded, DomainError, MalformedCommand, NothingToDo
from domain.messages import kind_of
from domain.method import SYSTEM
from domain.signed import UnknownDeskKey, check_kinds
from domain.signed_facts import (
    AllowUnsigned,
    DeskKeyDistrusted,
    DeskKeyTrusted,
    DistrustDeskKey,
    TrustDeskKey,
    UnsignedAllowed,
)
from domain.vouching import Vouched
from evidence.actor import DeskKey, key_id
from evidence.errors import MalformedKey
from language import mark
from storage import deskkey
from storage.errors import StorageError
from storage.vouching import Keyed, keyed, organisations, vouched

_AT_ONCE: Final = 8
_EVERY: Final = "*"
_DONE: Final = frozenset({NothingToDo.__name__, DialogueEnded.__name__})
"""Refusals that say that there is nothing left to do."""

_NOT_ROTATED: Final = mark(
    "The key was not replaced: {count} dialogues could not be told of the new one. Do "
    "it again once they can be reached."
)
_NO_KEY: Final = mark("This desk has no key of its own; see docs/operations.md.")


class Reached(NamedTuple):
    """What became of one dialogue: it follows, or what was in the way."""

    stream: str
    trouble: DeskError | None = None


class Keys(NamedTuple):
    """What an organisation says of keys, and what its dialogues go by.

    ``own`` is the id and public key of this desk's key, where it has one.
    """

    own: tuple[str, str] | None
    vouched: Vouched
    dialogues: tuple[Keyed, ...]


class _Order(NamedTuple):
    """What every dialogue is told, once under this name."""

    kind: str
    body: Mapping[str, Any]
    sender: Sender
    name: str


class Rotated(NamedTuple):
    """The ids of the key that was replaced and of its successor, and who knows."""

    old: str
    new: str
    reached: tuple[Reached, ...]


async def known(desk: Desk, organisation: str) -> Keys:
    """Give what is known of the keys of an organisation."""
    own = desk.signer.key if desk.signer else None
    return Keys(
        (own.id, own.public) if own else None,
        await vouched(desk.pool, organisation),
        await keyed(desk.pool, organisation),
    )


async def trust(
    desk: Desk,
    organisation: str,
    sender: Sender,
    *,
    public: str | None = None,
    command_id: str | None = None,
) -> tuple[Reached, ...]:
    """Trust a desk's key, by default this one's, in every dialogue. Raises `Refused`.

    Dialogues that trusted none take everything else as before, but know from now on
    what came over a desk.
    """
    public = public or _own(desk).key.public
    try:
        key = key_id(public)
    except MalformedKey as error:
        problem = str(error)
        kind = kind_of(TrustDeskKey)
        raise Refused.of(MalformedCommand(kind=kind, problem=problem)) from error
    name = command_id or fresh_id()
    actor = checked(organisation, sender, "believe", name=name)
    if key not in (await vouched(desk.pool, organisation)).keys:
        fact = DeskKeyTrusted(key=key, public=public)
        await note(desk, organisation, fact, actor, cause=name)
    # Where none is trusted yet, the very key has to sign.
    own = desk.signer is not None and desk.signer.key.id == key
    every = await keyed(desk.pool, organisation)
    lacking = [d for d in every if key not in d.keys and (own or d.keys)]
    order = _Order(kind_of(TrustDeskKey), {"public": public}, sender, name)
    return await _reach(desk, lacking, order)


async def distrust(
    desk: Desk,
    organisation: str,
    key: str,
    sender: Sender,
    *,
    reason: str,
    command_id: str | None = None,
) -> tuple[Reached, ...]:
    """Trust a desk's key no more, in any dialogue. Raises `Refused`."""
    name = command_id or fresh_id()
    actor = checked(organisation, sender, "believe", name=name)
    told = await vouched(desk.pool, organisation)
    holding = [d for d in await keyed(desk.pool, organisation) if key in d.keys]
    if not holding and key not in {*told.keys, *told.gone}:
        names = ", ".join(told.keys) or "none"
        raise Refused.of(UnknownDeskKey(key=key, known=names))
    if key not in told.gone:
        fact = DeskKeyDistrusted.model_validate({"key": key, "reason": COMMITTED_LATER})
        kept = {"reason": Private(sender.id, reason)}
        await note(desk, organisation, fact, actor, cause=name, private=kept)
    body = {"key": key, "reason": reason}
    order = _Order(kind_of(DistrustDeskKey), body, sender, name)
    return await _reach(desk, holding, order)


async def allow(
    desk: Desk,
    organisation: str,
    kinds: tuple[str, ...] | None,
    sender: Sender,
    *,
    command_id: str | None = None,
) -> tuple[Reached, ...]:
    """Take these kinds of command unsigned, and no others; None is every kind.

    In every dialogue that trusts a desk's key, also those to come. Raises `Refused`.
    """
    name = command_id or fresh_id()
    actor = checked(organisation, sender, "believe", name=name)
    try:
        kinds = check_kinds(kinds)
    except DomainError as error:
        raise Refused.of(error) from error
    told = await vouched(desk.pool, organisation)
    if not told.said or told.unsigned != kinds:
        fact = UnsignedAllowed(commands=kinds)
        await note(desk, organisation, fact, actor, cause=name)
    body = {"commands": [_EVERY] if kinds is None else [*kinds]}
    others = [
        dialogue
        for dialogue in await keyed(desk.pool, organisation)
        if dialogue.keys and dialogue.allowed != kinds
    ]
    order = _Order(kind_of(AllowUnsigned), body, sender, name)
    return await _reach(desk, others, order)


async def rotate(desk: Desk, sender: Sender, *, reason: str) -> Rotated:
    """Put a new key in the place of this desk's, in all organisations that trust it.

    Every dialogue trusts the new one, which the old one signs for; then it signs; then
    the old one is trusted no more. What broke off before the new one signs is gone on
    with by doing it again; after that the old one is left to distrust. Raises
    `DeskError` where a dialogue could not be told: then nothing was replaced.
    """
    signs = _own(desk)
    old, new = signs.key, _proposed(signs.path)
    concerned = await organisations(desk.pool, old.id)
    await vouch(desk.pool, new)
    told = [await trust(desk, org, sender, public=new.public) for org in concerned]
    missed = [one for each in told for one in each if one.trouble]
    if missed:
        raise DeskError(_NOT_ROTATED, count=len(missed))
    # At this point both keys are trusted everywhere; a crash here changes nothing else.
    deskkey.take(signs.path)
    gone = [
        await distrust(desk, org, old.id, sender, reason=reason) for org in concerned
    ]
    return Rotated(old.id, new.id, tuple(one for each in gone for one in each))


def _own(desk: Desk) -> Signs:
    if desk.signer is None:
        raise DeskError(_NO_KEY)
    return desk.signer


def _proposed(path: Path) -> DeskKey:
    try:
        return deskkey.propose(path)
    except StorageError as error:
        raise DeskError(_NO_KEY) from error


async def _reach(
    desk: Desk,
    dialogues: Iterable[Keyed],
    order: _Order,
) -> tuple[Reached, ...]:
    """Send a command to each, in the organisation's name."""
    kind, body, by, name = order
    limit, who = asyncio.Semaphore(_AT_ONCE), Sender(by.id, SYSTEM, by.via)

    async def one(stream: str) -> Reached:
        async with limit:
            try:
                await desk.send(stream, kind, body, who, command_id=name)
            except Refused as error:
                return Reached(stream, None if error.name in _DONE else error)
            except DeskError as error:
                return Reached(stream, error)
        return Reached(stream)

    return tuple(await asyncio.gather(*(one(each.stream) for each in dialogues)))

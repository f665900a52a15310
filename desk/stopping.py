"""A suspension of an organisation reaches each of its dialogues, once.

The command for a dialogue has an id made from the suspension, so it can be sent by
whoever comes along, as often as need be: a dialogue that went on earlier than the rest
is not stopped again. What a crash left undone is done by the next who looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from temporalio.client import Client

from desk.errors import DeskError, Refused
from desk.sending import send
from domain.errors import DialogueEnded, NothingToDo
from domain.method import SYSTEM
from domain.suspensions import Suspension
from storage.suspensions import Held, dialogues, suspensions

if TYPE_CHECKING:
    from desk.desk import Desk

_AT_ONCE: Final = 8
_DONE: Final = frozenset({NothingToDo.__name__, DialogueEnded.__name__})
"""Refusals that say that there is nothing left to do."""


class Reached(NamedTuple):
    """What became of one dialogue: stopped or let go, or what was in the way."""

    stream: str
    lifted: bool
    trouble: DeskError | None = None


class _Wish(NamedTuple):
    stream: str
    suspension: Suspension
    lifts: bool


async def reach(desk: Desk, client: Client, organisation: str) -> tuple[Reached, ...]:
    """Stop and let go whom the suspensions of an organisation should, as they stand."""
    known = (await suspensions(desk.pool, organisation)).values()
    found = await dialogues(desk.pool, organisation) if known else ()
    wishes = [wish for each in found for wish in _wishes(each, known)]
    limit = asyncio.Semaphore(_AT_ONCE)

    async def one(wish: _Wish) -> Reached | None:
        async with limit:
            return await _carried_out(desk, client, wish)

    reached = await asyncio.gather(*(one(wish) for wish in wishes))
    return tuple(each for each in reached if each is not None)


async def stop_new(desk: Desk, client: Client, stream: str) -> None:
    """Stop a dialogue that was just started, if its organisation is suspended."""
    organisation, _, slug = stream.partition(":")
    for each in (await suspensions(desk.pool, organisation)).values():
        if each.holds(slug):
            await _carried_out(desk, client, _Wish(stream, each, lifts=False))


def _wishes(held: Held, known: Iterable[Suspension]) -> Iterator[_Wish]:
    for each in known:
        if each.holds(held.slug) != (each.id in held.suspended):
            yield _Wish(held.stream, each, lifts=each.id in held.suspended)


async def _carried_out(desk: Desk, client: Client, wish: _Wish) -> Reached | None:
    kind = "lift_suspension" if wish.lifts else "suspend_dialogue"
    try:
        envelope = desk.signed(wish.stream, kind, _envelope(wish))
        answer = await send(client, wish.stream, kind, envelope, desk.patience)
    except Refused as error:
        if error.name in _DONE:
            return None
        return Reached(wish.stream, wish.lifts, error)
    except DeskError as error:
        return Reached(wish.stream, wish.lifts, error)
    return None if answer.repeated else Reached(wish.stream, wish.lifts)


def _envelope(wish: _Wish) -> dict[str, Any]:
    """Give the command: the same for whoever sends it, and an id nobody can guess.

    Who knew it before the act is on record could use it for something else, and the
    dialogue would never be stopped or let go. So the moment of the act is in it.
    """
    one, by = wish.suspension, wish.suspension.by
    done, at = ("lifted", one.changed) if wish.lifts else ("suspended", one.at)
    return {
        "id": f"{done}.{one.id}.{(at or one.at):%Y%m%dT%H%M%S.%f}",
        "actor": {"id": by.id, "role": SYSTEM, "via": "organisation"},
        "command": {"suspension": wish.suspension.id},
    }

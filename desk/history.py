"""What happened in a dialogue, as recorded, and the private words behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

from desk.desk import Desk, Sender
from desk.gone import no_dialogue
from desk.readers import may
from domain.confidential import Readable
from domain.facts import written
from domain.state import Dialogue
from storage.keeping import kept_under
from storage.queries import PAGE, events, incidents
from storage.vault import openings


class Past(NamedTuple):
    """One event: its place, its hash, and its members as recorded.

    ``body`` are its exact bytes, where it was read from the record itself.
    """

    seq: int
    hash: str
    members: dict[str, Any]
    body: bytes = b""


async def history(desk: Desk, stream: str, after: int = 0) -> AsyncIterator[Past]:
    """Give every event after ``after``, in order; reads page by page."""
    while True:
        page = await events(desk.pool, stream, after_seq=after)
        for event in page:
            yield Past(event.seq, event.hash, event.members, event.body)
        if len(page) < PAGE:
            return
        after = page[-1].seq


async def whole_history(desk: Desk, stream: str, after: int = 0) -> list[Past]:
    """Give every event after ``after`` at once. Raises `NotFound`."""
    found = [event async for event in history(desk, stream, after)]
    if not found and not after:
        raise await no_dialogue(desk.pool, stream)
    return found


class Opened(NamedTuple):
    """Private texts by event and JSON pointer, and what is kept from the reader."""

    words: dict[tuple[int, str], str]
    kept: dict[tuple[int, str], str]
    """The confidential step because of which; empty where it is for another reason."""


async def opened(
    desk: Desk,
    stream: str,
    state: Dialogue,
    reader: Sender,
    every: Sequence[Past] | None = None,
) -> Opened:
    """Open what events only commit to, as far as this reader may see it.

    ``every`` event of the dialogue, where they are at hand. Raises `Refused` for a
    reader who may see nothing of it (`desk.readers`).
    """
    allowed = may(state, reader)
    found = await openings(desk.pool, desk.keys, stream, skip_unreadable=True)
    by_place = {(o.command_id, o.path, o.commitment): o for o in found}
    words: dict[tuple[int, str], str] = {}
    readable = Readable()
    for event in every or await whole_history(desk, stream):
        members = event.members
        private = members["private"]
        readable.sees(event.seq, members["type"], members["data"], private)
        under = kept_under(members)
        for pointer, commitment in private.items():
            # Anybody can send a commitment once more: it opens where it was put.
            opening = by_place.get((under, pointer, commitment))
            if opening and (opening.seq == event.seq or under == members["cause"]):
                words[event.seq, pointer] = str(opening.value)
    kept = readable.closed(allowed.roles, steers=allowed.steers, kinds=allowed.kinds)
    return Opened({p: text for p, text in words.items() if p not in kept}, kept)


async def private_words(
    desk: Desk, stream: str, state: Dialogue, reader: Sender
) -> dict[tuple[int, str], str]:
    """Open what events only commit to, by event and JSON pointer.

    Raises `Refused` for a reader who may see nothing of it. What they may not see of
    it, such as confidential steps, is left out.
    """
    return (await opened(desk, stream, state, reader)).words


async def incidents_of(desk: Desk, stream: str) -> list[dict[str, Any]]:
    """Give what contradicted the record of a dialogue, newest first."""
    return [
        {**incident._asdict(), "at": written(incident.at)}
        for incident in await incidents(desk.pool, stream)
    ]

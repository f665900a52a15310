"""A dialogue as it was, and what differs between two moments of it.

The state is folded again from the events up to then. Before that each event is hashed
anew and the chain is followed, so the answer rests on the bytes; the checkpoint that
is cited covers the last of them, and with it all before.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from desk import reads
from desk.desk import Desk
from desk.difference import Change, between
from desk.errors import NotFound, Refused
from desk.history import Past, whole_history
from desk.moments import Moment, read_moment
from domain.facts import written
from domain.state import Dialogue
from evidence.event import ZERO_HASH, event_hash
from language import mark
from storage.errors import UnknownStream
from storage.folding import fold_stream
from storage.giving_way import GivingWay
from storage.past import Checkpoint, Covered, checkpoint, covering, last_within

_BEFORE: Final = mark("{stream} had no event yet at {moment}.")
_AFTER: Final = mark("{stream} has no event {seq}: the last one is {last}.")
NO_CHECKPOINT: Final = mark(
    "There is no checkpoint of size {size}. See polder audit checkpoint."
)
NOT_AS_SEALED: Final = mark(
    "Event {seq} of {stream} is not what was recorded or sealed. Run polder audit "
    "verify --all."
)


class AsOf(NamedTuple):
    """A dialogue as it was after one of its events."""

    stream: str
    asked: Moment
    seq: int
    hash: str
    at: datetime
    """The moment of that event."""
    state: Dialogue
    covered: Covered | None
    """None: that event is not sealed yet."""

    @property
    def shown_at(self) -> datetime:
        """The moment at which to look at it: the one asked for, or the event's."""
        return self.asked.at or self.at

    @property
    def document(self) -> dict[str, Any]:
        """The answer as JSON, without the state."""
        return {
            "stream": self.stream,
            "asked": self.asked.told,
            "seq": self.seq,
            "hash": self.hash,
            "at": written(self.at),
            **cited(self.covered),
        }


class Difference(NamedTuple):
    """Two moments, and what differs."""

    before: AsOf
    after: AsOf
    changes: list[Change]


async def as_of(desk: Desk, stream: str, asked: str, *, by: str) -> AsOf:
    """Give a dialogue as it was; the read is logged in the name of ``by``.

    Raises `NotFound`, and `Refused` where the events are not what was recorded.
    """
    now = await desk.dialogue(stream)
    return await _noted(
        desk, await _seen(desk, stream, read_moment(asked, now.zone)), by
    )


async def diff(
    desk: Desk, stream: str, first: str, second: str | None = None, *, by: str
) -> Difference:
    """Compare two moments of a dialogue; without a second, with its present state."""
    now = await desk.dialogue(stream)
    before = await _seen(desk, stream, read_moment(first, now.zone))
    last = read_moment(second, now.zone) if second else Moment(seq=now.version)
    after = await _seen(desk, stream, last)
    what = {"from": before.asked.told, "to": after.asked.told}
    covered = after.covered
    size = covered.checkpoint.size if covered else None
    rows = max(before.seq, after.seq)
    await reads.note(desk, by, "diff", stream, what, rows=rows, size=size)
    changes = await asyncio.to_thread(between, before.state, after.state)
    return Difference(before, after, changes)


async def _seen(desk: Desk, stream: str, asked: Moment) -> AsOf:
    until, within = asked.seq, None
    if asked.size is not None:
        within = await known_checkpoint(desk, asked.size)
        until = await last_within(desk.pool, stream, asked.size)
        if until is None:
            raise NotFound(_BEFORE, stream=stream, moment=asked.told)
    try:
        moment = await fold_stream(desk.pool, stream, until_seq=until, until=asked.at)
    except UnknownStream as error:
        raise NotFound(_BEFORE, stream=stream, moment=asked.told) from error
    if asked.seq is not None and moment.seq != asked.seq:
        raise NotFound(_AFTER, stream=stream, seq=asked.seq, last=moment.seq)
    covered = await covering(desk.pool, stream, moment.seq)
    if covered is not None and within is not None:
        covered = covered._replace(checkpoint=within)
    await _follow(stream, await whole_history(desk, stream), moment.seq, covered)
    return AsOf(stream, asked, *moment[1:], moment.state, covered)


async def known_checkpoint(desk: Desk, size: int) -> Checkpoint:
    """Give the checkpoint of this size. Raises `NotFound`."""
    found = await checkpoint(desk.pool, size)
    if found is None:
        raise NotFound(NO_CHECKPOINT, size=size)
    return found


async def as_it_is(
    desk: Desk, stream: str, state: Dialogue, every: Sequence[Past], *, by: str
) -> AsOf:
    """Give a dialogue as it is; the read is logged.

    ``state`` is that of its row, and is not folded again; that ``every`` event up to
    there is what was recorded is seen all the same. Raises `Refused`.
    """
    if len(every) < state.version:
        raise not_as_sealed(stream, state.version)
    last = every[state.version - 1]
    covered = await covering(desk.pool, stream, last.seq)
    await _follow(stream, every, last.seq, covered)
    at, asked = datetime.fromisoformat(last.members["at"]), Moment(seq=last.seq)
    return await _noted(
        desk, AsOf(stream, asked, last.seq, last.hash, at, state, covered), by
    )


async def _noted(desk: Desk, found: AsOf, by: str) -> AsOf:
    what = {"moment": found.asked.told}
    size = found.covered.checkpoint.size if found.covered else None
    await reads.note(desk, by, "as-of", found.stream, what, rows=found.seq, size=size)
    return found


async def _follow(
    stream: str, every: Sequence[Past], last: int, covered: Covered | None
) -> None:
    """Follow the chain up to ``last`` over the events' own bytes. Raises `Refused`.

    What the log has sealed for the last event must be where the chain arrives.
    """
    before = ZERO_HASH
    way = GivingWay()
    for seq, event in enumerate(every[:last], 1):
        await way.now_and_then()
        members, digest = event.members, event_hash(event.body)
        linked = members["prev"] == before and members["seq"] == event.seq == seq
        if not linked or digest != event.hash:
            raise not_as_sealed(stream, event.seq)
        before = digest
    if covered is not None and covered.hash != before:
        raise not_as_sealed(stream, last)


def not_as_sealed(stream: str, seq: int) -> Refused:
    """Give the refusal to answer from an event that is not what was sealed."""
    facts: dict[str, str | int] = {"stream": stream, "seq": seq}
    text = NOT_AS_SEALED.format_map(facts)
    return Refused("NotAsSealed", text, facts, template=NOT_AS_SEALED)


def cited(covered: Covered | None) -> dict[str, Any]:
    """Give the checkpoint that covers an event, as JSON; null: not sealed yet."""
    if covered is None:
        return {"leafIndex": None, "checkpoint": None}
    told = {**told_checkpoint(covered.checkpoint)}
    return {"leafIndex": covered.leaf_index, "checkpoint": told}


def told_checkpoint(one: Checkpoint) -> dict[str, Any]:
    """Give a checkpoint as JSON."""
    return {
        "origin": one.origin,
        "size": one.size,
        "root": b64encode(one.root).decode(),
        "at": written(one.at),
        "published": one.published,
    }

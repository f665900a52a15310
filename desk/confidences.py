"""Which private texts belong to which confidential step, kept from visit to visit.

It follows from all events of a dialogue, and what follows from those that were read
before stays: only what came since is read. What is kept has no text in it. It is used
where the last event that it knows is still the one on record, hash and all.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from desk.desk import Desk
from domain.confidential import Readable
from storage.queries import PAGE, Recorded, events

MOST: Final = 100
"""Of so many dialogues it is kept; those looked at longest ago go first."""


class _Followed:
    """What is known of a dialogue up to an event."""

    def __init__(self) -> None:
        self.readable = Readable()
        self.seq = 0
        self.hash = ""
        self.whole = False
        self.first_look = asyncio.Lock()

    def sees(self, found: list[Recorded]) -> None:
        """Take into account what came since; others may have done so meanwhile."""
        for event in found:
            if event.seq == self.seq + 1:
                members = event.members
                told = members["type"], members["data"], members["private"]
                self.readable.sees(event.seq, *told)
                self.seq, self.hash = event.seq, event.hash


_KNOWN: Final[OrderedDict[tuple[str, str], _Followed]] = OrderedDict()


async def readable_of(desk: Desk, stream: str) -> Readable:
    """Give what says which texts of a dialogue are whose, as it is on record now."""
    first = await events(desk.pool, stream, limit=1)
    if not first:
        return Readable()
    # Records have dialogues of the same name: the first event is of one alone.
    key = stream, first[0].hash
    known = _KNOWN.setdefault(key, _Followed())
    if not await _is_current(desk, stream, known):
        if _KNOWN.get(key) in (None, known):
            _KNOWN[key] = _Followed()
        known = _KNOWN[key]
        await _is_current(desk, stream, known)
    _KNOWN[key] = known  # others may have taken its place meanwhile
    _KNOWN.move_to_end(key)
    while len(_KNOWN) > MOST:
        _KNOWN.popitem(last=False)
    return known.readable


async def _is_current(desk: Desk, stream: str, known: _Followed) -> bool:
    """Catch up; all events of a dialogue are read by one, and others wait for that.

    Whoever leaves halfway leaves what they read, and the next one goes on from there.
    """
    if not known.whole:
        async with known.first_look:
            if not known.whole:
                known.whole = await _catch_up(desk, stream, known)
                return known.whole
    return await _catch_up(desk, stream, known)


async def _catch_up(desk: Desk, stream: str, known: _Followed) -> bool:
    """Read what came since; False where the last event is another than was known."""
    seq, digest = known.seq, known.hash
    found = list(await events(desk.pool, stream, after_seq=max(0, seq - 1)))
    if seq and (not found or found[0].hash != digest):
        return False
    known.sees(found)
    while len(found) == PAGE:
        found = list(await events(desk.pool, stream, after_seq=found[-1].seq))
        known.sees(found)
    return True

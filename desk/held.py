"""What is held about one person in a dialogue, and the requests they made to erase it.

GDPR, art. 15: whoever asks is told. It is read for that person alone, and that it was
read is on record as any reading of private texts is.
"""

from __future__ import annotations

from typing import NamedTuple

from desk.desk import Desk
from desk.reads import note
from domain.erasures import Case
from storage import erasing
from storage.house import house, stream_of
from storage.queries import events_at
from storage.vault import openings_about

_WHAT = "held"


class HeldText(NamedTuple):
    """A private text about somebody: in which event it stands, and where in it."""

    seq: int
    kind: str
    """The type of the event."""
    at: str
    path: str
    text: str


class Held(NamedTuple):
    """All that is held about somebody in a dialogue that is not public.

    ``elsewhere`` counts other dialogues of the organisation that hold something too;
    ``requests`` are those they made to erase it, the newest last.
    """

    texts: tuple[HeldText, ...]
    elsewhere: int
    requests: tuple[Case, ...]


async def held(desk: Desk, stream: str, who: str) -> Held:
    """Give what is held about somebody, to that very person."""
    organisation = stream.partition(":")[0]
    found = await openings_about(desk.pool, desk.keys, stream, who)
    rows = len({one.seq for one in found})
    await note(desk, who, _WHAT, stream, {"about": "oneself"}, rows=rows, opened=True)
    seqs = {one.seq for one in found}
    events = {e.seq: e.members for e in await events_at(desk.pool, stream, seqs)}
    texts = tuple(
        HeldText(
            one.seq,
            str(events[one.seq]["type"]),
            str(events[one.seq]["at"]),
            one.path,
            str(one.value),
        )
        for one in found
        if one.seq in events
    )
    places = await erasing.dialogues(desk.pool, organisation, who)
    own = {stream, stream_of(organisation)}
    elsewhere = len([place for place in places if place not in own])
    return Held(texts, elsewhere, await requests_of(desk, organisation, who))


async def requests_of(desk: Desk, organisation: str, who: str) -> tuple[Case, ...]:
    """Give the requests to erase what is held about somebody, the newest last."""
    stream = stream_of(organisation)
    own = await openings_about(desk.pool, desk.keys, stream, who)
    theirs = {one.seq for one in own if one.path == "/subject"}
    if not theirs:
        return ()  # without all that others asked: that is read for who asked too
    known = await house(desk.pool, organisation)
    return tuple(c for c in known.cases.values() if c.requested.seq in theirs)

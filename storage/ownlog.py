"""Polder's own streams are written here: each organisation's, and the log's.

No workflow holds their heads, so that whoever writes takes the lock of the stream
first. A ``cause`` makes a repeat harmless: the same cause finds its own events.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from evidence.canonical import JsonValue
from evidence.event import ZERO_HASH, Sealed, event_id, parse_instant, seal
from storage.batch import Batch
from storage.errors import CauseTaken, DialogueExists, NotSound, Unavailable
from storage.pool import Connection, Source, connection
from storage.projecting import Projections
from storage.projection import is_dialogue
from storage.record import append as put_on_record
from storage.record import head
from storage.statements import statement

MACHINE: Final[Mapping[str, JsonValue]] = {
    "id": "polder",
    "role": "clock",
    "via": "timer",
}
"""The actor of what the machine does by itself."""

_FIRST_EPOCH: Final = 1
_TURNS: Final = 5


@dataclass(frozen=True, slots=True)
class New:
    """An event to be added. ``private`` is pointer → commitment, for nulls in ``data``.

    Their values are put into the vault before, under the cause as command id.
    """

    type: str
    data: Mapping[str, JsonValue]
    private: Mapping[str, str] = field(default_factory=dict[str, str])


class OwnEvent(NamedTuple):
    """Where an event is on record; ``repeated`` when it was there before."""

    seq: int
    hash: str
    repeated: bool


class Noted(NamedTuple):
    """An event as it was read back; members as in ``docs/audit-format.md``."""

    seq: int
    hash: str
    type: str
    at: datetime
    actor: dict[str, Any]
    mandate: dict[str, Any] | None
    cause: str
    data: dict[str, Any]
    private: dict[str, str]


async def append(  # noqa: PLR0913 - an event's members, each named at the call
    source: Source,
    stream: str,
    type: str,
    data: Mapping[str, JsonValue],
    *,
    cause: str,
    actor: Mapping[str, JsonValue] = MACHINE,
    at: datetime | None = None,
    mandate: Mapping[str, JsonValue] | None = None,
    private: Mapping[str, str] | None = None,
    projections: Projections | None = None,
) -> OwnEvent:
    """Add one event to a stream of Polder's own; see ``append_many``."""
    one = New(type, data, private or {})
    added = await append_many(
        source,
        stream,
        [one],
        cause=cause,
        actor=actor,
        at=at,
        mandate=mandate,
        projections=projections,
    )
    return added[0]


async def append_many(
    source: Source,
    stream: str,
    new: Sequence[New],
    *,
    cause: str,
    actor: Mapping[str, JsonValue] = MACHINE,
    at: datetime | None = None,
    mandate: Mapping[str, JsonValue] | None = None,
    projections: Projections | None = None,
) -> tuple[OwnEvent, ...]:
    """Add the events of one cause, all or none, after whatever is the head by then.

    ``at`` is real time, now by default. ``projections`` opens a dialogue's stream as
    well, for what happens after its workflow has ended: nobody else may write there.
    Raises ``CauseTaken`` where the cause's events are others, ``NotSound`` for another
    stream or malformed members, and what ``storage.record.append`` raises.
    """
    if is_dialogue(stream) and projections is None:
        raise NotSound(f"{stream} is no stream of Polder's own")
    told = _Told(stream, cause, at or datetime.now(UTC), actor, mandate)
    for turn in range(_TURNS):
        try:
            async with connection(source) as conn:
                return await _append(conn, told, new, projections)
        except DialogueExists:
            # Another writer made the stream between our look and our event.
            continue
        except Unavailable:
            # Whether it was committed is not known: the cause will tell.
            if turn > 0 or isinstance(source, AsyncConnection):
                raise
    raise Unavailable(f"{stream} is written by too many at once")


class _Told(NamedTuple):
    """What the events of one call have in common."""

    stream: str
    cause: str
    at: datetime
    actor: Mapping[str, JsonValue]
    mandate: Mapping[str, JsonValue] | None


async def _append(
    conn: Connection, told: _Told, new: Sequence[New], projections: Projections | None
) -> tuple[OwnEvent, ...]:
    async with conn.transaction():
        query = statement("ownlog", "hold")
        row = await (await conn.execute(query, {"stream": told.stream})).fetchone()
        # From here on nobody moves the head of a stream that exists. One that did not
        # may be made by another at this moment, and then our first event is refused.
        exists = row is not None and row[0] is not None
        there = await _there(conn, told, new)
        if there:
            return there
        held = await head(conn, told.stream) if exists else None
        seq, prev = (held.seq, held.head) if held else (0, ZERO_HASH)
        made = _chain(told, new, seq, prev)
        batch = Batch(
            stream=told.stream,
            epoch=held.epoch if held else _FIRST_EPOCH,
            after_seq=seq,
            after_hash=prev,
            events=tuple(event.body for event in made),
        )
        await put_on_record(conn, batch, projections)
    return tuple(OwnEvent(event.seq, event.hash, repeated=False) for event in made)


def _chain(told: _Told, new: Sequence[New], seq: int, prev: str) -> list[Sealed]:
    made: list[Sealed] = []
    for position, one in enumerate(new):
        sealed = seal(
            stream=told.stream,
            seq=seq + position + 1,
            prev=made[-1].hash if made else prev,
            cause=told.cause,
            position=position,
            type=one.type,
            at=told.at,
            actor=told.actor,
            mandate=told.mandate,
            data=one.data,
            private=one.private,
        )
        made.append(sealed)
    return made


async def _there(
    conn: Connection, told: _Told, new: Sequence[New]
) -> tuple[OwnEvent, ...]:
    """Find what this cause put on record before; raises ``CauseTaken``."""
    ids = [
        uuid.UUID(event_id(told.stream, told.cause, position))
        for position in range(len(new) + 1)
    ]
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement("ownlog", "there"), {"ids": ids})
        rows = await cursor.fetchall()
    if rows and [_gist(json.loads(row["body"])) for row in rows] != [
        (one.type, dict(one.data), set(one.private)) for one in new
    ]:
        raise CauseTaken(f"{told.stream}: {told.cause} put another event on record")
    return tuple(OwnEvent(row["seq"], row["hash"], repeated=True) for row in rows)


def _gist(members: Mapping[str, Any]) -> tuple[str, dict[str, Any], set[str]]:
    # The moment differs from try to try, and a commitment by its salt.
    return members["type"], members["data"], set(members["private"])


async def events(
    source: Source, stream: str, types: Iterable[str] | None = None
) -> list[Noted]:
    """Return the events of a stream in order, or those of some types."""
    wanted = {"stream": stream, "types": None if types is None else list(types)}
    async with (
        connection(source) as conn,
        conn.cursor(row_factory=dict_row) as cursor,
    ):
        await cursor.execute(statement("ownlog", "events"), wanted)
        return [_noted(row["hash"], row["body"]) for row in await cursor.fetchall()]


def _noted(digest: str, body: bytes) -> Noted:
    members = json.loads(body)
    return Noted(
        seq=members["seq"],
        hash=digest,
        type=members["type"],
        at=parse_instant(members["at"]),
        actor=members["actor"],
        mandate=members["mandate"],
        cause=members["cause"],
        data=members["data"],
        private=members["private"],
    )

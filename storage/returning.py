"""What a record that was put back lacks is added as it was, and nothing else.

Events that Temporal still holds go in by the statement that every event goes in by,
so the chain decides whether they belong there. Private values that an event says were
erased are destroyed again, and those that the backup did not have are told, so that
the dialogue can say that they are gone.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from psycopg.rows import class_row

from domain.erasures import ERASED
from evidence.census import Head as CensusHead
from evidence.census import heads_root
from evidence.event import MAX_BATCH_BYTES, MAX_BATCH_EVENTS, ZERO_HASH
from storage.batch import Batch, Content
from storage.errors import UnknownStream
from storage.keeping import kept_under
from storage.pool import Connection, Source, connection
from storage.projecting import Projections
from storage.queries import PAGE
from storage.record import Head, append, head, take_over
from storage.statements import statement


class OnRecord(NamedTuple):
    """A dialogue on record; whether it has ended, and is gone by decision."""

    stream: str
    archived: bool
    destroyed: bool


class Measure(NamedTuple):
    """How much a record holds; ``root`` is the tree of all heads, as in a census."""

    events: int
    streams: int
    root: str


@dataclass(frozen=True, slots=True)
class Found:
    """An event that was found elsewhere, with the epoch in which it was offered."""

    seq: int
    hash: str
    prev: str
    body: bytes
    epoch: int


class Vault(NamedTuple):
    """What a look at the vault found: fields by (seq, JSON pointer)."""

    lost: tuple[tuple[int, str], ...]
    """On record, without a value, and no event says so."""
    undead: tuple[tuple[int, str], ...]
    """Erased, and yet there."""


async def dialogues(source: Source) -> AsyncIterator[OnRecord]:
    """Give every dialogue on record, by name; reads page by page."""
    after = ""
    while True:
        where = {"after": after, "limit": PAGE}
        async with connection(source) as conn:
            cursor = conn.cursor(row_factory=class_row(OnRecord))
            page = await (
                await cursor.execute(statement("returning", "alive"), where)
            ).fetchall()
        for row in page:
            yield row
        if len(page) < PAGE:
            return
        after = page[-1].stream


async def hash_at(source: Source, stream: str, seq: int) -> str | None:
    """Return the hash of an event on record; before the first it is zeros."""
    if seq == 0:
        return ZERO_HASH
    where = {"stream": stream, "seq": seq}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("returning", "hash_at"), where)
        row = await cursor.fetchone()
    return None if row is None else str(row[0])


async def add(
    conn: Connection, events: Sequence[Found], contents: dict[str, Content]
) -> None:
    """Append events of one stream that follow its head, in the caller's transaction.

    Where they come from a later epoch than the record knows, the epoch is raised
    first, as the restore did that was lost. Raises an ``AppendRefused``.
    """
    projections = Projections()
    for batch in _batches(events):
        stream = json.loads(batch[0].body)["stream"]
        held = await head(conn, stream)
        token = None
        while held is not None and held.epoch < batch[0].epoch:
            token = (await take_over(conn, held)).token
            held = await head(conn, stream)
        await append(
            conn,
            Batch(
                stream=stream,
                epoch=batch[0].epoch,
                after_seq=batch[0].seq - 1,
                after_hash=batch[0].prev,
                events=tuple(event.body for event in batch),
                contents={
                    digest: content
                    for digest, content in contents.items()
                    if batch[0].seq == 1 or _names(batch, digest)
                },
                token=token,
            ),
            projections,
        )


def _names(batch: Sequence[Found], digest: str) -> bool:
    return any(digest.encode() in event.body for event in batch)


def _batches(events: Sequence[Found]) -> list[list[Found]]:
    """Divide events into batches of one epoch that the record takes at once."""
    batches: list[list[Found]] = []
    size = 0
    for event in events:
        last = batches[-1] if batches else []
        fits = (
            last
            and last[-1].epoch == event.epoch
            and len(last) < MAX_BATCH_EVENTS
            and size + len(event.body) <= MAX_BATCH_BYTES
        )
        if fits:
            last.append(event)
            size += len(event.body)
        else:
            batches.append([event])
            size = len(event.body)
    return batches


async def put_epoch(conn: Connection, held: Head, epoch: int, token: str) -> None:
    """Raise a stream to the epoch of a run that has not recorded anything in it yet.

    ``token`` is the one that the run brings. Raises ``UnknownStream`` where the head
    is no longer ``held``.
    """
    digest = sha256(token.encode()).digest()
    where = {"stream": held.stream, "head": held.head, "token": digest}
    reached = held.epoch
    while reached < epoch:
        cursor = await conn.execute(statement("returning", "put_epoch"), where)
        row = await cursor.fetchone()
        if row is None or row[0] is None:
            raise UnknownStream(f"{held.stream} no longer ends in event {held.seq}")
        reached = int(row[0])


async def look_into_vault(source: Source, stream: str) -> Vault:
    """Compare the private fields of a stream with what the vault has for it."""
    where = {"stream": stream}
    async with connection(source) as conn:
        rows = await conn.execute(statement("returning", "private_fields"), where)
        events = await rows.fetchall()
        cursor = await conn.execute(statement("returning", "kept"), where)
        kept = {(row[0], row[1]) for row in await cursor.fetchall()}
    fields, erased = _fields(events)
    lost = {place for place, cause in fields.items() if (cause, place[1]) not in kept}
    undead = {
        place for place in erased & fields.keys() if (fields[place], place[1]) in kept
    }
    return Vault(tuple(sorted(lost - erased)), tuple(sorted(undead)))


def _fields(
    events: Iterable[Sequence[Any]],
) -> tuple[dict[tuple[int, str], str], set[tuple[int, str]]]:
    """Give what each private field is kept under, and the fields that were erased."""
    fields: dict[tuple[int, str], str] = {}
    erased: set[tuple[int, str]] = set()
    for seq, _, kind, body in events:
        members = json.loads(body)
        kept = kept_under(members)
        fields |= {(seq, pointer): kept for pointer in members["private"]}
        if kind == ERASED:
            erased |= {(at, pointer) for at, pointer in members["data"]["paths"]}
    return fields, erased


async def destroy_again(
    conn: Connection, stream: str, places: Iterable[tuple[int, str]]
) -> int:
    """Destroy what a backup brought back after it was erased; return how many.

    Needs the owner's role: what is on record stays in the vault for all others.
    """
    wanted = set(places)
    if not wanted:
        return 0
    rows = await conn.execute(
        statement("returning", "private_fields"), {"stream": stream}
    )
    fields, _ = _fields(await rows.fetchall())
    gone = [(fields[place], place[1]) for place in sorted(wanted & fields.keys())]
    where = {
        "stream": stream,
        "causes": [cause for cause, _ in gone],
        "paths": [path for _, path in gone],
    }
    cursor = await conn.execute(statement("returning", "destroy_again"), where)
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])


async def begin_next_life(conn: Connection) -> int:
    """Say that this database was put back; return its new ``db_epoch``."""
    cursor = await conn.execute(statement("returning", "next_life"))
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the table has one row, by its migration
    return int(row[0])


async def measure(conn: Connection) -> Measure:
    """Count what is on record, and hash all heads. Best in one snapshot."""
    cursor = await conn.execute(statement("returning", "measure"))
    counted = await cursor.fetchone()
    assert counted is not None  # noqa: S101 - it is one row of counts
    rows = await (await conn.execute(statement("returning", "heads"))).fetchall()
    heads = [CensusHead(stream, seq, digest) for stream, seq, digest in rows]
    root = heads_root(heads).hex()
    return Measure(int(counted[0]), int(counted[1]), root)

"""The past as the log has it: sealed events by what they say, and what covers them.

Everything is chosen within a checkpoint, in the log's own order, so the same question
at the same checkpoint has the same answer. Whether the rows are what was sealed is for
the caller to check: each comes with the hash that the log has for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from psycopg.rows import class_row, dict_row

from evidence.checkpoint import parse_checkpoint
from evidence.note import parse_note
from storage.pool import Source, connection
from storage.statements import statement

PAGE: Final = 1_000
"""How many events come at once."""

LATE_AFTER: Final = timedelta(minutes=5)
"""An event recorded so long after it happened counts as late."""


class SealedEvent(NamedTuple):
    """One event of the log; ``hash`` is the one that was sealed."""

    leaf_index: int
    stream: str
    seq: int
    hash: str
    body: bytes
    recorded_at: datetime
    sealed_at: datetime

    @property
    def members(self) -> dict[str, Any]:
        """The members of the event, as in ``docs/audit-format.md``."""
        return json.loads(self.body)


class Scope(NamedTuple):
    """Of which part of the log: a stream, an organisation, or, with neither, all."""

    stream: str | None = None
    organisation: str | None = None


class Filters(NamedTuple):
    """Which events: None and False leave nothing out. Moments are the events' own."""

    types: Sequence[str] | None = None
    actors: Sequence[str] | None = None
    mandate: str | None = None
    """``STREAM/SEQ`` of the event that gave the authority."""
    since: datetime | None = None
    """Inclusive."""
    until: datetime | None = None
    """Exclusive."""
    late: bool = False
    """Responses after the window closed, and events recorded `LATE_AFTER` they were."""
    among: Sequence[tuple[str, int]] | None = None
    """Only these: stream and seq."""
    dialogues: bool = False
    """Only of dialogues: organisations' own streams are left out."""


class Erasure(NamedTuple):
    """An event by which private fields of its stream were erased."""

    stream: str
    seq: int
    body: bytes
    leaf_index: int | None
    """None while it is not sealed."""

    @property
    def fields(self) -> list[tuple[int, str]]:
        """The fields it names: seq and JSON pointer."""
        paths: list[Any] = json.loads(self.body)["data"]["paths"]
        return [(int(seq), str(pointer)) for seq, pointer in paths]


class Checkpoint(NamedTuple):
    """A signed statement of the whole log so far."""

    size: int
    root: bytes
    note: bytes
    at: datetime
    published: bool

    @property
    def origin(self) -> str:
        """Which log it is of: ``polder/<log name>``."""
        return parse_checkpoint(parse_note(self.note).text).origin


class Covered(NamedTuple):
    """An event's place in the log, and the first checkpoint that covers it."""

    leaf_index: int
    hash: str
    checkpoint: Checkpoint


async def selected(
    source: Source,
    size: int,
    scope: Scope,
    filters: Filters,
    *,
    after: int = -1,
    limit: int = PAGE,
) -> tuple[SealedEvent, ...]:
    """Return a page of the events within a checkpoint, after leaf index ``after``."""
    query = statement("past", "selected") + b"\n" + statement("past", "in_order")
    where = {**_where(scope, filters), "size": size, "after": after, "limit": limit}
    return await _events(source, query, where)


async def drawn(
    source: Source,
    checkpoint: Checkpoint,
    scope: Scope,
    filters: Filters,
    number: int,
) -> tuple[SealedEvent, ...]:
    """Return a sample: those that rank first by SHA-256(root ‖ leaf hash), in order.

    Nobody chooses it, and whoever has the leaf hashes can draw it again.
    """
    query = statement("past", "selected") + b"\n" + statement("past", "by_lot")
    where = {**_where(scope, filters), "size": checkpoint.size, "after": -1}
    lot = {"root": checkpoint.root, "limit": number}
    return await _events(source, query, where | lot)


async def _events(
    source: Source, query: bytes, where: dict[str, Any]
) -> tuple[SealedEvent, ...]:
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(SealedEvent))
        await cursor.execute(query, where)
        return tuple(await cursor.fetchall())


def _where(scope: Scope, filters: Filters) -> dict[str, Any]:
    among = filters.among
    return {
        **scope._asdict(),
        "types": _listed(filters.types),
        "actors": _listed(filters.actors),
        "mandate": filters.mandate,
        "since": filters.since,
        "until": filters.until,
        "late": filters.late,
        "late_after": LATE_AFTER,
        "dialogues": filters.dialogues,
        "erased_streams": None if among is None else [stream for stream, _ in among],
        "erased_seqs": None if among is None else [seq for _, seq in among],
    }


def _listed(names: Sequence[str] | None) -> list[str] | None:
    return list(names) if names else None


async def gone(source: Source, size: int, scope: Scope) -> int:
    """Return how many sealed events of a part of the log are no longer on record.

    Dossiers were destroyed, or somebody took events away: to tell these apart is for
    ``verify --all``. What was chosen from the rest can't contain them.
    """
    async with connection(source) as conn:
        where = {**scope._asdict(), "size": size}
        row = await (await conn.execute(statement("past", "gone"), where)).fetchone()
    return int(row[0]) if row else 0


async def erasures(source: Source, scope: Scope) -> tuple[Erasure, ...]:
    """Return what erased private fields, sealed or not, by stream and seq."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Erasure))
        await cursor.execute(statement("past", "erasures"), scope._asdict())
        return tuple(await cursor.fetchall())


async def covering(source: Source, stream: str, seq: int) -> Covered | None:
    """Return the first checkpoint that covers an event; None: it is not sealed yet."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=dict_row)
        where = {"stream": stream, "seq": seq}
        await cursor.execute(statement("past", "covering"), where)
        row = await cursor.fetchone()
    if row is None:
        return None
    place = (row.pop("leaf_index"), row.pop("hash"))
    return Covered(*place, Checkpoint(**row))


async def checkpoint(source: Source, size: int | None = None) -> Checkpoint | None:
    """Return a checkpoint by its size, or the newest; None where there is none."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Checkpoint))
        await cursor.execute(statement("past", "checkpoint"), {"size": size})
        return await cursor.fetchone()


async def last_within(source: Source, stream: str, size: int) -> int | None:
    """Return the seq of a stream's last event within a checkpoint of this size."""
    async with connection(source) as conn:
        where = {"stream": stream, "size": size}
        row = await (
            await conn.execute(statement("past", "last_within"), where)
        ).fetchone()
    return row[0] if row else None

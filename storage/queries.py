"""What the desk asks of the record: events as they are, and answers from projections.

Every function reads committed data and changes nothing. Lists come in pages: the
last element of one says where the next begins.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from evidence.event import event_id
from storage.pool import Source, connection
from storage.statements import statement

_Row = TypeVar("_Row")

PAGE: Final = 200
"""How many events or dialogues come at once, unless asked otherwise."""


class Recorded(NamedTuple):
    """One event on record. ``body`` holds its exact canonical bytes."""

    seq: int
    hash: str
    body: bytes
    recorded_at: datetime

    @property
    def members(self) -> dict[str, Any]:
        """The members of the event, as in ``docs/audit-format.md``."""
        return json.loads(self.body)

    @property
    def named(self) -> dict[str, Any]:
        """The event as an answer names it: ``seq``, ``type`` and ``hash``."""
        return {"seq": self.seq, "type": self.members["type"], "hash": self.hash}


class Summary(NamedTuple):
    """A dialogue as read.dialogue has it, without its state."""

    stream: str
    organisation: str
    slug: str
    title: str
    status: str
    phase: str
    step: str | None
    method_id: str
    method_version: str
    method_hash: str
    calendar_hash: str
    version: int
    head: str
    next_deadline: datetime | None
    open_windows: int
    attention: int
    needs: list[dict[str, str]]
    started_at: datetime
    updated_at: datetime
    zone: str


class DialogueRow(NamedTuple):
    """A dialogue as read.dialogue has it; ``state`` as ``domain.state.thin`` gives."""

    stream: str
    organisation: str
    slug: str
    title: str
    status: str
    phase: str
    step: str | None
    method_id: str
    method_version: str
    method_hash: str
    calendar_hash: str
    version: int
    head: str
    next_deadline: datetime | None
    open_windows: int
    attention: int
    needs: list[dict[str, str]]
    started_at: datetime
    updated_at: datetime
    state: dict[str, Any]


class DeadlineRow(NamedTuple):
    """Something that falls due: a window that closes, a reminder, or a fixed date."""

    stream: str
    title: str
    kind: str
    target: str
    run: int
    due: datetime
    audience: str | None
    silent: int


class EntryRow(NamedTuple):
    """A row of one of a dialogue's lists.

    ``seq`` is the event that made it. ``data`` is what `domain.entries` says; in it a
    private text is ``{"private": pointer, "seq": seq}``.
    """

    id: str
    seq: int
    data: dict[str, Any]


class IncidentRow(NamedTuple):
    """Something that contradicted the record; ``open`` while its stream is blocked."""

    id: str
    stream: str
    kind: str
    detail: dict[str, Any]
    at: datetime
    open: bool


async def events(
    source: Source, stream: str, *, after_seq: int = 0, limit: int = PAGE
) -> tuple[Recorded, ...]:
    """Return at most ``limit`` events of a stream, from ``after_seq`` + 1 on."""
    where = {"stream": stream, "after_seq": after_seq, "limit": limit}
    return await _rows(source, Recorded, "events", where)


async def events_at(
    source: Source, stream: str, seqs: Iterable[int]
) -> tuple[Recorded, ...]:
    """Return these events of a stream, in order."""
    where = {"stream": stream, "seqs": list(seqs)}
    return await _rows(source, Recorded, "events_at", where)


async def events_of_types(
    source: Source,
    stream: str,
    types: Iterable[str],
    *,
    after_seq: int = 0,
    limit: int = PAGE,
) -> tuple[Recorded, ...]:
    """Return the last events of these types after ``after_seq``, newest first."""
    where = {"stream": stream, "after_seq": after_seq, "limit": limit}
    return await _rows(
        source, Recorded, "events_of_types", {**where, "types": list(types)}
    )


async def events_of_cause(
    source: Source, stream: str, cause: str
) -> tuple[Recorded, ...]:
    """Return the events of one command: the original answer to a repeated one."""
    where = {"stream": stream, "cause": cause, "first": event_id(stream, cause, 0)}
    return await _rows(source, Recorded, "events_of_cause", where)


async def counts(source: Source, stream: str) -> dict[str, int]:
    """Return how many events of each type a stream has."""
    return await _counted(source, "counts", stream)


async def dialogue(source: Source, stream: str) -> DialogueRow | None:
    """Return the row of one dialogue, or None where there is none."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(DialogueRow))
        await cursor.execute(statement("queries", "dialogue"), {"stream": stream})
        return await cursor.fetchone()


async def summaries(
    source: Source,
    *,
    organisation: str | None = None,
    status: str | None = None,
    method: str | None = None,
    attention: bool = False,
    actor: str | None = None,
    after: str = "",
    limit: int = PAGE,
) -> tuple[Summary, ...]:
    """Return dialogues by name, after the stream ``after``, without their states.

    ``attention`` leaves only those in which something needs a person, ``actor`` those
    in which this actor holds a role.
    """
    where = {
        "organisation": organisation,
        "status": status,
        "method": method,
        "attention": attention,
        "actor": actor,
        "after": after,
        "limit": limit,
    }
    return await _rows(source, Summary, "summaries", where)


async def deadlines(
    source: Source,
    *,
    organisation: str | None = None,
    until: datetime | None = None,
    limit: int = PAGE,
) -> tuple[DeadlineRow, ...]:
    """Return what falls due over all dialogues, first things first, up to ``until``."""
    where = {"organisation": organisation, "until": until, "limit": limit}
    return await _rows(source, DeadlineRow, "deadlines", where)


async def entries(
    source: Source,
    stream: str,
    kind: str,
    *,
    after: tuple[int, str] = (0, ""),
    limit: int | None = None,
    id: str | None = None,
    ids: Sequence[str] | None = None,
    like: Sequence[Mapping[str, Any]] | None = None,
) -> tuple[EntryRow, ...]:
    """Return a list of a dialogue in the order in which its rows were made.

    All of it, or at most ``limit`` rows after the one with this seq and id. ``id``
    leaves one row, ``ids`` these, ``like`` those that have the members of one of these.
    """
    where: dict[str, Any] = {"stream": stream, "kind": kind, "limit": limit, "id": id}
    where |= {"after_seq": after[0], "after_id": after[1]}
    where["ids"] = None if ids is None else list(ids)
    where["like"] = None if like is None else [Jsonb(dict(one)) for one in like]
    return await _rows(source, EntryRow, "entries", where)


async def entries_named(
    source: Source, stream: str, kind: str, ids: Iterable[str]
) -> tuple[EntryRow, ...]:
    """Return those of these rows of a list that there are, in order."""
    where = {"stream": stream, "kind": kind, "ids": list(ids)}
    return await _rows(source, EntryRow, "entries_named", where)


async def responses_of(
    source: Source, stream: str, respondent: str
) -> tuple[EntryRow, ...]:
    """Return what one person said in a dialogue, in the order of the record."""
    where = {"stream": stream, "respondent": respondent}
    return await _rows(source, EntryRow, "responses_of", where)


async def answers_in(
    source: Source, stream: str, kind: str, windows: Iterable[str]
) -> tuple[EntryRow, ...]:
    """Return the rows of kind ``answer`` or ``telling`` of these windows, in order."""
    where = {"stream": stream, "kind": kind, "windows": list(windows)}
    return await _rows(source, EntryRow, "answers_in", where)


async def answers(
    source: Source, stream: str, window: str, numbers: Iterable[int]
) -> tuple[EntryRow, ...]:
    """Return the answers in a window that bear on these responses, and maybe more."""
    named = [str(number) for number in numbers]
    where = {"stream": stream, "window": window, "numbers": named}
    return await _rows(source, EntryRow, "answers", where)


async def tellings(
    source: Source, stream: str, window: str, answers: Iterable[int]
) -> tuple[EntryRow, ...]:
    """Return what came of telling these answers in a window, which their seqs name."""
    where = {"stream": stream, "window": window, "answers": list(answers)}
    return await _rows(source, EntryRow, "tellings", where)


async def entry_counts(source: Source, stream: str) -> dict[str, int]:
    """Return how many rows each list of a dialogue has."""
    return await _counted(source, "entry_counts", stream)


async def incidents(
    source: Source, stream: str | None = None
) -> tuple[IncidentRow, ...]:
    """Return incidents, newest first: of one stream, or of all."""
    return await _rows(source, IncidentRow, "incidents", {"stream": stream})


async def failures(source: Source) -> tuple[dict[str, Any], ...]:
    """Return the dialogues whose events could not be folded: stream, seq, problem."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=dict_row)
        await cursor.execute(statement("queries", "failures"))
        return tuple(await cursor.fetchall())


async def content(source: Source, sha256: str) -> bytes | None:
    """Return the canonical bytes of a method or calendar, by its hash in hex."""
    async with connection(source) as conn:
        query = statement("projections", "content")
        row = await (await conn.execute(query, {"sha256": sha256})).fetchone()
    return None if row is None else bytes(row[1])


async def _rows(
    source: Source, row: type[_Row], name: str, where: Mapping[str, Any]
) -> tuple[_Row, ...]:
    """Return what a statement finds, each row as one of these."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(row))
        await cursor.execute(statement("queries", name), where)
        return tuple(await cursor.fetchall())


async def _counted(source: Source, name: str, stream: str) -> dict[str, int]:
    async with connection(source) as conn:
        query = statement("queries", name)
        return dict(await (await conn.execute(query, {"stream": stream})).fetchall())

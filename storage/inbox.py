"""The inbox: a response that came to the desk is kept until it is on record, once.

A submission is durable here when `put` returns. It is given to one command before that
is sent, and to no other afterwards; so whoever goes on after a crash sends the very
same command again, which has one effect however often it is sent. What came of it is
read from the record alone, and settled here. Two may gather at once: the lock lets one
of them.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from storage.pool import Pool, Source, connection
from storage.queries import Recorded, events_of_cause
from storage.statements import statement

GATHER: Final = "record_responses"
"""The command that carries many."""

MOST: Final = 50
"""How many submissions one command carries at most."""

_MOST_BYTES: Final = 48_000
"""How long they are together at most: a command has 64 kB."""

_REFUSED: Final = "command_refused"
_RECORDED: Final = "response_recorded"
_GATHERED: Final = "responses_gathered"


class Submission(NamedTuple):
    """A response as it came in; ``body`` has a commitment in the place of its text.

    ``actor`` is who brought it, as JSON: a command carries what one actor brought.
    """

    stream: str
    submission: str
    feedback_window: str
    digest: str
    actor: Mapping[str, Any]
    body: Mapping[str, Any]


class Fate(NamedTuple):
    """What became of a submission; no outcome while it waits."""

    submission: str
    digest: str
    gathering: str | None
    outcome: Literal["recorded", "refused"] | None
    seq: int | None
    number: int | None
    error: str | None


class Gathering(NamedTuple):
    """Submissions that one command carries, in the order in which they came."""

    stream: str
    feedback_window: str
    command_id: str
    actor: Mapping[str, Any]
    responses: tuple[Mapping[str, Any], ...]

    @property
    def envelope(self) -> dict[str, Any]:
        """The command, as it is sent: the same every time."""
        return {
            "id": self.command_id,
            "actor": dict(self.actor),
            "command": {
                "window": self.feedback_window,
                "responses": list(self.responses),
            },
        }


class Left(NamedTuple):
    """A window in which something waits for longer than it should."""

    stream: str
    feedback_window: str


async def put(source: Source, came: Submission) -> Fate:
    """Keep a submission; say what became of it, if it was here before."""
    body = {"actor": dict(came.actor), "response": dict(came.body)}
    where = {**came._asdict(), "actor": None, "body": Jsonb(body)}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Fate))
        await cursor.execute(statement("inbox", "put"), where)
        found = await cursor.fetchone()
    if found is None:
        found = await look(source, came.stream, came.submission)
    assert found is not None  # noqa: S101  (it was put there, and nobody takes it away)
    return found


async def look(source: Source, stream: str, submission: str) -> Fate | None:
    """Say what became of a submission; None where none came under this id."""
    where = {"stream": stream, "submission": submission}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Fate))
        await cursor.execute(statement("inbox", "look"), where)
        return await cursor.fetchone()


@asynccontextmanager
async def alone(pool: Pool, left: Left) -> AsyncGenerator[bool]:
    """Tell whether we are the only ones to gather here, and hold others off meanwhile.

    Where the connection is lost the next one goes ahead: it sends the same command.
    """
    where = {"key": f"{left.stream}/{left.feedback_window}"}
    async with connection(pool) as conn:
        cursor = await conn.execute(statement("inbox", "hold"), where)
        row = await cursor.fetchone()
        ours = row is not None and bool(row[0])
        try:
            yield ours
        finally:
            if ours:
                await conn.execute(statement("inbox", "release"), where)


class _Row(NamedTuple):
    submission: str
    body: Mapping[str, Any]
    gathering: str | None


async def next_gathering(source: Source, left: Left) -> Gathering | None:
    """Give what is to be sent next: what was given to a command before comes first."""
    rows = await _rows(source, "gathered", left)
    if rows:
        return _gathering(left, str(rows[0].gathering), rows)
    rows = [*_fitting(await _rows(source, "waiting", left))]
    if not rows:
        return None
    name = f"gathered.{uuid.uuid4()}"
    async with connection(source) as conn:
        names = [row.submission for row in rows]
        where = {"stream": left.stream, "submissions": names, "gathering": name}
        # At this point they belong to this command. If we crash before it is sent,
        # whoever comes next sends it.
        await conn.execute(statement("inbox", "give"), where)
    return _gathering(left, name, rows)


def _gathering(left: Left, name: str, rows: list[_Row]) -> Gathering:
    members = tuple(_member(row) for row in rows)
    return Gathering(*left, name, rows[0].body["actor"], members)


async def _rows(source: Source, name: str, left: Left) -> list[_Row]:
    where = {**left._asdict(), "limit": MOST}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(_Row))
        await cursor.execute(statement("inbox", name), where)
        return await cursor.fetchall()


def _member(row: _Row) -> dict[str, Any]:
    return {"submission": row.submission, **row.body["response"]}


def _fitting(rows: list[_Row]) -> Iterator[_Row]:
    """Give the first that fit in one command, of those that the same actor brought."""
    size = 0
    for row in rows:
        if row.body["actor"] != rows[0].body["actor"]:
            continue
        size += len(json.dumps(_member(row)).encode())
        if size > _MOST_BYTES:
            return
        yield row


async def settle(
    source: Source, gathering: Gathering, refusal: str | None = None
) -> bool:
    """Note what the record says became of these; tell whether it says anything.

    ``refusal`` is the error with which the command as a whole was refused: then nothing
    is on record of it.
    """
    events = await events_of_cause(source, gathering.stream, gathering.command_id)
    names = [str(each["submission"]) for each in gathering.responses]
    fates = dict(_fates(events, names))
    if refusal is not None and not fates:
        fates = {name: _refused(refusal) for name in names}
    async with connection(source) as conn, conn.cursor() as cursor:
        rows = [
            {"stream": gathering.stream, "submission": name, **fate}
            for name, fate in fates.items()
        ]
        await cursor.executemany(statement("inbox", "settle"), rows)
    return bool(fates)


def _fates(
    events: tuple[Recorded, ...], names: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in events:
        data, kind = event.members["data"], event.members["type"]
        if kind == _RECORDED:
            yield (
                data["submission"],
                {
                    "outcome": "recorded",
                    "seq": event.seq,
                    "number": data["number"],
                    "error": None,
                },
            )
        elif kind == _GATHERED:
            for each in data["refused"]:
                yield each["submission"], _refused(each["error"])
        elif kind == _REFUSED:
            yield from ((name, _refused(data["error"])) for name in names)


def _refused(error: str) -> dict[str, Any]:
    return {"outcome": "refused", "seq": None, "number": None, "error": error}


async def left_waiting(source: Source, older_than: timedelta) -> tuple[Left, ...]:
    """Return the windows in which something waits for longer than this."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Left))
        where = {"older_than": older_than}
        await cursor.execute(statement("inbox", "left"), where)
        return tuple(await cursor.fetchall())

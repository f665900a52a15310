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
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
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


class Outcome(NamedTuple):
    """What the record says of a submission: its event there, or its refusal's name."""

    outcome: Literal["recorded", "refused"]
    seq: int | None = None
    number: int | None = None
    error: str | None = None
    hash: str | None = None

    @property
    def events(self) -> list[dict[str, Any]]:
        """The event as an answer names it: ``seq``, ``type`` and ``hash``."""
        if self.seq is None or self.hash is None:
            return []
        return [{"seq": self.seq, "type": _RECORDED, "hash": self.hash}]


class Fate(NamedTuple):
    """A submission as it is kept, and what became of it; None while it waits."""

    submission: str
    digest: str
    outcome: Outcome | None


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


async def put(source: Source, came: Sequence[Submission]) -> dict[str, Fate]:
    """Keep submissions of one stream, in this order; say what became of each.

    What was here before under the same id stays as it was.
    """
    if not came:
        return {}
    stream, names = came[0].stream, [each.submission for each in came]
    rows = {
        "stream": stream,
        "submissions": names,
        "feedback_windows": [each.feedback_window for each in came],
        "digests": [each.digest for each in came],
        "bodies": [Jsonb(_kept(each)) for each in came],
    }
    async with connection(source) as conn:
        cursor = await conn.execute(statement("inbox", "put"), rows)
        new = {row[0] for row in await cursor.fetchall()}
        fates = await look(conn, stream, [name for name in names if name not in new])
    for each in came:
        if each.submission in new:
            fates.setdefault(each.submission, Fate(each.submission, each.digest, None))
    return fates


def _kept(came: Submission) -> dict[str, Any]:
    return {"actor": dict(came.actor), "response": dict(came.body)}


async def look(
    source: Source, stream: str, submissions: Sequence[str]
) -> dict[str, Fate]:
    """Say what became of those of these submissions that ever came."""
    if not submissions:
        return {}
    where = {"stream": stream, "submissions": list(submissions)}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("inbox", "look"), where)
        return {
            name: Fate(name, digest, Outcome(*told) if told[0] else None)
            for name, digest, *told in await cursor.fetchall()
        }


class Brought(NamedTuple):
    """To which window a submission came, and whose response it is.

    Of one that was refused nothing is kept but that, so its respondent is None.
    """

    feedback_window: str
    respondent: str | None


async def brought(source: Source, stream: str, submission: str) -> Brought | None:
    """Say where a submission came, and whose it is; None where none came."""
    where = {"stream": stream, "submission": submission}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Brought))
        await cursor.execute(statement("inbox", "brought"), where)
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
    where = {**left._asdict(), "limit": MOST}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(_Row))
        await cursor.execute(statement("inbox", "next"), where)
        rows = await cursor.fetchall()
        if not rows:
            return None
        if rows[0].gathering is not None:
            return _gathering(left, rows[0].gathering, rows)
        rows, name = [*_fitting(rows)], f"gathered.{uuid.uuid4()}"
        names = [row.submission for row in rows]
        given = {"stream": left.stream, "submissions": names, "gathering": name}
        # At this point they belong to this command. If we crash before it is sent,
        # whoever comes next sends it.
        await conn.execute(statement("inbox", "give"), given)
    return _gathering(left, name, rows)


def _gathering(left: Left, name: str, rows: list[_Row]) -> Gathering:
    members = tuple(_member(row) for row in rows)
    return Gathering(*left, name, rows[0].body["actor"], members)


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
) -> dict[str, Outcome]:
    """Note what the record says became of these, and give it; empty if it says nothing.

    ``refusal`` is the error with which the command as a whole was refused: then nothing
    is on record of it.
    """
    events = await events_of_cause(source, gathering.stream, gathering.command_id)
    names = [str(each["submission"]) for each in gathering.responses]
    known = dict(_known(events, names))
    if refusal is not None and not known:
        known = {name: Outcome("refused", error=refusal) for name in names}
    if known:
        columns = {
            "stream": gathering.stream,
            "submissions": list(known),
            "outcomes": [each.outcome for each in known.values()],
            "seqs": [each.seq for each in known.values()],
            "numbers": [each.number for each in known.values()],
            "errors": [each.error for each in known.values()],
        }
        async with connection(source) as conn:
            await conn.execute(statement("inbox", "settle"), columns)
    return known


def _known(
    events: tuple[Recorded, ...], names: list[str]
) -> Iterator[tuple[str, Outcome]]:
    for event in events:
        members = event.members
        data, kind = members["data"], members["type"]
        if kind == _RECORDED:
            yield (
                data["submission"],
                Outcome("recorded", event.seq, data["number"], hash=event.hash),
            )
        elif kind == _GATHERED:
            for each in data["refused"]:
                yield each["submission"], Outcome("refused", error=each["error"])
        elif kind == _REFUSED:
            refused = Outcome("refused", error=data["error"])
            yield from ((name, refused) for name in names)


async def left_waiting(source: Source, older_than: timedelta) -> tuple[Left, ...]:
    """Return the windows in which something waits for longer than this."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Left))
        where = {"older_than": older_than}
        await cursor.execute(statement("inbox", "left"), where)
        return tuple(await cursor.fetchall())

"""What an organisation has on its hands, over all its dialogues: dates and counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement

_Row = TypeVar("_Row")

MOST: Final = 1_000
"""How many dates, and how many meetings, come at most."""


class DateRow(NamedTuple):
    """A window that closes, or a date to keep: ``kind`` is window or date.

    ``target`` is the window's name in the plan, or the date's title.
    """

    stream: str
    dialogue: str
    zone: str
    kind: str
    target: str
    run: int
    due: datetime
    """Exclusive."""
    updated_at: datetime


class MeetingRow(NamedTuple):
    """A meeting that has a time; ``status`` as `domain.meeting_entries` has it."""

    stream: str
    dialogue: str
    meeting: str
    title: str
    begins: datetime
    ends: datetime
    status: str
    sequence: int
    updated_at: datetime


class Standing(NamedTuple):
    """How many dialogues stand in one phase of one method."""

    status: str
    method: str
    phase: str
    dialogues: int
    open_windows: int
    need_attention: int
    next_deadline: datetime | None


async def dates(
    source: Source, organisation: str, since: datetime, stream: str | None = None
) -> list[DateRow]:
    """Return what falls due after a moment, in one dialogue or in all."""
    where = {"organisation": organisation, "stream": stream, "since": since}
    return await _rows(source, DateRow, "dates", where)


async def meetings(
    source: Source, organisation: str, since: datetime, stream: str | None = None
) -> list[MeetingRow]:
    """Return the meetings that end after a moment, in one dialogue or in all."""
    where = {"organisation": organisation, "stream": stream, "since": since}
    return await _rows(source, MeetingRow, "meetings", where)


async def standing(
    source: Source, organisation: str, stream: str | None = None
) -> list[Standing]:
    """Return how many dialogues stand where."""
    where = {"organisation": organisation, "stream": stream}
    return await _rows(source, Standing, "standing", where)


async def _rows(
    source: Source, row: type[_Row], name: str, where: Mapping[str, object]
) -> list[_Row]:
    async with (
        connection(source) as conn,
        conn.cursor(row_factory=class_row(row)) as cursor,
    ):
        await cursor.execute(statement("agenda", name), {**where, "limit": MOST})
        return await cursor.fetchall()

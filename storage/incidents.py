"""What contradicted the record is kept in a table, and read from there as it grows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement

_OVERLAP: Final = timedelta(minutes=2)
"""A transaction that began before the last look may end after it."""


class Incident(NamedTuple):
    """Something that contradicted the record, of which kind, and when."""

    id: str
    stream: str
    kind: str
    at: datetime


@dataclass
class Seen:
    """Which incidents somebody has seen: all up to a moment, and some after it."""

    since: datetime = datetime(1, 1, 1, tzinfo=UTC)
    ids: set[str] = field(default_factory=set[str])

    def note(self, one: Incident) -> None:
        """Have seen this one, and all that were found before it."""
        self.ids.add(one.id)
        self.since = max(self.since, one.at - _OVERLAP)


async def found_since(source: Source, seen: Seen) -> list[Incident]:
    """Return the incidents that were not seen yet, in order of time."""
    async with (
        connection(source) as conn,
        conn.cursor(row_factory=class_row(Incident)) as cursor,
    ):
        await cursor.execute(statement("incidents", "since"), {"since": seen.since})
        found = await cursor.fetchall()
    return [each for each in found if each.id not in seen.ids]

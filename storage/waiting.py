"""What waits for somebody at a moment is looked up, in order, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.projection import FORM
from storage.statements import statement


class After(NamedTuple):
    """Where a page ends: the next one begins after it."""

    urgency: int
    falls_due: str
    stream: str
    place: int
    id: str


class WaitingRow(NamedTuple):
    """One thing that a dialogue asks of somebody, with what its reader has to know.

    ``clock`` and ``calendar_hash`` are those of the dialogue. ``silent`` are those who
    have not responded in a window.
    """

    stream: str
    title: str
    clock: Mapping[str, Any]
    calendar_hash: str
    kind: str
    id: str
    target: str
    data: Mapping[str, Any]
    role: str | None
    urgency: int
    falls_due: str
    place: int
    silent: Sequence[str]

    @property
    def after(self) -> After:
        """The end of a page of which this is the last row."""
        return After(self.urgency, self.falls_due, self.stream, self.place, self.id)


class UnknownRow(NamedTuple):
    """A dialogue of which it is not known what it asks."""

    stream: str
    title: str


async def counts(
    source: Source,
    party: str,
    now: datetime,
    organisation: str | None = None,
    only: str | None = None,
) -> dict[int, int]:
    """Return how much is asked of somebody at a real moment, by urgency.

    ``party`` is an actor, or '' for all that is asked of anybody; ``only`` names the
    one dialogue that is looked at.
    """
    where = {"party": party, "now": now, "organisation": organisation, "only": only}
    async with connection(source) as conn:
        query = statement("waiting", "counts")
        # Never prepared: a plan for any organisation and none reads all of them.
        cursor = await conn.execute(query, where, prepare=False)
        return dict(await cursor.fetchall())


async def page(
    source: Source,
    party: str,
    now: datetime,
    urgencies: Sequence[int],
    *,
    organisation: str | None = None,
    only: str | None = None,
    after: After | None = None,
    limit: int,
) -> tuple[WaitingRow, ...]:
    """Return what is asked of somebody at a real moment, most urgent first.

    Of these urgencies alone, and what comes after a page that ended in ``after``.
    """
    where = {
        "party": party,
        "now": now,
        "urgencies": list(urgencies),
        "organisation": organisation,
        "only": only,
        "limit": limit,
    }
    ended = after._asdict() if after else dict.fromkeys(After._fields)
    where |= {
        "after_urgency": ended["urgency"],
        "after_due": ended["falls_due"],
        "after_stream": ended["stream"],
        "after_place": ended["place"],
        "after_id": ended["id"],
    }
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(WaitingRow))
        # Never prepared, for the same reason.
        await cursor.execute(statement("waiting", "page"), where, prepare=False)
        return tuple(await cursor.fetchall())


async def unknown(
    source: Source,
    actor: str | None,
    organisation: str | None = None,
    only: str | None = None,
) -> tuple[UnknownRow, ...]:
    """Return the dialogues, of one actor or of all, whose needs are not known."""
    where = {"form": FORM, "actor": actor, "organisation": organisation, "only": only}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(UnknownRow))
        await cursor.execute(statement("waiting", "unknown"), where)
        return tuple(await cursor.fetchall())

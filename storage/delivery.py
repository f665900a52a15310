"""What was sent is noted by Message-ID, so that a retry does not send it again.

The note is made after sending. If a worker dies in between, the message goes out
twice with the same Message-ID, which lets the receiver see the repeat.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement

Outcome = Literal["sent", "undeliverable"]


class Note(NamedTuple):
    """One message: which, for which effect of which dialogue, to whom, what came of it.

    ``recipient`` is an opaque id, never an address.
    """

    message_id: str
    stream: str
    effect: str
    recipient: str
    outcome: Outcome


class Noted(NamedTuple):
    """A message on record, with the moment of the note."""

    message_id: str
    stream: str
    effect: str
    recipient: str
    outcome: Outcome
    sent_at: datetime


async def already_sent(
    source: Source, message_ids: Iterable[str]
) -> dict[str, Outcome]:
    """Return the messages among these that need no sending, with what came of them."""
    async with connection(source) as conn:
        wanted = {"ids": list(message_ids)}
        cursor = await conn.execute(statement("delivery", "already_sent"), wanted)
        return dict(await cursor.fetchall())


async def note_sent(source: Source, notes: Sequence[Note]) -> None:
    """Note messages that went out, or could not. A note that is there stays."""
    async with connection(source) as conn, conn.cursor() as cursor:
        rows = [note._asdict() for note in notes]
        await cursor.executemany(statement("delivery", "note_sent"), rows)


async def messages(source: Source, stream: str) -> tuple[Noted, ...]:
    """Return the messages of a dialogue, in the order in which they were noted."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Noted))
        await cursor.execute(statement("delivery", "messages"), {"stream": stream})
        return tuple(await cursor.fetchall())

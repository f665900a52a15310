"""A draft is what somebody began to write in a window, and nobody has been told yet.

It lies in the vault under its writer's own key, apart from what was contributed: it has
no commitment, since no event will ever speak of it. The database takes it away in the
transaction in which its window closes.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from evidence.canonical import canonical, parse
from storage.cipher import Spot, decrypt, encrypt
from storage.errors import Unreadable
from storage.keys import Keys, organisation_of
from storage.pool import Source, connection
from storage.statements import statement

_PATH = "/draft"


class Draft(NamedTuple):
    """What somebody wrote so far in one window, and when it was kept."""

    window: str
    text: str
    saved_at: datetime


class _Row(NamedTuple):
    window: str
    value: bytes
    nonce: bytes
    key_id: uuid.UUID
    saved_at: datetime


class Place(NamedTuple):
    """Whose draft it is, in which window of which dialogue."""

    stream: str
    window: str
    subject: str


async def put(
    source: Source, keys: Keys, place: Place, text: str, after: int | None = None
) -> datetime | None:
    """Keep what somebody wrote so far, in the place of what was there; return when.

    ``after`` is the last event by which they said something there, as far as the form
    knew; None, and nothing is kept, where they said something since. Raises
    ``KeysUnavailable``, ``Unavailable``, and ``NotCanonical`` for a text that has no
    canonical form.
    """
    plain = canonical(text)
    async with keys.held(organisation_of(place.stream), [place.subject]) as held:
        key = held[place.subject]
        nonce, value = encrypt(key.secret, _spot(place), plain)
        row = {"value": value, "nonce": nonce, "key_id": key.id, "after": after}
        row |= place._asdict()
        async with connection(source) as conn:
            cursor = await conn.execute(statement("drafts", "put"), row)
            found = await cursor.fetchone()
    return None if found is None else found[0]


async def of(
    source: Source, keys: Keys, stream: str, subject: str
) -> tuple[Draft, ...]:
    """Return what somebody began to write in a dialogue, as far as it opens."""
    where = {"stream": stream, "subject": subject}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(_Row))
        await cursor.execute(statement("drafts", "of"), where)
        rows = await cursor.fetchall()
    if not rows:
        return ()
    secret = await keys.get({row.key_id for row in rows})
    found: list[Draft] = []
    for row in rows:
        spot = _spot(Place(stream, row.window, subject))
        try:
            plain = decrypt(secret[row.key_id], spot, row.nonce, row.value)
        except (Unreadable, KeyError):
            continue  # its key was destroyed, and so was what it said
        found.append(Draft(row.window, str(parse(plain)), row.saved_at))
    return tuple(found)


async def drop(source: Source, place: Place) -> bool:
    """Throw a draft away; False where there was none."""
    async with connection(source) as conn:
        cursor = await conn.execute(statement("drafts", "drop"), place._asdict())
        return cursor.rowcount > 0


async def sweep(source: Source) -> int:
    """Throw away what was saved just after its window closed; return how many."""
    async with connection(source) as conn:
        return (await conn.execute(statement("drafts", "sweep"))).rowcount


def _spot(place: Place) -> Spot:
    return Spot(place.stream, f"draft:{place.window}", _PATH, place.subject)

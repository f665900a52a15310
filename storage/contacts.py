"""Who can be written to in a dialogue, and what stands in what they are sent.

What was erased, or has lost its key, is as what never was there: then nobody is
written to, and the text is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from psycopg.rows import class_row

from evidence.canonical import parse
from storage.keys import Keys
from storage.pool import Source, connection
from storage.statements import statement
from storage.values import Row, key_ids, plain_of


class Contact(NamedTuple):
    """Name and address of a person, as last recorded; None where there is none."""

    subject: str
    name: str | None
    address: str | None


async def contacts(
    source: Source, keys: Keys, stream: str, subjects: Iterable[str]
) -> dict[str, Contact]:
    """Return name and address of people in a dialogue, as recorded last.

    Whoever has neither is not in the answer; what was erased, or has lost its key, is
    as what never was there. Raises ``KeysUnavailable``.
    """
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Row))
        wanted = {"stream": stream, "subjects": list(subjects)}
        await cursor.execute(statement("vault", "contacts"), wanted)
        rows = await cursor.fetchall()
    secret = await keys.get(key_ids(rows))
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        plain = plain_of(row, secret, skip=True)
        value = None if plain is None else parse(plain)
        if isinstance(value, str):
            found.setdefault(row.subject, {})[row.path] = value
    return {
        subject: Contact(subject, paths.get("/name"), paths.get("/address"))
        for subject, paths in found.items()
    }


async def texts_at(
    source: Source, keys: Keys, stream: str, places: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], str]:
    """Return the texts that events commit to at these places, by seq and pointer.

    What was erased, or has lost its key, is as what never was there. Raises
    ``KeysUnavailable``.
    """
    if not places:
        return {}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Row))
        seqs, paths = zip(*places, strict=True)
        wanted = {"stream": stream, "seqs": list(seqs), "paths": list(paths)}
        await cursor.execute(statement("vault", "at_places"), wanted)
        rows = await cursor.fetchall()
    secret = await keys.get(key_ids(rows))
    found: dict[tuple[int, str], str] = {}
    for row in rows:
        plain = plain_of(row, secret, skip=True)
        value = None if plain is None else parse(plain)
        if isinstance(value, str):
            found[row.seq or 0, row.path] = value
    return found

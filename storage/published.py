"""Methods that an organisation published: the text of a file under id and hash.

A published version stays for good, since dialogues may be started with it by its hash;
the one published last is what its id stands for.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from storage.errors import IdTaken
from storage.pool import Source, connection
from storage.statements import statement


class Published(NamedTuple):
    """One version of a method: ``hash`` is that of its compiled form, in hex."""

    id: str
    version: str
    hash: str
    text: str
    by: str
    at: datetime


async def publish(
    source: Source, *, method: str, version: str, sha256: str, text: str, by: str
) -> bool:
    """Keep a version of a method; False where the last one is this very version.

    Raises ``IdTaken`` behind a wall, where the id is another organisation's.
    """
    row = {
        "method": method,
        "version": version,
        "hash": sha256,
        "text": text,
        "by": by,
    }
    async with connection(source) as conn:
        query = statement("published", "publish")
        told = await (await conn.execute(query, row)).fetchone()
    if told is None or told[0] is None:
        raise IdTaken
    return bool(told[0])


async def published(
    source: Source, method: str, digest: str | None = None
) -> str | None:
    """Return the text of a method: the version with this hash, or else the last one."""
    where = {"method": method, "hash": digest}
    async with connection(source) as conn:
        query = statement("published", "find")
        row = await (await conn.execute(query, where)).fetchone()
    return None if row is None else str(row[0])


async def published_version(source: Source, method: str, version: str) -> str | None:
    """Return the hash of the version of a method that was published, in hex."""
    where = {"method": method, "version": version}
    async with connection(source) as conn:
        query = statement("published", "version")
        row = await (await conn.execute(query, where)).fetchone()
    return None if row is None else str(row[0])


async def published_number(source: Source, method: str, sha256: str) -> int | None:
    """Return the number under which a version was published last."""
    where = {"method": method, "hash": sha256}
    async with connection(source) as conn:
        query = statement("published", "number")
        row = await (await conn.execute(query, where)).fetchone()
    return None if row is None else int(row[0])


async def published_first_by(source: Source, method: str) -> str | None:
    """Return who published the first version of a method."""
    async with connection(source) as conn:
        query = statement("published", "first_by")
        row = await (await conn.execute(query, {"method": method})).fetchone()
    return None if row is None else str(row[0])


async def published_methods(source: Source) -> tuple[Published, ...]:
    """Return the last version of every published method, by id."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Published))
        await cursor.execute(statement("published", "every"))
        return tuple(await cursor.fetchall())

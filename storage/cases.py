"""Which cases of other systems a dialogue is about, and who may report of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from storage.access import Known
from storage.pool import Source, connection
from storage.statements import statement


class CaseLink(NamedTuple):
    """A dialogue is about a case; ``url`` is the case's address in its own system."""

    id: str
    stream: str
    url: str
    linked_at: datetime
    linked_by: str


class NewClient(NamedTuple):
    """A token that may sign JWTs: the key its secret comes from, and its digest."""

    token: str
    organisation: str
    key: uuid.UUID
    digest: bytes
    created_by: str


async def link(source: Source, stream: str, url: str, linked_by: str) -> None:
    """Link a dialogue to a case; once more changes nothing."""
    organisation = stream.partition(":")[0]
    values = {"stream": stream, "url": url, "organisation": organisation}
    async with connection(source) as conn:
        await conn.execute(
            statement("cases", "link"), {**values, "linked_by": linked_by}
        )


async def unlink(source: Source, stream: str, id: str, unlinked_by: str) -> bool:
    """Take a link away, but for that it was there; False where there was none."""
    async with connection(source) as conn:
        where = {"stream": stream, "id": id, "unlinked_by": unlinked_by}
        return (await conn.execute(statement("cases", "unlink"), where)).rowcount == 1


async def links(
    source: Source, stream: str, url: str | None = None
) -> tuple[CaseLink, ...]:
    """Return the cases of a dialogue, or the one at this address."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(CaseLink))
        await cursor.execute(
            statement("cases", "links"), {"stream": stream, "url": url}
        )
        return tuple(await cursor.fetchall())


async def about(
    source: Source, organisation: str, urls: Sequence[str]
) -> tuple[str, ...]:
    """Return the dialogues of an organisation that are about one of these cases."""
    where = {"organisation": organisation, "urls": list(urls)}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("cases", "about"), where)
        return tuple(row[0] for row in await cursor.fetchall())


async def put_client(source: Source, client: NewClient) -> None:
    """Let a token sign JWTs; one that may already stays as it is."""
    async with connection(source) as conn:
        await conn.execute(statement("cases", "put_client"), client._asdict())


async def client_key(source: Source, token: str) -> uuid.UUID | None:
    """Return the key that a client's secret comes from; None for no client."""
    async with connection(source) as conn:
        cursor = await conn.execute(statement("cases", "client_key"), {"token": token})
        row = await cursor.fetchone()
    return row[0] if row else None


async def client_of(source: Source, digest: bytes) -> Known | None:
    """Say whose a client is, by the digest of its secret, as `token_of` does."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Known))
        await cursor.execute(statement("cases", "client_of"), {"digest": digest})
        return await cursor.fetchone()

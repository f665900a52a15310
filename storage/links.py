"""Personal links and what they are swapped for, known by their digests alone."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement


class NewLink(NamedTuple):
    """A link that is made: all but its secret."""

    id: str
    digest: bytes
    organisation: str
    stream: str
    actor: str
    created_by: str
    expires_at: datetime


class Swapped(NamedTuple):
    """The session that a link was swapped for."""

    stream: str
    expires_at: datetime


class Session(NamedTuple):
    """Whose a session is; ``badge`` as of a token (`storage.access`)."""

    id: str
    organisation: str
    stream: str
    roles: list[str]
    actor: str
    badge: str


async def put_link(source: Source, link: NewLink) -> None:
    """Keep a new link."""
    async with connection(source) as conn:
        await conn.execute(statement("access", "put_link"), link._asdict())


async def link_is_good(source: Source, digest: bytes) -> bool:
    """Say whether a link would be taken; to ask does not use it up."""
    where = {"digest": digest}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("access", "link_is_good"), where)
        row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def swap(
    source: Source, link: bytes, session: bytes, hours: int
) -> Swapped | None:
    """Swap a link for a session, by the digests of both; None where it is no good.

    Of two who come at the same moment one gets it.
    """
    values = {"link": link, "session": session, "hours": hours}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Swapped))
        await cursor.execute(statement("access", "swap"), values)
        return await cursor.fetchone()


async def session_of(source: Source, digest: bytes) -> Session | None:
    """Say whose a session is; None for one that is unknown, expired or ended."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Session))
        await cursor.execute(statement("access", "session_of"), {"digest": digest})
        return await cursor.fetchone()


async def end_session(source: Source, digest: bytes) -> bool:
    """End a session before its time; False where there is none that goes on."""
    async with connection(source) as conn:
        cursor = await conn.execute(
            statement("access", "end_session"), {"digest": digest}
        )
        row = await cursor.fetchone()
    return row is not None and bool(row[0])

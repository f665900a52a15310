"""Personal links and what they are swapped for, known by their digests alone."""

from __future__ import annotations

from collections.abc import Sequence
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


class NewEntry(NamedTuple):
    """A link for staff that is made: all but its secret."""

    id: str
    digest: bytes
    organisation: str
    roles: Sequence[str]
    actor: str
    created_by: str
    expires_at: datetime


class Link(NamedTuple):
    """A participant's link as it is listed: all but its secret.

    ``inside_until`` while what it was swapped for lets somebody in; ``seen_at`` when
    that did so last.
    """

    id: str
    stream: str
    actor: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    seen_at: datetime | None
    inside_until: datetime | None


class Swapped(NamedTuple):
    """The session that a link was swapped for; of staff it is for no one dialogue."""

    stream: str | None
    expires_at: datetime


class Session(NamedTuple):
    """Whose a session is; ``badge`` as of a token (`storage.access`).

    Without ``stream`` it is for all dialogues of the organisation.
    """

    id: str
    organisation: str
    stream: str | None
    roles: list[str]
    actor: str
    badge: str


async def put_link(source: Source, link: NewLink) -> None:
    """Keep a new link."""
    async with connection(source) as conn:
        await conn.execute(statement("access", "put_link"), link._asdict())


async def put_entry(source: Source, link: NewEntry) -> None:
    """Keep a new link for staff."""
    values = {**link._asdict(), "roles": list(link.roles)}
    async with connection(source) as conn:
        await conn.execute(statement("access", "put_entry"), values)


async def organisations(source: Source, limit: int) -> list[str]:
    """Give the organisations that have dialogues, at most so many."""
    async with connection(source) as conn:
        cursor = await conn.execute(
            statement("access", "organisations"), {"limit": limit}
        )
        return [str(row[0]) for row in await cursor.fetchall()]


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


async def links(
    source: Source,
    limit: int,
    *,
    organisation: str | None = None,
    id: str | None = None,
    stream: str | None = None,
    actor: str | None = None,
    before: str | None = None,
) -> list[Link]:
    """Give the personal links of participants, the newest first, at most so many.

    ``before`` is the id of one: those that were made earlier.
    """
    where = {"limit": limit, "organisation": organisation, "id": id, "stream": stream}
    where |= {"actor": actor, "before": before}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Link))
        await cursor.execute(statement("access", "links"), where)
        return await cursor.fetchall()


async def take_back(source: Source, id: str) -> bool:
    """Make a participant's link good for nothing; False where it was before."""
    async with connection(source) as conn:
        cursor = await conn.execute(statement("access", "take_back"), {"id": id})
        row = await cursor.fetchone()
    return row is not None and bool(row[0])

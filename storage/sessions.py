"""Sessions of staff: opened for a provider of identities, seen, and ended for somebody.

Of every secret only the digest is here, as in `storage.links`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement


class OpenSession(NamedTuple):
    """Somebody of the staff who is in; ``provided`` by a provider of identities."""

    id: str
    actor: str
    roles: list[str]
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    provided: bool


class OwnSession(NamedTuple):
    """Where somebody is in themselves; ``here`` in the browser that asks."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    provided: bool
    here: bool


async def enter(  # noqa: PLR0917  (whom, in what, for how long)
    source: Source,
    token: bytes,
    session: bytes,
    actor: str,
    roles: Sequence[str],
    hours: int,
) -> datetime | None:
    """Open a session, with the digest of a token that is for this; say until when.

    None where that token is no good, or the roles are not those of staff.
    """
    values = {
        "token": token,
        "session": session,
        "actor": actor,
        "roles": list(roles),
        "hours": hours,
    }
    found: datetime | None = await _one(source, "enter", values)
    return found


async def is_provided(source: Source, digest: bytes) -> bool:
    """Say whether a provider of identities let this session in."""
    return bool(await _one(source, "is_provided", {"digest": digest}))


async def sessions(
    source: Source, organisation: str, limit: int = 200
) -> list[OpenSession]:
    """Give who of the staff is in, last seen first."""
    where = {"organisation": organisation, "limit": limit}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(OpenSession))
        await cursor.execute(statement("access", "sessions"), where)
        return await cursor.fetchall()


async def end_sessions(source: Source, organisation: str, actor: str | None) -> int:
    """End all sessions of somebody in an organisation; give how many that were.

    None: of everybody.
    """
    values = {"organisation": organisation, "actor": actor}
    return int(await _one(source, "end_sessions", values) or 0)


async def own_sessions(source: Source, digest: bytes) -> list[OwnSession]:
    """Give the sessions of whoever has this one, which comes first."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(OwnSession))
        await cursor.execute(statement("access", "own_sessions"), {"digest": digest})
        return await cursor.fetchall()


async def end_own_sessions(source: Source, digest: bytes, id: str | None) -> int:
    """End one of them, or with None all but this one; give how many that were."""
    values = {"digest": digest, "id": id}
    return int(await _one(source, "end_own_sessions", values) or 0)


async def _one(source: Source, name: str, values: dict[str, Any]) -> Any:  # noqa: ANN401
    async with connection(source) as conn:
        cursor = await conn.execute(statement("access", name), values)
        row = await cursor.fetchone()
    return row and row[0]

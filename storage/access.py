"""Tokens as the database keeps them: found by the digest of a secret it never sees.

The secret of a token has 256 random bits, so that a plain SHA-256 of it is enough:
there is nothing to guess, and the lookup by digest takes the same path for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement


class Known(NamedTuple):
    """Whose a token is; ``dialogue`` is a slug, or None for all of them.

    ``badge`` opens the record of this organisation (`storage.walls`), for a day.
    """

    id: str
    organisation: str
    roles: list[str]
    actor: str
    dialogue: str | None
    badge: str


class NewToken(NamedTuple):
    """A token that is made: all but its secret."""

    id: str
    digest: bytes
    organisation: str
    roles: Sequence[str]
    actor: str
    dialogue: str | None
    created_by: str
    expires_at: datetime


class Token(NamedTuple):
    """A token as it is listed."""

    id: str
    organisation: str
    roles: list[str]
    actor: str
    dialogue: str | None
    created_at: datetime
    created_by: str
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


async def token_of(source: Source, digest: bytes) -> Known | None:
    """Say whose a token is; None for one that is unknown, expired or revoked.

    Its last use is noted at most once a minute.
    """
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Known))
        await cursor.execute(statement("access", "token_of"), {"digest": digest})
        return await cursor.fetchone()


async def put_token(source: Source, token: NewToken) -> bool:
    """Keep a new token; False where there is one with this id or digest."""
    values = {**token._asdict(), "roles": list(token.roles)}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("access", "put_token"), values)
        return cursor.rowcount == 1


async def tokens(
    source: Source, organisation: str | None = None, id: str | None = None
) -> list[Token]:
    """Return the tokens of an organisation, or of all; or the one with this id."""
    where = {"organisation": organisation, "id": id}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Token))
        await cursor.execute(statement("access", "tokens"), where)
        return await cursor.fetchall()


async def revoke(source: Source, id: str) -> bool:
    """Make a token good for nothing from now on; False where it was before."""
    async with connection(source) as conn:
        cursor = await conn.execute(statement("access", "revoke"), {"id": id})
        return cursor.rowcount == 1

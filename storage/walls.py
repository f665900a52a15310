"""A pool that sees one organisation: the second wall, behind what the desk asks itself.

The HTTP API connects as `polder_api`. Policies of the database show that role the rows
of the organisation on the badge that the connection shows, and nothing without one.
A badge is given by the database for a token or a session, sealed with a secret that
this role can't read: who could run statements of their own here would still have to
bring another organisation's token to see anything of it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import psycopg

from storage.pool import (
    STATEMENT_SECONDS,
    Connection,
    OpenPool,
    Pool,
    connection,
    make_pool,
)
from storage.statements import statement


class Walled:
    """A pool bound to the organisation of one badge; takes the place of any pool.

    Any number of them share one pool of `polder_api`. A connection shows the badge from
    when it is taken until it goes back; one that is not as it was is then closed.
    """

    def __init__(self, pool: Pool, badge: str, front: Pool | None = None) -> None:
        """Use a pool of `api_pool`; ``badge`` as an authenticated caller has it.

        ``front`` is one of `front_pool`, for statements that show the badge themselves
        and for no longer than they take.
        """
        self.front = front
        self.badge = badge
        self._pool = pool

    def renew(self, badge: str) -> None:
        """Show this badge from now on; a badge is good for a day."""
        self.badge = badge

    @property
    def conninfo(self) -> object:
        """Where the database is, as the pool has it."""
        return self._pool.conninfo

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """Give a connection that sees the rows of this organisation."""
        async with self._pool.connection() as conn:
            badge = {"badge": self.badge}
            # Not prepared: what has a name can be prepared otherwise by a visit.
            await conn.execute(statement("walls", "show"), badge, prepare=False)
            yield conn

    async def check(self) -> None:
        """Replace what connections the pool has that no longer work."""
        await self._pool.check()


def api_pool(url: str, *, max_size: int = 8) -> OpenPool:
    """Return the pool that all `Walled` share, not yet open: it sees no rows itself."""
    return make_pool(url, role="polder_api", max_size=max_size, reset=_forget)


def front_pool(url: str, *, max_size: int = 4) -> OpenPool:
    """Return the pool to ask who somebody is, not yet open.

    Its connections never keep a badge, so they see no rows, and nobody has to look at
    them when they come back. What somebody who is known asks goes through `api_pool`:
    no visit is ever on a connection on which the next caller is recognised.
    """
    return make_pool(url, role="polder_api", max_size=max_size)


async def _forget(conn: Connection) -> None:
    """Take the badge off. Raises where a visit left something of itself behind."""
    cursor = await conn.execute(
        statement("walls", "forget"),
        {"timeout": f"{STATEMENT_SECONDS}s"},
        prepare=False,
    )
    if await cursor.fetchone() != (True,):
        message = "a visit left its connection otherwise than it was"
        raise psycopg.OperationalError(message)


async def badge_of(pool: Pool, organisation: str) -> str:
    """Give a badge of an organisation, for a day: only the writer can."""
    where = {"organisation": organisation}
    async with connection(pool) as conn:
        row = await (await conn.execute(statement("walls", "badge"), where)).fetchone()
    assert row is not None  # noqa: S101  (a function gives one row)
    return str(row[0])

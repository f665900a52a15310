"""A whole record is checked by as many processes as there are cores.

Each takes a share of the streams, and all of them see the record as it was at one
moment. A stream is never shared out: its chain is followed by one process.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from itertools import pairwise
from multiprocessing import get_context
from typing import Final, NamedTuple

from psycopg import sql

from storage.keys import Keys, beside
from storage.pool import Connection, connect, connection
from storage.statements import statement
from storage.verify import Part, Report, Share, check_share, report, snapshot

WORTH_SHARING: Final = 20_000
"""Fewer events than this one process has checked before others have started."""

_LONG: Final = 24 * 3_600
"""Seconds that one statement may take where a whole record is read."""


async def verify_record(
    url: str,
    processes: int | None = None,
    *,
    keys: str | None = None,
    proof_only: bool = False,
) -> Report:
    """Check the whole record at ``url``, as ``verify_all`` does.

    ``keys``: where those of the vault are; by default beside the record.
    ``proof_only``: leave out the vault and the projections, on which no proof rests.

    ``processes``: how many; by default one for each core, or one alone where the
    record is small. Raises ``Unavailable``, that of keys among it, and
    ``SchemaMismatch``.
    """
    where = keys or beside(url)
    async with (
        Keys(where) as held,
        await connect(url, statement_seconds=_LONG) as conn,
        snapshot(conn),
    ):
        wanted = processes or await _as_many_as_help(conn)
        asked = _Asked(url, None if proof_only else where)
        vault = None if proof_only else held
        if wanted == 1:
            part = await check_share(conn, Share(), vault, projections=not proof_only)
        else:
            part = await _shared_out(asked, conn, wanted)
        return await report(conn, part, vault)


class _Asked(NamedTuple):
    """What each process has to know."""

    url: str
    keys: str | None
    """None: only the proof is checked."""


async def _as_many_as_help(conn: Connection) -> int:
    row = await (await conn.execute(statement("verify", "size"))).fetchone()
    events = int(row[0]) if row else 0
    return 1 if events < WORTH_SHARING else len(os.sched_getaffinity(0))


async def _shared_out(asked: _Asked, conn: Connection, processes: int) -> Part:
    row = await (await conn.execute(statement("verify", "share_snapshot"))).fetchone()
    seen = str(row[0]) if row else ""
    whole = Part()
    # A child that is forked would share our connections with us.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        loop = asyncio.get_running_loop()
        parts = [
            loop.run_in_executor(pool, _check, asked, seen, share)
            for share in await _shares(conn, processes)
        ]
        for part in await asyncio.gather(*parts):
            whole.join(part)
    return whole


async def _shares(conn: Connection, number: int) -> list[Share]:
    """Give shares of about as many events each, that leave out no name whatever."""
    cursor = await conn.execute(statement("verify", "shares"), {"shares": number})
    found = [row[0] for row in await cursor.fetchall()]
    bounds = [None, *dict.fromkeys(found[1:]), None]
    return [Share(since, before) for since, before in pairwise(bounds)]


def _check(asked: _Asked, seen: str, share: Share) -> Part:
    return asyncio.run(_check_share(asked, seen, share))


async def _check_share(asked: _Asked, seen: str, share: Share) -> Part:
    async with AsyncExitStack() as stack:
        keys: Keys | None = None
        if asked.keys is not None:
            keys = await stack.enter_async_context(Keys(asked.keys))
        conn = await connect(asked.url, statement_seconds=_LONG)
        await stack.enter_async_context(conn)
        await stack.enter_async_context(connection(conn))
        await stack.enter_async_context(snapshot(conn))
        await conn.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(seen))
        return await check_share(conn, share, keys, projections=keys is not None)

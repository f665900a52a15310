"""A whole record is checked by as many processes as there are cores.

Each takes one share of the streams after another, and all of them see the record as it
was at one moment. A stream is never shared out: its chain is followed by one process.
This process is one of them: it is at work while the others are starting.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
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

_EACH: Final = 8
"""How many shares there are for each process: who is late has fewer of them."""

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
        shares = await _shares(conn, wanted * _EACH if wanted > 1 else 1)
        whole = Part()
        async with _others(asked, conn, wanted - 1) as others:
            here = partial(check_share, conn, keys=vault, projections=not proof_only)
            left = deque(shares)
            await asyncio.gather(
                *(_work(left, whole, check) for check in (here, *others))
            )
        return await report(conn, whole, vault)


Check = Callable[[Share], Awaitable[Part]]


async def _work(left: deque[Share], whole: Part, check: Check) -> None:
    """Check shares until none is left."""
    try:
        while left:
            whole.join(await check(left.popleft()))
    except BaseException:
        # Nobody needs to know the rest.
        left.clear()
        raise


class _Asked(NamedTuple):
    """What each process has to know."""

    url: str
    keys: str | None
    """None: only the proof is checked."""


async def _as_many_as_help(conn: Connection) -> int:
    row = await (await conn.execute(statement("verify", "size"))).fetchone()
    events = int(row[0]) if row else 0
    return 1 if events < WORTH_SHARING else len(os.sched_getaffinity(0))


@asynccontextmanager
async def _others(
    asked: _Asked, conn: Connection, processes: int
) -> AsyncGenerator[list[Check]]:
    """Give so many other processes to check a share with."""
    if processes == 0:
        yield []
        return
    row = await (await conn.execute(statement("verify", "share_snapshot"))).fetchone()
    seen = str(row[0]) if row else ""
    loop = asyncio.get_running_loop()
    # A child that is forked would share our connections with us.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:

        async def check(share: Share) -> Part:
            return await loop.run_in_executor(pool, _check, asked, seen, share)

        yield [check] * processes


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

"""The record is believed because it can be derived again, every time, from its bytes.

``verify_all`` reads everything in one snapshot, a page at a time, and reports what is
wrong as data. It trusts no column: the bytes say what is true, the chain says in what
order, and the rest is compared with that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from psycopg import IsolationLevel
from psycopg.rows import class_row

from evidence.chain import Finding
from storage.destroying import destroyed
from storage.keys import Keys
from storage.pool import Connection, connection
from storage.projecting import Projections
from storage.statements import statement
from storage.vault import pending
from storage.verify_erasures import check_erasures
from storage.verify_quickly import Row
from storage.verify_stream import Head, StreamCheck

MAX_FINDINGS: Final = 1_000
"""How many findings a report lists; more are counted."""

PAGE: Final = 500
"""How many events are fetched at once."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and what was found wrong."""

    events: int
    streams: int
    findings: tuple[Finding, ...]
    more: int
    """Findings beyond those listed."""
    vault_checked: bool
    """False where this connection may not look into the vault, or has no keys."""
    pending: int
    """Private values that wait for their event."""
    blocked: tuple[str, ...]
    """Streams that take nothing until an operator acts."""
    drift: timedelta
    """The longest time between an event and its recording, demo clocks left out.
    Information: after an outage of the record it is long.
    """

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.findings


class Share(NamedTuple):
    """The streams from one name up to another, in the database's order of names."""

    since: str | None = None
    before: str | None = None
    """Not itself in the share. None, as for ``since``: there is no bound."""


@dataclass(slots=True)
class Part:
    """What came of a share."""

    events: int = 0
    streams: int = 0
    drift: timedelta = timedelta()
    listed: list[Finding] = field(default_factory=list[Finding])
    more: int = 0

    def add(self, *found: Finding) -> None:
        """Take in findings; as many are kept as a report lists."""
        room = MAX_FINDINGS - len(self.listed)
        self.listed += found[:room]
        self.more += len(found[room:])

    def join(self, other: Part) -> None:
        """Take in what came of another share."""
        self.events += other.events
        self.streams += other.streams
        self.drift = max(self.drift, other.drift)
        self.add(*other.listed)
        self.more += other.more


async def verify_all(conn: Connection, keys: Keys | None = None) -> Report:
    """Check the whole record: hashes, chain, gaps, columns, heads, vault, projections.

    ``conn`` must not be in a transaction. Nothing is written. Without ``keys`` the
    vault is left out. Raises ``KeysUnavailable`` where they can't be reached. Memory is
    that of one stream at a time. `storage.verify_shares` does the same with more
    processes.
    """
    async with snapshot(conn):
        return await report(conn, await check_share(conn, Share(), keys), keys)


@asynccontextmanager
async def snapshot(conn: Connection) -> AsyncGenerator[None]:
    """See the whole record as it is at one moment, for as long as the block lasts."""
    async with connection(conn):
        await conn.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        await conn.set_read_only(value=True)
        try:
            async with conn.transaction():
                yield
        finally:
            await conn.set_isolation_level(None)
            await conn.set_read_only(value=None)


async def check_share(
    conn: Connection, share: Share, keys: Keys | None, *, projections: bool = True
) -> Part:
    """Check the streams of a share, one after another."""
    part = Part()
    vault = keys if await _may_open(conn) else None
    shelf = Projections()
    current: StreamCheck | None = None
    heads: dict[str, Head] = {}
    async with aclosing(pages(conn, share)) as read:
        async for page in read:
            await _fetch_heads(conn, {row.stream for row in page}, heads)
            part.events += len(page)
            for row in page:
                if current is None or current.stream != row.stream:
                    await _finish(conn, current, heads, part)
                    current = StreamCheck(
                        row.stream, shelf, vault, projections=projections
                    )
                found = current.follow(row)
                if found:
                    part.add(*found)
                if current.foldable:
                    part.add(*await current.fold(conn))
    await _finish(conn, current, heads, part)
    return part


async def pages(conn: Connection, share: Share) -> AsyncGenerator[list[Row]]:
    """Read the events of a share in order; the server is a page ahead of us."""
    async with conn.cursor("verify_events") as cursor:
        query = statement("verify", "events")
        await cursor.execute(query, share._asdict(), binary=True)
        ahead = asyncio.create_task(cursor.fetchmany(PAGE))
        try:
            while page := await ahead:
                ahead = asyncio.create_task(cursor.fetchmany(PAGE))
                # At this point it is to be asked for, before we are at work again.
                await asyncio.sleep(0)
                yield [Row._make(row) for row in page]
        finally:
            ahead.cancel()
            await asyncio.wait([ahead])


async def report(conn: Connection, part: Part, keys: Keys | None) -> Report:
    """Check what concerns no stream alone, and say what all of it came to."""
    vault = await _may_open(conn)
    part.add(*await _around(conn))
    part.add(*await check_erasures(conn, vault=vault))
    blocked = await conn.execute(statement("verify", "blocked"))
    return Report(
        events=part.events,
        streams=part.streams,
        findings=tuple(part.listed),
        more=part.more,
        vault_checked=vault and keys is not None,
        pending=await pending(conn) if vault else 0,
        blocked=tuple(row[0] for row in await blocked.fetchall()),
        drift=part.drift,
    )


async def _finish(
    conn: Connection, check: StreamCheck | None, heads: dict[str, Head], part: Part
) -> None:
    if check is not None:
        part.add(*await check.finish(conn, heads.pop(check.stream, None)))
        part.drift = max(part.drift, check.drift)
        part.streams += 1


async def _fetch_heads(
    conn: Connection, streams: set[str], heads: dict[str, Head]
) -> None:
    """Fetch what is said to be the heads of these streams, unless we have them."""
    new = sorted(streams - heads.keys())
    if new:
        cursor = conn.cursor(row_factory=class_row(Head))
        await cursor.execute(statement("verify", "heads"), {"streams": new})
        heads |= {head.stream: head for head in await cursor.fetchall()}


async def _around(conn: Connection) -> list[Finding]:
    """Find what concerns no event: cut streams, contents, stray projections."""
    found: list[Finding] = []
    rows = await (await conn.execute(statement("verify", "headless"))).fetchall()
    gone = await destroyed(conn)
    for stream, seq in rows:
        if stream in gone:
            continue  # what is left of it: `storage.verify_erasures`
        detail = f"{seq} events are missing: the whole stream"
        found.append(Finding(stream, seq, "head", detail))
    async with conn.cursor("verify_contents") as cursor:
        await cursor.execute(statement("verify", "contents"))
        async for name, kind, body in cursor:
            if sha256(body).hexdigest() != name:
                detail = f"the {kind} {name} has another hash"
                found.append(Finding("", None, "content", detail))
    rows = await (await conn.execute(statement("verify", "strangers"))).fetchall()
    for (stream,) in rows:
        detail = "has projections, and not one event"
        found.append(Finding(stream, None, "projection", detail))
    return found


async def _may_open(conn: Connection) -> bool:
    row = await (await conn.execute(statement("verify", "may_open"))).fetchone()
    return row is not None and bool(row[0])

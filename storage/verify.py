"""The record is believed because it can be derived again, every time, from its bytes.

``verify_all`` reads everything in one snapshot, a page at a time, and reports what is
wrong as data. It trusts no column: the bytes say what is true, the chain says in what
order, and the rest is compared with that.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from psycopg import IsolationLevel
from psycopg.rows import dict_row

from evidence.chain import Finding
from storage.pool import Connection, connection
from storage.projecting import Projections
from storage.statements import statement
from storage.vault import pending
from storage.verify_stream import StreamCheck

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
    """False where this connection may not look into the vault."""
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


class _Findings:
    """Findings so far, bounded."""

    def __init__(self) -> None:
        self.listed: list[Finding] = []
        self.more = 0

    def add(self, *found: Finding) -> None:
        room = MAX_FINDINGS - len(self.listed)
        self.listed += found[:room]
        self.more += len(found[room:])


async def verify_all(conn: Connection) -> Report:
    """Check the whole record: hashes, chain, gaps, columns, heads, vault, projections.

    ``conn`` must not be in a transaction. Nothing is written. Memory is that of one
    stream at a time.
    """
    async with connection(conn):
        await conn.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        await conn.set_read_only(value=True)
        try:
            async with conn.transaction():
                return await _verify(conn)
        finally:
            await conn.set_isolation_level(None)
            await conn.set_read_only(value=None)


async def _verify(conn: Connection) -> Report:
    findings = _Findings()
    vault = await _may_open(conn)
    events = streams = 0
    drift = timedelta()
    shelf = Projections()
    current: StreamCheck | None = None
    async for row in _stream(conn, "events"):
        if current is None or current.stream != row["stream"]:
            findings.add(*await _finish(conn, current))
            current = StreamCheck(row["stream"], shelf, vault=vault)
            streams += 1
        findings.add(*await current.follow(conn, row))
        drift = max(drift, current.drift)
        events += 1
    findings.add(*await _finish(conn, current))
    findings.add(*await _around(conn))
    blocked = await conn.execute(statement("verify", "blocked"))
    return Report(
        events=events,
        streams=streams,
        findings=tuple(findings.listed),
        more=findings.more,
        vault_checked=vault,
        pending=await pending(conn) if vault else 0,
        blocked=tuple(row[0] for row in await blocked.fetchall()),
        drift=drift,
    )


async def _finish(conn: Connection, check: StreamCheck | None) -> list[Finding]:
    return [] if check is None else await check.finish(conn)


async def _around(conn: Connection) -> list[Finding]:
    """Find what concerns no event: cut streams, contents, stray projections."""
    found: list[Finding] = []
    rows = await (await conn.execute(statement("verify", "headless"))).fetchall()
    for stream, seq in rows:
        detail = f"{seq} events are missing: the whole stream"
        found.append(Finding(stream, seq, "head", detail))
    async for row in _stream(conn, "contents"):
        if sha256(row["body"]).hexdigest() != row["sha256"]:
            detail = f"the {row['kind']} {row['sha256']} has another hash"
            found.append(Finding("", None, "content", detail))
    rows = await (await conn.execute(statement("verify", "strangers"))).fetchall()
    for (stream,) in rows:
        detail = "has projections, and not one event"
        found.append(Finding(stream, None, "projection", detail))
    return found


async def _stream(conn: Connection, name: str) -> AsyncIterator[dict[str, Any]]:
    # A server-side cursor: the server keeps the place, we keep a page.
    async with conn.cursor(f"verify_{name}", row_factory=dict_row) as cursor:
        cursor.itersize = PAGE
        await cursor.execute(statement("verify", name))
        async for row in cursor:
            yield row


async def _may_open(conn: Connection) -> bool:
    row = await (await conn.execute(statement("verify", "may_open"))).fetchone()
    return row is not None and bool(row[0])

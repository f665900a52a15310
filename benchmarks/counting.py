"""What can be counted does not depend on the load: history events and statements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import psycopg

from benchmarks.dialogues import Driven, connected, start
from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.sizes import Sizes

_COUNTED: Final = """
SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(wal_bytes), 0)::bigint
FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
WHERE r.rolname = 'polder_writer'
"""


async def events(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Count the events of Temporal's history for one command; the most of several."""
    (dialogue,) = await start(ground)
    await dialogue.completes()
    await dialogue.reopens()
    one = await _most(dialogue, dialogue.turns, sizes.counted)
    await _emptied(dialogue)

    async def eight() -> object:
        return await dialogue.completes(8)

    many: list[int] = []
    for _ in range(max(2, sizes.counted // 4)):
        many.append(await _most(dialogue, eight, 1))
        await _emptied(dialogue)
    return [
        Figure(
            name="history", what="history events for one completion",
            value=one, unit="events", bound=11,
        ),
        Figure(
            name="history", what="history events for 8 items in one command",
            value=max(many), unit="events", bound=12,
        ),
    ]  # fmt: skip


async def _emptied(dialogue: Driven) -> None:
    if dialogue.complete:
        await dialogue.reopens(len(dialogue.complete))


async def _most(dialogue: Driven, act: Callable[[], Awaitable[Any]], times: int) -> int:
    """Give the most history events that one act took."""
    most = 0
    for _ in range(times):
        _, before = await dialogue.history()
        await act()
        _, after = await dialogue.history()
        most = max(most, after - before)
    return most


async def statements(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Count what a command asks of PostgreSQL: statements, commits, bytes of WAL."""
    (dialogue,) = await start(ground)
    await dialogue.ready()
    async with connected(ground) as conn:
        if not await _can_count(conn):
            return []
        calls, wal = await _asked(conn)
        transaction = await _transaction(conn)
        for _ in range(sizes.counted):
            await dialogue.turns()
        more_calls, more_wal = await _asked(conn)
        # One of them was the question itself.
        written = await _transaction(conn) - transaction - 1
    each = sizes.counted
    return [
        Figure(
            name="sql", what="statements for one command",
            value=(more_calls - calls) / each, unit="statements",
        ),
        Figure(
            name="sql", what="transactions that write for one command",
            value=written / each, unit="commits",
        ),
        Figure(
            name="sql", what="write-ahead log for one command",
            value=(more_wal - wal) / each, unit="bytes",
        ),
    ]  # fmt: skip


async def _can_count(conn: psycopg.AsyncConnection[Any]) -> bool:
    """Whether this PostgreSQL counts statements; one that was given may not."""
    try:
        await conn.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        await _asked(conn)
    except psycopg.Error:
        return False
    return True


async def _asked(conn: psycopg.AsyncConnection[Any]) -> tuple[int, int]:
    row = await (await conn.execute(_COUNTED)).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


async def _transaction(conn: psycopg.AsyncConnection[Any]) -> int:
    query = "SELECT pg_current_xact_id()::text::bigint"
    row = await (await conn.execute(query)).fetchone()
    assert row is not None
    return int(row[0])

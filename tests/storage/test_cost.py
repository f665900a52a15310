"""What an append costs: one question to the server, and one commit."""

from __future__ import annotations

import pytest
from psycopg.sql import SQL

from domain.commands import CompleteItems
from storage.pool import Connection, connect, make_pool
from storage.projecting import Projections
from storage.record import append
from tests.storage.dialogues import Play
from tests.storage.wire import wired


async def last_transaction(conn: Connection) -> int:
    """Return the number of this question's own transaction."""
    cursor = await conn.execute("SELECT pg_current_xact_id()::text::bigint")
    row = await cursor.fetchone()
    assert row is not None
    return row[0]


async def wrote(conn: Connection, after: int) -> set[int]:
    """Return the transactions since then that rows of any table we read come from.

    The numbers alone do not say it: PostgreSQL's own housekeeping takes some too.
    """
    cursor = await conn.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        " AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')"
        " AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')"
    )
    tables = [table for (table,) in await cursor.fetchall()]
    cursor = await conn.execute(
        SQL(" UNION ").join(
            SQL("SELECT xmin::text::bigint FROM " + table) for table in tables
        )
    )
    return {number for (number,) in await cursor.fetchall() if number > after}


@pytest.mark.parametrize(
    ("known", "first", "asked"),
    [(True, False, 1), (False, False, 4), (True, True, 4)],
    ids=[
        "in memory",
        "after a restart, with row, method and calendar",
        "the start, with method and calendar",
    ],
)
async def test_an_append_is_one_question_and_one_commit(
    url: str, *, known: bool, first: bool, asked: int
) -> None:
    """From memory it is one statement; each time it is one commit.

    After a restart row, method and calendar are read first. Contents come in a
    transaction of their own: begin, contents, events, commit.
    """
    play, projections = Play(), Projections()
    start = play.batch(play.starts())
    async with (
        await connect(url) as probe,
        wired(url) as (proxy, through),
        make_pool(through, max_size=1) as pool,
    ):
        batch = start
        if not first:
            await append(pool, start, projections)
            batch = play.batch(play.does(CompleteItems(items=("opdracht.waartoe",))))
        async with pool.connection() as conn:
            await conn.execute("SELECT 1")
        before = await last_transaction(probe)
        proxy.start_counting()
        await append(pool, batch, projections if known else Projections())
        assert proxy.asked == asked
        assert len(await wrote(probe, before)) == 1

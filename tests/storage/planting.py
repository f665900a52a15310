"""What a database owner can do, and the record must show: changes behind its back."""

from __future__ import annotations

import psycopg
from psycopg import sql

TABLES = ("event", "content", "incident", "leaf", "tile", "checkpoint")


async def plant(url: str, *changes: str) -> None:
    """Run statements as superuser, with the triggers of the record taken away."""
    async with await psycopg.AsyncConnection.connect(url) as conn:
        for table in TABLES:
            await conn.execute(
                sql.SQL("ALTER TABLE audit.{} DISABLE TRIGGER ALL").format(
                    sql.Identifier(table)
                )
            )
        await conn.execute("ALTER TABLE audit.stream DISABLE TRIGGER ALL")
        for change in changes:
            cursor = await conn.execute(change.encode())
            assert cursor.rowcount != 0, change

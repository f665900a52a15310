"""Keys of the vault that were destroyed stay destroyed, also when a copy comes back."""

from __future__ import annotations

import psycopg

from storage.backup import Database, entered
from storage.dumping import BackupFailed
from storage.errors import Unavailable
from storage.statements import statement


async def count_keys(keys: Database) -> int:
    """Count the keys that are there; 0 where there is no database of keys."""
    try:
        async with entered(keys) as conn:
            there = await (
                await conn.execute(statement("kept_keys", "there"))
            ).fetchone()
            if there is None or there[0] is None:
                return 0
            row = await (await conn.execute(statement("kept_keys", "count"))).fetchone()
    except (psycopg.Error, BackupFailed, Unavailable):
        return 0
    return int(row[0]) if row else 0


async def stay_destroyed(present: Database, new: Database) -> None:
    """Destroy in a copy what was destroyed in the present database since.

    Where the present one is gone, nothing can be known of it.
    """
    try:
        async with entered(present) as conn:
            there = await (
                await conn.execute(statement("kept_keys", "there"))
            ).fetchone()
            if there is None or there[0] is None:
                return
            rows = await conn.execute(statement("kept_keys", "destroyed"))
            ids = [row[0] for row in await rows.fetchall()]
    except (psycopg.Error, BackupFailed, Unavailable):
        return
    async with entered(new) as conn:
        await conn.execute(statement("kept_keys", "destroy_again"), {"ids": ids})

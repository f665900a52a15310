"""Keys of the vault that were destroyed stay destroyed, also when a copy comes back."""

from __future__ import annotations

from storage.backup import Database, entered, entered_if_there
from storage.pool import Connection
from storage.statements import statement


async def count_keys(keys: Database) -> int:
    """Count the keys that are there; 0 where there is no database of keys."""
    async with entered_if_there(keys) as conn:
        if conn is None or not await _there(conn):
            return 0
        row = await (await conn.execute(statement("kept_keys", "count"))).fetchone()
    return int(row[0]) if row else 0


async def stay_destroyed(present: Database, new: Database) -> None:
    """Destroy in a copy what was destroyed in the present database since.

    Where the present one is gone, nothing can be known of it.
    """
    async with entered_if_there(present) as conn:
        if conn is None or not await _there(conn):
            return
        rows = await conn.execute(statement("kept_keys", "destroyed"))
        ids = [row[0] for row in await rows.fetchall()]
    async with entered(new) as conn:
        await conn.execute(statement("kept_keys", "destroy_again"), {"ids": ids})


async def _there(conn: Connection) -> bool:
    row = await (await conn.execute(statement("kept_keys", "there"))).fetchone()
    return row is not None and row[0] is not None

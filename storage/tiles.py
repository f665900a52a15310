"""The log as anybody may fetch it: tiles of hashes, that never change once written.

Source of the form: C2SP tlog-tiles. What the leaves are of, the events themselves, is
not among it.
"""

from __future__ import annotations

from storage.log import TILE, TILE_LEVELS, length, unfinished
from storage.pool import Source, connection
from storage.statements import statement


async def tile(
    source: Source, level: int, number: int, width: int = TILE
) -> bytes | None:
    """Return the first ``width`` hashes of a tile; None where the log has fewer.

    ``level`` is that of tiles: 8 levels of the tree.
    """
    start = number * TILE
    async with connection(source) as conn:
        held = await length(conn) >> TILE_LEVELS * level
        if start + width > held:
            return None
        if width == TILE:
            where = {"levels": [level], "numbers": [number]}
            cursor = await conn.execute(statement("proofs", "tiles"), where)
            row = await cursor.fetchone()
            if row is not None:
                return bytes(row[2])
        return b"".join(await unfinished(conn, level, start, start + width))

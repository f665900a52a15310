"""What a dialogue takes up while nothing happens: in memory and in both stores."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from benchmarks.dialogues import connected, start
from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.sizes import Sizes

_RELATIONS: Final = """
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('audit', 'read', 'vault', 'delivery') AND c.relkind = 'r'
"""


async def space(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Divide what is added by the number of dialogues that were started.

    The worker is a fresh one that has run as many already, so that what a process
    needs once is there; each dialogue has been started and nothing else, and the
    worker keeps all of them in its cache.
    """
    await ground.polder.again()
    await start(ground, sizes.started)
    memory, kept, recorded = await _taken(ground)
    await start(ground, sizes.started)
    more_memory, more_kept, more_recorded = await _taken(ground)
    taken = {
        "memory of the worker for each cached dialogue": more_memory - memory,
        "record: bytes for each idle dialogue": more_recorded - recorded,
    }
    if ground.embedded:
        taken["Temporal: bytes for each idle dialogue"] = more_kept - kept
    return [
        Figure(name="space", what=what, value=size / sizes.started / 1024, unit="kB")
        for what, size in taken.items()
    ]


async def _taken(ground: Ground) -> tuple[int, int, int]:
    """Give the bytes of the worker's memory, of Temporal's store and of the record."""
    kept = 0
    if ground.temporal_file is not None:
        # Visibility and task queues are written a moment later.
        await asyncio.sleep(2)
        kept = await asyncio.to_thread(_pages, ground.temporal_file)
    async with connected(ground) as conn:
        row = await (await conn.execute(_RELATIONS)).fetchone()
    assert row is not None
    return ground.polder.memory, kept, int(row[0])


def _pages(file: Path) -> int:
    """Give the bytes of all pages in use, those in the write-ahead log included."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as conn:
        (size,) = conn.execute("PRAGMA page_size").fetchone()
        (pages,) = conn.execute("PRAGMA page_count").fetchone()
        (free,) = conn.execute("PRAGMA freelist_count").fetchone()
    return int(size) * (int(pages) - int(free))

"""What sealing costs, and how soon an event has its place under a signed checkpoint.

Two connections append as fast as they can, 50 events at a time, projections included;
the sealer is a process of its own that seals each second, as in the worker. A block
without it and a block with it take turns; what was not sealed in one, is before the
next.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from statistics import median
from typing import Any, Final

import psycopg

from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.made import BATCH, database
from benchmarks.measuring import ratio
from benchmarks.other import Other, apart
from benchmarks.script import Script
from benchmarks.sizes import Sizes
from storage.batch import Batch
from storage.logkey import create
from storage.pool import Pool, make_pool
from storage.projecting import Projections
from storage.record import append

CONNECTIONS: Final = 2
DELAY: Final = 3
"""Seconds within which 99 of 100 events are to have their checkpoint."""

_BLOCKS: Final = ("without", "again", "with")
_DELAYS: Final = """
SELECT extract(epoch FROM c.at - e.recorded_at)::float
FROM audit.leaf l
JOIN audit.event e ON e.stream = l.stream AND e.seq = l.seq
CROSS JOIN LATERAL (
    SELECT at FROM audit.checkpoint
    WHERE size > l.leaf_index ORDER BY size LIMIT 1
) AS c
WHERE l.leaf_index >= %s AND l.leaf_index < %s"""


class _Blocks:
    """Blocks of recording, of as many events each, and what came of them."""

    def __init__(self, pool: Pool, sealer: Other, scripts: Sequence[Script]) -> None:
        self.seconds: dict[str, list[float]] = {name: [] for name in _BLOCKS}
        self.sealing: list[float] = []
        """Seconds of sealing for each event."""
        self.recording: list[float] = []
        """Seconds of recording for each event, meanwhile."""
        self.spans: list[tuple[int, int]] = []
        """The leaves that were added meanwhile."""
        self._pool = pool
        self._sealer = sealer
        self._scripts = [(script, Projections()) for script in scripts]

    async def begin(self) -> None:
        """Put the starts of the dialogues on record."""
        for script, projections in self._scripts:
            await append(self._pool, script.start(), projections)

    async def block(self, name: str, batches: int, *, counts: bool) -> None:
        """Record so many batches over each connection."""
        made = [
            ([script.next(BATCH) for _ in range(batches)], projections)
            for script, projections in self._scripts
        ]
        await self._stop(sealing=False)
        size = await self._size()
        if name == "with":
            await self._sealer.order("on")
        began = time.perf_counter()
        await asyncio.gather(*(self._record(*each) for each in made))
        seconds = time.perf_counter() - began
        told = await self._stop(sealing=name == "with")
        if not counts:
            return
        self.seconds[name].append(seconds)
        if told["added"]:
            self.sealing.append(told["seconds"] / told["added"])
            self.recording.append(seconds / (CONNECTIONS * batches * BATCH))
            self.spans.append((size, size + told["added"]))

    async def _record(self, made: Sequence[Batch], projections: Projections) -> None:
        async with self._pool.connection() as conn:
            for batch in made:
                await append(conn, batch, projections)

    async def _stop(self, *, sealing: bool) -> dict[str, Any]:
        """Have all sealed that is left; give what came of sealing each second."""
        await self._sealer.order("off")
        told = await self._sealer.told()
        if sealing:
            await self._sealer.told()
        return told

    async def _size(self) -> int:
        async with self._pool.connection() as conn:
            row = await (
                await conn.execute("SELECT count(*) FROM audit.leaf")
            ).fetchone()
        return int(row[0]) if row else 0


async def sealing(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Record with and without the sealer, in turns."""
    key = ground.directory / "keys" / "log.key"
    create(key, "benchmark")
    async with (
        database(ground) as url,
        make_pool(url) as pool,
        apart("seal", url, key) as sealer,
    ):
        await sealer.told()
        name = f"{ground.organisation}:s"
        scripts = [Script(f"{name}{number}") for number in range(CONNECTIONS)]
        blocks = _Blocks(pool, sealer, scripts)
        await blocks.begin()
        chance = random.Random(1)
        for number in range(-1, sizes.sealed_blocks):
            for each in chance.sample(_BLOCKS, len(_BLOCKS)):
                await blocks.block(each, sizes.batches_a_block, counts=number >= 0)
        return _figures(blocks, await _delays(url, blocks.spans))


async def _delays(url: str, spans: Sequence[tuple[int, int]]) -> list[float]:
    found: list[float] = []
    async with await psycopg.AsyncConnection.connect(url) as conn:
        for span in spans:
            cursor = await conn.execute(_DELAYS, span)
            found += [row[0] for row in await cursor.fetchall()]
    return sorted(found)


def _figures(blocks: _Blocks, delays: Sequence[float]) -> list[Figure]:
    seconds = blocks.seconds
    sealed, recorded = 1 / median(blocks.sealing), 1 / median(blocks.recording)
    return [
        compared(
            "seal", "recording again ÷ recording, without the sealer (A/A)",
            ratio(seconds["without"], seconds["again"]),
        ),
        compared(
            "seal", "sealed events/s ÷ recorded events/s meanwhile",
            ratio(blocks.recording, blocks.sealing), bound=3, at_least=True,
            note=f"{sealed:,.0f} ÷ {recorded:,.0f} events/s",
        ),
        compared(
            "seal", "recording with the sealer ÷ without",
            ratio(seconds["without"], seconds["with"]), bound=0.9, at_least=True,
        ),
        Figure(
            name="seal", what="from recorded to a checkpoint, p99", unit="s",
            value=delays[len(delays) * 99 // 100], bound=DELAY,
            note=f"p50 {median(delays):.2f} s, longest {delays[-1]:.2f} s",
        ),
    ]  # fmt: skip

"""What sealing costs, and how soon an event has its place under a signed checkpoint.

The sealer is a process of its own that seals as soon as the worker's would. A block
without it and a block with it take turns; what was not sealed in one, is before the
next. The load is that of many dialogues that obey commands as fast as they can, which
is as much as Polder records on these servers. Beside it, for scale and without a bound,
two connections append prepared batches of 50 events, with projections and nothing else:
some fifty times as much, and more than both cores can do.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from statistics import median
from typing import Any, Final, Protocol

import psycopg

from benchmarks.dialogues import Driven, all_of, start
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


class _Load(Protocol):
    """What fills a block."""

    async def prepare(self) -> None:
        """Get ready what is not to be timed."""
        ...

    async def act(self) -> int:
        """Put events on record; return how many."""
        ...


class _Dialogues:
    """Dialogues that obey commands at once, each one after another."""

    def __init__(self, dialogues: Sequence[Driven], commands: int) -> None:
        self._dialogues = dialogues
        self._commands = commands

    async def prepare(self) -> None:
        await all_of(each.stock(self._commands) for each in self._dialogues)

    async def act(self) -> int:
        await all_of(self._drive(each) for each in self._dialogues)
        return len(self._dialogues) * self._commands

    async def _drive(self, dialogue: Driven) -> None:
        for _ in range(self._commands):
            await dialogue.turns()


class _Appends:
    """Connections that append prepared batches."""

    def __init__(self, pool: Pool, scripts: Sequence[Script], batches: int) -> None:
        self._pool = pool
        self._scripts = [(script, Projections()) for script in scripts]
        self._batches = batches
        self._made: list[tuple[list[Batch], Projections]] = []

    async def begin(self) -> None:
        """Put the starts of the dialogues on record."""
        for script, projections in self._scripts:
            await append(self._pool, script.start(), projections)

    async def prepare(self) -> None:
        self._made = [
            ([script.next(BATCH) for _ in range(self._batches)], projections)
            for script, projections in self._scripts
        ]

    async def act(self) -> int:
        await asyncio.gather(*(self._record(*each) for each in self._made))
        return len(self._made) * self._batches * BATCH

    async def _record(self, made: Sequence[Batch], projections: Projections) -> None:
        async with self._pool.connection() as conn:
            for batch in made:
                await append(conn, batch, projections)


class _Blocks:
    """Blocks of recording, of as many events each, and what came of them."""

    def __init__(self, pool: Pool, sealer: Other, load: _Load) -> None:
        self.seconds: dict[str, list[float]] = {name: [] for name in _BLOCKS}
        self.sealing: list[float] = []
        """Seconds of sealing for each event."""
        self.recording: list[float] = []
        """Seconds of recording for each event, meanwhile."""
        self.spans: list[tuple[int, int]] = []
        """The leaves that were added meanwhile."""
        self._pool = pool
        self._sealer = sealer
        self._load = load

    async def take(self, blocks: int) -> None:
        """Run so many of each kind in an order that changes, after one to warm up."""
        chance = random.Random(1)
        for number in range(-1, blocks):
            for each in chance.sample(_BLOCKS, len(_BLOCKS)):
                await self._block(each, counts=number >= 0)

    async def _block(self, name: str, *, counts: bool) -> None:
        await self._load.prepare()
        await self._stop(sealing=False)
        size = await self._size()
        if name == "with":
            await self._sealer.order("on")
        began = time.perf_counter()
        events = await self._load.act()
        seconds = time.perf_counter() - began
        told = await self._stop(sealing=name == "with")
        if not counts:
            return
        self.seconds[name].append(seconds)
        if told["added"]:
            self.sealing.append(told["seconds"] / told["added"])
            self.recording.append(seconds / events)
            self.spans.append((size, size + told["added"]))

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
    """Record with and without the sealer, in turns.

    Nothing is measured on servers that were given: their log has a sealer.
    """
    if not ground.embedded:
        return []
    return [*await _by_dialogues(ground, sizes), *await _by_appends(ground, sizes)]


async def _by_dialogues(ground: Ground, sizes: Sizes) -> list[Figure]:
    key = ground.directory / "keys" / "ground.key"
    create(key, "benchmark")
    dialogues = await start(ground, sizes.dialogues)
    await all_of(dialogue.ready() for dialogue in dialogues)
    async with apart("seal", ground.database, key) as sealer:
        await sealer.told()
        load = _Dialogues(dialogues, sizes.commands_sealed)
        blocks = _Blocks(ground.pool, sealer, load)
        await blocks.take(sizes.sealed_blocks)
        delays = await _delays(ground.database, blocks.spans)
    return _figures(blocks, delays, f"{sizes.dialogues} dialogues", bounds=True)


async def _by_appends(ground: Ground, sizes: Sizes) -> list[Figure]:
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
        load = _Appends(pool, scripts, sizes.batches_a_block)
        await load.begin()
        blocks = _Blocks(pool, sealer, load)
        await blocks.take(sizes.sealed_blocks)
        delays = await _delays(url, blocks.spans)
    return _figures(blocks, delays, "bare appends", bounds=False)


async def _delays(url: str, spans: Sequence[tuple[int, int]]) -> list[float]:
    found: list[float] = []
    async with await psycopg.AsyncConnection.connect(url) as conn:
        for span in spans:
            cursor = await conn.execute(_DELAYS, span)
            found += [row[0] for row in await cursor.fetchall()]
    return sorted(found)


def _figures(
    blocks: _Blocks, delays: Sequence[float], load: str, *, bounds: bool
) -> list[Figure]:
    seconds = blocks.seconds
    slowed = [
        compared(
            "seal", f"{load}: recording again ÷ recording, without the sealer (A/A)",
            ratio(seconds["without"], seconds["again"]),
        ),
        compared(
            "seal", f"{load}: recording with the sealer ÷ without",
            ratio(seconds["without"], seconds["with"]), at_least=True,
            bound=0.9 if bounds else None,
        ),
    ]  # fmt: skip
    if not blocks.sealing:
        return slowed  # blocks that were over before the sealer had its turn
    sealed, recorded = 1 / median(blocks.sealing), 1 / median(blocks.recording)
    return [
        *slowed,
        compared(
            "seal", f"{load}: sealed events/s ÷ recorded events/s meanwhile",
            ratio(blocks.recording, blocks.sealing), at_least=True,
            bound=3 if bounds else None,
            note=f"{sealed:,.0f} ÷ {recorded:,.0f} events/s",
        ),
        Figure(
            name="seal", what=f"{load}: from recorded to a checkpoint, p99", unit="s",
            value=delays[len(delays) * 99 // 100], bound=DELAY if bounds else None,
            note=f"p50 {median(delays):.2f} s, longest {delays[-1]:.2f} s",
        ),
    ]  # fmt: skip

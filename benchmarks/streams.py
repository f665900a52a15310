"""Two hundred who follow over HTTP, while ten events a second come on record.

The API is a process of its own, as it runs; so is the sealer. Whoever follows does so
from this process, each over a connection of their own. What an event took is from
``recorded_at`` until it was read, for each event and each who follows.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Final

import psutil
import psycopg

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.made import database
from benchmarks.other import apart
from benchmarks.script import Script
from benchmarks.sizes import Sizes
from desk.access import tokens
from desk.desk import Sender, open_desk
from servers.api import ApiProcess
from storage.logkey import create
from storage.pool import make_pool
from storage.projecting import Projections
from storage.record import append

MEGABYTES: Final = 150
"""What that many streams may take of memory."""

RATE: Final = 10
"""Events a second."""

_EACH_TOKEN: Final = 20
_MOST_SECONDS: Final = 60


class _Follower:
    """One connection that reads a stream, and what came over it."""

    def __init__(self) -> None:
        self.leaves: list[int] = []
        self.took: list[float] = []

    async def read(
        self, host: str, port: int, token: str, ready: asyncio.Event
    ) -> None:
        """Read until cancelled."""
        reader, writer = await asyncio.open_connection(host, port)
        try:
            asked = (
                f"GET /v1/events HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream"
                f"\r\nAuthorization: Bearer {token}\r\n\r\n"
            )
            writer.write(asked.encode())
            status = await reader.readline()
            assert b" 200 " in status, status
            while True:
                line = await reader.readline()
                assert line, "a stream was cut"
                if line.startswith(b"id: "):
                    ready.set()
                if line.startswith(b"data: "):
                    self._take(line[6:])
        finally:
            writer.close()

    def _take(self, data: bytes) -> None:
        now = time.time()
        # The whole of it is not read: two hundred who do so would be what is measured.
        head = json.loads(data[: data.index(b',"event":')] + b"}")
        self.leaves.append(int(head["leaf"]))
        self.took.append(now - datetime.fromisoformat(head["recordedAt"]).timestamp())


async def streams(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Follow, and record meanwhile; on servers that were given nothing is measured."""
    if not ground.embedded:
        return []
    key = ground.directory / "keys" / "streams.key"
    create(key, "benchmark")
    async with database(ground) as url, apart("seal", url, key) as sealer:
        await sealer.told()
        await sealer.order("on")
        async with _api(ground, url, key) as api:
            return await _measured(ground, sizes, url, api)


@asynccontextmanager
async def _api(ground: Ground, url: str, key: Path) -> AsyncGenerator[ApiProcess]:
    told = {
        "DATABASE_URL": url,
        "TEMPORAL_ADDRESS": ground.temporal,
        "POLDER_LOG_KEY": str(key),
        "POLDER_RATE": "1000",
        "POLDER_BURST": "1000",
    }
    api = ApiProcess(ground.directory / "api", told, port=0)
    await api.start()
    try:
        yield api
    finally:
        await api.stop()


async def _measured(
    ground: Ground, sizes: Sizes, url: str, api: ApiProcess
) -> list[Figure]:
    held = await _tokens(ground, url, -(-sizes.streams // _EACH_TOKEN))
    assert api.pid is not None
    process = psutil.Process(api.pid)
    before = process.memory_info().rss
    followers = [_Follower() for _ in range(sizes.streams)]
    async with AsyncExitStack() as stack:
        for number, each in enumerate(followers):
            token = held[number // _EACH_TOKEN]
            await stack.enter_async_context(_reading(each, api, token))
        count = await _record(ground, url, sizes.stream_seconds)
        behind = await _behind(followers, count)
        after = process.memory_info().rss
    checkpoints, size = await _checkpoints(url)
    whole = followers[0].leaves
    lost = sum(each.leaves != whole or len(whole) != count for each in followers)
    took = sorted(took for each in followers for took in each.took)
    grown = (after - before) / 2**20
    memory = f"{sizes.streams} streams: memory they take"
    said = f"{count} events to {sizes.streams} streams"
    return [
        Figure(
            name="streams", what=memory, unit="MB",
            value=grown, bound=MEGABYTES, note=f"{after / 2**20:.0f} MB in all",
        ),
        Figure(
            name="streams", what="streams with a gap, or that fell behind", unit="",
            value=lost + behind, bound=0, note=said,
        ),
        Figure(
            name="streams", what="recorded → read by who follows, p99", unit="s",
            value=took[len(took) * 99 // 100], bound=2,
            note=f"p50 {median(took):.3f} s, longest {took[-1]:.2f} s",
        ),
        Figure(
            name="streams", what="recorded → read by who follows, p50", unit="s",
            value=median(took), bound=0.3,
        ),
        Figure(
            name="streams", what="checkpoints signed a second meanwhile", unit="",
            value=checkpoints / sizes.stream_seconds,
            note=f"{size / checkpoints:.0f} bytes of the database each",
        ),
    ]  # fmt: skip


async def _checkpoints(url: str) -> tuple[int, int]:
    """Give how many there are, and the bytes that they take."""
    query = "SELECT count(*), pg_total_relation_size('audit.checkpoint')"
    async with await psycopg.AsyncConnection.connect(url) as conn:
        row = await (await conn.execute(f"{query} FROM audit.checkpoint")).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


async def _tokens(ground: Ground, url: str, count: int) -> list[str]:
    async with open_desk(url, ground.temporal) as desk:
        sender = Sender("benchmark", "system")
        return [
            (await tokens.create(desk, ground.organisation, ["auditor"], sender)).token
            for _ in range(count)
        ]


@asynccontextmanager
async def _reading(
    follower: _Follower, api: ApiProcess, token: str
) -> AsyncGenerator[None]:
    host, _, port = api.address.removeprefix("http://").partition(":")
    ready = asyncio.Event()
    reads = asyncio.create_task(follower.read(host, int(port), token, ready))
    waits = asyncio.create_task(ready.wait())
    await asyncio.wait({reads, waits}, return_when=asyncio.FIRST_COMPLETED)
    if reads.done():
        waits.cancel()
        reads.result()
    try:
        yield
    finally:
        reads.cancel()
        await asyncio.wait({reads})


async def _record(ground: Ground, url: str, seconds: int) -> int:
    """Put events on record, two at a time and evenly; return how many."""
    script = Script(f"{ground.organisation}:streams")
    loop = asyncio.get_running_loop()
    projections = Projections()
    async with make_pool(url, max_size=2) as pool:
        first = script.start()
        await append(pool, first, projections)
        count, began = len(first.events), loop.time()
        for number in range(0, seconds * RATE, 2):
            await asyncio.sleep(max(0, began + number / RATE - loop.time()))
            batch = script.next(2)
            await append(pool, batch, projections)
            count += len(batch.events)
    return count


async def _behind(followers: list[_Follower], count: int) -> int:
    """Wait a little; give how many have not read everything then."""
    end = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < end:
        behind = sum(len(each.leaves) < count for each in followers)
        if not behind:
            return 0
        await asyncio.sleep(0.1)
    return sum(len(each.leaves) < count for each in followers)

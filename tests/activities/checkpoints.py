"""A real log with published checkpoints, and servers that checkpoints are sent to."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web

from activities.outward import Outward, Reach
from activities.target import Newest
from evidence.checkpoint import parse_checkpoint
from evidence.note import parse_note
from storage.logkey import LogKey, create
from storage.ownlog import append
from storage.pool import Pool, make_pool
from storage.publications import newest_published
from storage.sealing import seal

LOOPBACK = Outward(Reach.read("127.0.0.1"))
"""Sends requests to this machine as well."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_causes = count(1)


@dataclass(frozen=True)
class Journal:
    """A log that grows and publishes; ``pool`` is the sealer's."""

    pool: Pool
    writer: Pool
    key: LogKey

    async def grow(self, events: int = 1) -> Newest:
        """Record events, seal them and publish a checkpoint."""
        for _ in range(events):
            cause = f"c-{next(_causes)}"
            await append(self.writer, "org:waterdam", "noted", {}, cause=cause)
        await seal(self.writer, self.key, publish=True)
        return await self.newest()

    async def newest(self) -> Newest:
        """Give the checkpoint that was published last."""
        found = await newest_published(self.pool)
        assert found is not None
        origin = parse_checkpoint(parse_note(found.note).text).origin
        return Newest(origin, found.size, found.root, found.note, found.at)


@pytest.fixture
async def journal(url: str, pool: Pool, tmp_path: Path) -> AsyncIterator[Journal]:
    """A log of the test's own, with nothing in it yet."""
    key = create(tmp_path / "keys" / "log.key", "test")
    async with make_pool(url, role="polder_sealer", max_size=4) as sealers:
        yield Journal(sealers, pool, key)


@asynccontextmanager
async def serving(handler: Handler, path: str = "/{any:.*}") -> AsyncGenerator[str]:
    """Answer every POST with ``handler``; give the server's URL."""
    app = web.Application()
    app.router.add_post(path, handler)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()

"""A place on loopback where a connection is carried on, and none is left open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def relayed(url: str, serve: Serve) -> AsyncGenerator[str]:
    """Give the URL that leads through `serve`, to the same database.

    Afterwards every connection is closed, also one that was accepted at the end.
    """
    carried: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        carried.add(task)
        try:
            await serve(reader, writer)
        finally:
            writer.close()
            carried.discard(task)

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    parts = urlsplit(url)
    user = parts.netloc.rsplit("@", 1)[0]
    try:
        yield urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{port}"))
    finally:
        server.close()
        # What the system had accepted by now still gets its task.
        await asyncio.sleep(0.05)
        for task in carried:
            task.cancel()
        await asyncio.gather(*carried, return_exceptions=True)

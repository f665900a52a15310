"""An API on a port of its own, as it runs: answers without end need a real wire."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import httpx
import uvicorn

from api.app import make_app
from api.settings import Settings


@asynccontextmanager
async def wired(settings: Settings) -> AsyncGenerator[httpx.AsyncClient]:
    """Run the API in this process, and give a client of it; it ends with the block."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        app = make_app(settings)
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5)
        )
        running = asyncio.create_task(server.serve([port]))
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=url, timeout=20) as client:
            try:
                await _answers(client)
                yield client
            finally:
                app.state.service.stopping.set()
                server.should_exit = True
                await running


async def _answers(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20):
        while True:
            with suppress(httpx.TransportError):
                await client.get("/v1/nothing")
                return
            await asyncio.sleep(0.05)

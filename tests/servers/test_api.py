"""The API as a process: on a port that is free, and ended in order."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from servers import TemporalServer
from servers.api import ApiProcess
from servers.ports import LOOPBACK


@pytest.fixture
async def api(
    tmp_path: Path, module_database: str, temporal_server: TemporalServer
) -> AsyncGenerator[ApiProcess]:
    """Give an API that has started, on a port that somebody else wanted first."""
    settings = {
        **os.environ,
        "DATABASE_URL": module_database,
        "TEMPORAL_ADDRESS": temporal_server.address,
    }
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        wanted = int(taken.getsockname()[1])
        process = ApiProcess(tmp_path / "api", settings, port=wanted)
        async with process:
            assert process.address != f"http://{LOOPBACK}:{wanted}"
            yield process


async def test_it_answers_where_it_says(api: ApiProcess) -> None:
    """It is ready once it answers, and its address is where."""
    async with httpx.AsyncClient(base_url=api.address) as client:
        assert (await client.get("/v1/openapi.json")).status_code == 200
        assert (await client.get("/v1/dialogues")).status_code == 401


async def test_it_comes_again_at_the_same_address(api: ApiProcess) -> None:
    """Killed and started again, it is where callers know it."""
    before = api.address
    await api.kill()
    assert api.pid is None
    await api.start()
    assert api.address == before
    async with httpx.AsyncClient(base_url=api.address) as client:
        assert (await client.get("/v1/openapi.json")).status_code == 200


async def test_it_ends_in_order(api: ApiProcess) -> None:
    """Told to stop it lets what is under way end, and says that it stopped."""
    async with httpx.AsyncClient(base_url=api.address) as client:
        asked = [client.get("/health", timeout=30) for _ in range(5)]
        under_way = asyncio.gather(*asked)
        await asyncio.sleep(0.2)
        await api.stop()
        answers = await under_way
    assert {each.status_code for each in answers} <= {200, 503}
    assert api.orderly

"""The API as a process: on a port that is free, and ended in order."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from functools import partial
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from desk.access import tokens
from desk.desk import Sender, open_desk
from servers import TemporalServer
from servers.api import ApiProcess
from servers.ports import LOOPBACK
from tests.services import until

_COMMAND = b'{"kind": "pause_dialogue", "command": {}}'


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


async def test_it_ends_in_order(
    api: ApiProcess, module_database: str, temporal_server: TemporalServer
) -> None:
    """Told to stop it lets what is under way end, and says that it stopped."""
    token = await _token(module_database, temporal_server.address)
    under_way = [await _Asking.begun(api.address, token) for _ in range(5)]
    ending = asyncio.create_task(api.stop())
    await until(partial(_nobody_listens, api.address))
    answers = [await each.ended() for each in under_way]
    await ending
    assert answers == [HTTPStatus.NOT_FOUND] * 5
    assert api.orderly


async def _token(database: str, temporal: str) -> str:
    async with open_desk(database, temporal) as desk:
        made = await tokens.create(
            desk, "gemeente-waterdam", ["director"], Sender("beheer-1", "system")
        )
    return made.token


class _Asking:
    """A command whose head the API has taken: it asked for the rest, and waits."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def begun(cls, address: str, token: str) -> _Asking:
        """Send a head alone, and wait until the API says to go on (RFC 9110 10.1.1)."""
        url = httpx.URL(address)
        asking = cls(*await asyncio.open_connection(url.host, url.port))
        head = (
            "POST /v1/dialogues/gemeente-waterdam:park/commands HTTP/1.1",
            "Host: polder",
            f"Authorization: Bearer {token}",
            "Content-Type: application/json",
            f"Content-Length: {len(_COMMAND)}",
            "Expect: 100-continue",
        )
        asking._writer.write("".join(f"{line}\r\n" for line in (*head, "")).encode())
        assert await asking._status() == HTTPStatus.CONTINUE
        return asking

    async def ended(self) -> int:
        """Send the rest, and give the status of the answer."""
        self._writer.write(_COMMAND)
        status = await self._status()
        self._writer.close()
        return status

    async def _status(self) -> int:
        async with asyncio.timeout(30):
            head = await self._reader.readuntil(b"\r\n\r\n")
        return int(head.split()[1])


async def _nobody_listens(address: str) -> bool:
    url = httpx.URL(address)
    try:
        _, writer = await asyncio.open_connection(url.host, url.port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False

"""A wire to PostgreSQL that cuts between a commit and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

from tests.relay import relayed

_IDLE: Final = b"Z\x00\x00\x00\x05I"
"""ReadyForQuery outside a transaction: what went before is committed (§54.7)."""

_APPENDED: Final = (b"\x08appended", b"\x05there", b"COMMIT\x00")
"""The verdicts of an append, and the end of a transaction around one."""


class Wire:
    """Carries bytes both ways, and drops the connection instead of some answers."""

    def __init__(self, url: str) -> None:
        """Lead to the database at ``url``."""
        parts = urlsplit(url)
        self._to = (parts.hostname or "", parts.port or 0)
        self._left = 0
        self.cut = 0

    def cut_commits(self, times: int) -> None:
        """Lose the answers to the next ``times`` commits of an append."""
        self._left = times

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry one connection."""
        try:
            up_reader, up_writer = await asyncio.open_connection(*self._to)
        except OSError:
            return
        forth = asyncio.create_task(_carry(reader, up_writer))
        try:
            while data := await up_reader.read(65_536):
                committed = data.endswith(_IDLE) and any(a in data for a in _APPENDED)
                if committed and self._left:
                    # The server has committed and said so. Nobody hears it.
                    self._left -= 1
                    self.cut += 1
                    break
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            forth.cancel()
            for end in (writer, up_writer):
                end.close()
                with suppress(OSError):
                    await end.wait_closed()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def wired(url: str) -> AsyncGenerator[tuple[Wire, str]]:
    """Give a wire to a database, and the URL that leads through it."""
    wire = Wire(url)
    async with relayed(url, wire.serve) as through:
        yield wire, through

"""A wire to PostgreSQL that counts what is asked, and can lose an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from tests.relay import relayed

QUESTIONS = (b"Q", b"S")
"""Frontend messages that end a question: Query and Sync (PostgreSQL, §54.7)."""


def _questions(sent: bytes) -> int:
    """Count the questions in what came over one connection."""
    count = 0
    while sent:
        count += sent[:1] in QUESTIONS
        sent = sent[1 + int.from_bytes(sent[1:5], "big") :]
    return count


class Proxy:
    """A wire between client and server that can swallow the server's answers."""

    def __init__(self, host: str, port: int) -> None:
        """Lead to a server."""
        self._to = (host, port)
        self._pass = 0
        self._deaf = False
        self._sent: dict[int, bytearray] | None = None
        self.cut = 0

    def start_counting(self) -> None:
        """Count from here on; nothing may be under way."""
        self._sent = {}

    @property
    def asked(self) -> int:
        """How often the client asked the server something since then."""
        return sum(_questions(bytes(sent)) for sent in (self._sent or {}).values())

    def lose_answer(self, after: int = 0) -> None:
        """Let ``after`` answers pass, and then drop the connection instead of one."""
        self._pass, self._deaf = after, True

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry one connection."""
        up_reader, up_writer = await asyncio.open_connection(*self._to)
        forth = asyncio.create_task(self._carry(reader, up_writer))
        try:
            while data := await up_reader.read(65_536):
                if self._deaf and self._pass == 0:
                    # The server has answered, so it did its work. Nobody hears it.
                    self._deaf = False
                    self.cut += 1
                    break
                self._pass -= self._deaf
                writer.write(data)
                await writer.drain()
        finally:
            forth.cancel()
            for end in (writer, up_writer):
                end.close()
                with suppress(OSError):
                    await end.wait_closed()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65_536):
            if self._sent is not None:
                self._sent.setdefault(id(reader), bytearray()).extend(data)
            writer.write(data)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def wired(url: str) -> AsyncGenerator[tuple[Proxy, str]]:
    """Give a wire to the database, and the URL through it."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    proxy = Proxy(parts.hostname, parts.port)
    async with relayed(url, proxy.serve) as through:
        yield proxy, through

"""A request goes out only to an address that the operator lets it go to.

The check is made where the connection is made, on the address itself, so that a name
which leads elsewhere a moment later is no way round it. Redirects are not followed, and
no proxy of the environment is used: it would connect in our place.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

import aiohttp

from activities.lookup import Names
from activities.reach import BadUrl, Reach, read_url, refusal

__all__ = [
    "MOST",
    "SECONDS",
    "Answer",
    "BadUrl",
    "Line",
    "NotAllowed",
    "Outward",
    "Reach",
    "Unreached",
    "read_url",
]

SECONDS: Final = 30.0
"""How long one request may take, from the first look-up to the last byte."""

MOST: Final = 1_000_000
"""Bytes of an answer that are read; nothing that is asked for comes near it."""

_OURS: Final = {"User-Agent": "Polder", "Accept-Encoding": "identity"}

_AT_ONCE: Final = 8
"""Connections to one target at a time."""


class NotAllowed(OSError):
    """The address is in a private network, which was not allowed."""


class Unreached(Exception):
    """No answer came. The message names the host, and never path or query."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By name, whatever its capitals."""
    body: bytes


class Outward:
    """Sends requests that stay inside a ``Reach``."""

    def __init__(
        self,
        reach: Reach,
        *,
        seconds: float = SECONDS,
        most: int = MOST,
        names: Names | None = None,
    ) -> None:
        """Nothing happens before ``post`` or ``kept``; both bounds are per request."""
        self.reach = reach
        self._names = names or Names()
        self._seconds = seconds
        self._most = most

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send ``body`` to ``url``; give the answer, whatever its status.

        Raises ``Unreached`` when none came. The server may then have had the request
        all the same.
        """
        async with self.kept(f"/{urlsplit(url).hostname}") as line:
            return await line.send("POST", url, body, headers)

    @asynccontextmanager
    async def kept(self, whose: str) -> AsyncGenerator[Line]:
        """Give a line that keeps its connections for the next request.

        ``whose`` is the organisation that named the targets: names that don't answer
        are in nobody else's way.
        """
        connector = aiohttp.TCPConnector(
            socket_factory=self._socket,
            limit=_AT_ONCE,
            resolver=self._names.resolver(whose),
        )
        timeout = aiohttp.ClientTimeout(total=self._seconds)
        # What was packed small could be larger than we read, before we have seen it.
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, auto_decompress=False
        ) as one:
            yield Line(one, self._seconds, self._most)

    def _socket(self, found: tuple[Any, ...]) -> socket.socket:
        """Make the socket for an address that was found, or refuse to."""
        family, kind, protocol, _name, place = found
        address = ip_address(place[0].partition("%")[0])
        if not self.reach.allows(address):
            raise NotAllowed(refusal(address))
        return socket.socket(family, kind, protocol)


class Line:
    """Connections that several requests share."""

    def __init__(
        self, session: aiohttp.ClientSession, seconds: float, most: int
    ) -> None:
        """Made by `Outward.kept`."""
        self._session = session
        self._seconds = seconds
        self._most = most

    async def send(
        self,
        method: Literal["POST", "OPTIONS"],
        url: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request as `Outward.post` does."""
        try:
            return await self._send(method, url, body, headers or {})
        except aiohttp.ServerDisconnectedError:
            # It may have been a connection of before that nobody held open any more.
            pass
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unreached(url, error, self._seconds) from None
        try:
            return await self._send(method, url, body, headers or {})
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unreached(url, error, self._seconds) from None

    async def _send(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        async with self._session.request(
            method,
            url,
            data=body or None,
            headers={**_OURS, **headers},
            allow_redirects=False,
        ) as answer:
            whole = await _whole(answer.content, self._most)
            return Answer(answer.status, answer.headers, whole)


async def _whole(content: aiohttp.StreamReader, most: int) -> bytes:
    body = bytearray()
    async for part in content.iter_chunked(65_536):
        body += part
        if len(body) > most:
            raise aiohttp.ClientPayloadError("it answers without end")
    return bytes(body)


def _unreached(url: str, error: Exception, seconds: float) -> Unreached:
    host = urlsplit(url).hostname
    why = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(error, TimeoutError):
        return Unreached(f"{host} did not answer within {seconds:.0f} s")
    if isinstance(error, aiohttp.ClientResponseError):
        # It would repeat the whole URL, and what the server sent.
        return Unreached(f"{host} can't be reached: its answer is no HTTP")
    if isinstance(error, aiohttp.InvalidURL):
        return Unreached(f"{host} can't be asked: the URL is malformed")
    return Unreached(f"{host} can't be reached: {str(why) or type(why).__name__}")

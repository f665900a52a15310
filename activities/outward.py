"""A request goes out only to an address that the operator lets it go to.

Who may write a setting must not thereby reach servers inside the network (SSRF). The
check is made where the connection is made, on the address itself, so that a name which
leads elsewhere a moment later is no way round it. Redirects are not followed, and no
proxy of the environment is used: it would connect in our place.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any, Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

import aiohttp

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

EVERYWHERE: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))
"""All networks, the private ones included."""

SECONDS: Final = 30.0
"""How long one request may take, from the first look-up to the last byte."""

MOST: Final = 1_000_000
"""Bytes of an answer that are read; nothing that is asked for comes near it."""

_NAT64: Final = ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for an IPv4 one (RFC 6052)."""


class BadUrl(ValueError):
    """The text is no address that a request could be sent to."""


class NotAllowed(OSError):
    """The address is in a private network, which was not allowed."""


class Unreached(Exception):
    """No answer came. The message names the host, and never path or query."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where requests may go: the public internet, and the networks named."""

    private: tuple[Network, ...] = ()

    @classmethod
    def read(cls, text: str) -> Reach:
        """Read ``yes``, ``no`` or networks such as ``10.1.0.0/16 127.0.0.1``.

        Raises ``ValueError``.
        """
        said = text.strip().lower()
        if said in {"", "no", "false", "0"}:
            return cls()
        if said in {"yes", "true", "1"}:
            return cls(EVERYWHERE)
        return cls(tuple(ip_network(one) for one in said.replace(",", " ").split()))

    def allows(self, address: Address) -> bool:
        """Tell whether a request may go to ``address``."""
        if any(address in network for network in self.private):
            return True
        inner = _inner(address)
        if inner is not None:
            return self.allows(inner)
        return address.is_global and not address.is_multicast


def _inner(address: Address) -> IPv4Address | None:
    """Give the IPv4 address that an IPv6 one leads to, if it is of that kind."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def read_url(text: str, reach: Reach) -> SplitResult:
    """Read an ``http`` or ``https`` URL without a password; raises ``BadUrl``.

    A private address that stands in it is refused at once; what a name leads to is
    seen when the connection is made.
    """
    parts = urlsplit(text)
    try:
        parts.port  # noqa: B018 - asked, because it raises
    except ValueError:
        raise BadUrl("the port is no port") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadUrl("use https://host/path or http://host/path")
    if parts.username is not None:
        raise BadUrl("a URL with a user or password in it is not taken")
    if parts.fragment:
        raise BadUrl("a URL with a fragment (#…) is not taken")
    try:
        address = ip_address(parts.hostname)
    except ValueError:
        return parts
    if not reach.allows(address):
        raise BadUrl(_refusal(address))
    return parts


def _refusal(address: Address) -> str:
    return (
        f"{address} is in a private network; POLDER_ALLOW_PRIVATE_TARGETS can allow it"
    )


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By name, whatever its capitals."""
    body: bytes


class Outward:
    """Sends requests that stay inside a ``Reach``."""

    def __init__(self, reach: Reach) -> None:
        """Nothing happens before ``post``."""
        self._reach = reach

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send ``body`` to ``url``; give the answer, whatever its status.

        Raises ``Unreached`` when none came. The server may then have had the request
        all the same.
        """
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        connector = aiohttp.TCPConnector(socket_factory=self._socket)
        try:
            async with (
                aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
                session.post(
                    url,
                    data=body,
                    headers={"User-Agent": "Polder", **(headers or {})},
                    allow_redirects=False,
                ) as answer,
            ):
                body = await _whole(answer.content)
                return Answer(answer.status, answer.headers, body)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unreached(url, error) from None

    def _socket(self, found: tuple[Any, ...]) -> socket.socket:
        """Make the socket for an address that was found, or refuse to."""
        family, kind, protocol, _name, place = found
        address = ip_address(place[0].partition("%")[0])
        if not self._reach.allows(address):
            raise NotAllowed(_refusal(address))
        return socket.socket(family, kind, protocol)


async def _whole(content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    async for part in content.iter_chunked(65_536):
        body += part
        if len(body) > MOST:
            raise aiohttp.ClientPayloadError("it answers without end")
    return bytes(body)


def _unreached(url: str, error: Exception) -> Unreached:
    host = urlsplit(url).hostname
    why = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(error, TimeoutError):
        return Unreached(f"{host} did not answer within {SECONDS:.0f} s")
    if isinstance(error, aiohttp.InvalidURL):
        return Unreached(f"{host} can't be asked: the URL is malformed")
    return Unreached(f"{host} can't be reached: {str(why) or type(why).__name__}")

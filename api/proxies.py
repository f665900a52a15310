"""Who calls, where a proxy stands in between: its word counts, and nobody else's.

Each proxy adds who came to it behind what it was told. So the list is read from its
end: the first address that is no proxy of ours is the caller, and all before it is what
that caller says.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from typing import Final

from fastapi import Request
from starlette.datastructures import Headers

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FOR: Final = re.compile(r'(?:^|;)\s*for=("[^"]*"|[^;,\s]*)', re.IGNORECASE)
_PORT: Final = re.compile(r"^(?:\[(?P<six>[^\]]*)\]|(?P<four>[0-9.]+))(?::\d{1,5})?$")


def address_of(request: Request, proxies: Collection[Network]) -> str | None:
    """Give the address of who calls; None where the server itself does not know it.

    ``proxies`` are the networks whose ``X-Forwarded-For`` or ``Forwarded`` (RFC 7239)
    is believed. Where both are there and differ, one of them is the caller's own: then
    neither is.
    """
    peer = request.client and request.client.host
    at = _read(peer or "")
    if at is None or not _is_among(at, proxies):
        return peer
    told = _told(request.headers)
    return str(_first_stranger(at, told, proxies))


def _first_stranger(
    at: Address, told: list[str], proxies: Collection[Network]
) -> Address:
    """Go back along the way, as long as it is proxies of ours that tell it."""
    for text in reversed(told):
        before = _read(text)
        if before is None:
            return at
        at = before
        if not _is_among(at, proxies):
            return at
    return at


def _told(headers: Headers) -> list[str]:
    plain = [each.strip() for each in _parts(headers.getlist("x-forwarded-for"))]
    named = [_for(each) for each in _parts(headers.getlist("forwarded"))]
    if plain and named and [*map(_read, plain)] != [*map(_read, named)]:
        return []
    return plain or named


def _parts(lines: list[str]) -> list[str]:
    return [each for line in lines for each in line.split(",")]


def _for(element: str) -> str:
    found = _FOR.search(element)
    return found[1].strip('"') if found else ""


def _read(text: str) -> Address | None:
    """Read an address, with or without a port; None for what is none."""
    found = _PORT.match(text)
    plain = (found["six"] or found["four"]) if found else text
    try:
        address = ip_address(plain)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_among(address: Address, networks: Collection[Network]) -> bool:
    return any(address in network for network in networks)

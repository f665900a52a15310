"""Where requests may go: the public internet, and the networks that are named.

Who may write an address must not thereby reach servers inside the network (SSRF). Here
is what can be seen of an address before anything is sent; what a name leads to is seen
where the connection is made (`activities.outward`).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

EVERYWHERE: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))
"""All networks, the private ones included."""

_NAT64: Final = ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for an IPv4 one (RFC 6052)."""

_INSIDE: Final = (
    ip_network("::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("fec0::/10"),
)
"""What Python takes for global, and leads inside where it leads anywhere: IPv4 as it
was once written (RFC 4291), a house's own translation (RFC 8215), sites (RFC 3879)."""


class BadUrl(ValueError):
    """The text is no address that a request could be sent to."""


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
        if any(address in network for network in _INSIDE):
            return False
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
        raise BadUrl(refusal(address))
    return parts


def refusal(address: Address) -> str:
    """Say why nothing goes to an address."""
    return (
        f"{address} is in a private network; POLDER_ALLOW_PRIVATE_TARGETS can allow it"
    )

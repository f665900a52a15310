"""What was denied is noted, so that somebody can see that somebody is trying."""

from __future__ import annotations

import ipaddress
from typing import Final

import structlog

from desk.access.limits import Limit, Limits
from storage import denials
from storage.denials import Denial, NotedDenial
from storage.errors import StorageError
from storage.pool import Source

__all__ = ["Denial", "Denials", "NotedDenial", "listed", "network_of"]

_EACH: Final = Limit(rate=1, burst=20)
_ALL: Final = Limit(rate=20, burst=200)
"""Lines a second, of one network and of all: who knocks faster is not noted more."""

log = structlog.get_logger()


class Denials:
    """Notes what is denied, and never so much that noting it would be the harm."""

    def __init__(self, source: Source) -> None:
        """Write through this pool."""
        self._source = source
        self._limits = Limits()

    async def note(self, denial: Denial) -> None:
        """Note that an attempt was denied; what goes wrong with that stops nothing."""
        whose = denial.token or denial.network or "-"
        if self._limits.wait([(whose, _EACH), ("*", _ALL)]):
            return
        try:
            await denials.note(self._source, denial)
        except StorageError as error:
            log.warning("a denial was not noted", problem=type(error).__name__)


async def listed(source: Source, organisation: str | None) -> list[NotedDenial]:
    """Give what was denied, of one organisation or of all, newest first."""
    return await denials.denials(source, organisation)


def network_of(address: str | None) -> str | None:
    """Give the network of an address, too wide to tell who it is: /24 or /48."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    width = 24 if found.version == 4 else 48  # noqa: PLR2004 - versions of IP
    return str(ipaddress.ip_network((found, width), strict=False))

"""Who we are to others: the address under which they reach us, and our numbers.

POLDER_URL    such as https://polder.waterdam.nl
POLDER_OIN    ORGANISATION=NUMBER, with spaces between: an OIN of 20 digits, or a
              KvK number of 8 for who is no government
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import quote, urlsplit

SYSTEM: Final = "polder"
"""What this system is called in a source."""

_OIN: Final = re.compile(r"[0-9]{20}")
_KVK: Final = re.compile(r"[0-9]{8}")


class BadName(ValueError):
    """A setting of who we are can't be used; the message names it."""


@dataclass(frozen=True)
class Ourselves:
    """What we call ourselves in what we send."""

    url: str = ""
    """Without a slash at the end; empty where nobody said it."""
    numbers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Organisation → OIN or KvK number."""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings. Raises ``BadName``."""
        url = environment.get("POLDER_URL", "").strip().rstrip("/")
        if url and urlsplit(url).scheme not in {"http", "https"}:
            raise BadName("POLDER_URL takes https://host, or http://host")
        return cls(url, dict(_numbers(environment.get("POLDER_OIN", ""))))

    @property
    def origin(self) -> str:
        """The DNS name that asks a target for leave (`WebHook-Request-Origin`)."""
        return urlsplit(self.url).hostname or "localhost"

    def source(self, organisation: str) -> str:
        """Name an organisation's Polder, by the NL GOV profile for CloudEvents 1.1.

        Its OIN; for who has none its KvK number; else the name that it has here.
        """
        number = self.numbers.get(organisation)
        if number is None:
            return f"urn:nld:{organisation}:systeem:{SYSTEM}"
        kind = "oin" if _OIN.fullmatch(number) else "kvknr"
        return f"urn:nld:{kind}:{number}:systeem:{SYSTEM}"

    def dialogue(self, stream: str) -> str:
        """Give where a dialogue is: relative where nobody said our address."""
        return f"{self.url}/v1/dialogues/{quote(stream, safe=':')}"

    def event(self, stream: str, leaf_index: int) -> str:
        """Give where one event of a dialogue is, as a list that holds it alone."""
        return f"{self.dialogue(stream)}/events?after={leaf_index - 1}&limit=1"


def _numbers(told: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for each in told.replace(",", " ").split():
        organisation, _equals, number = each.partition("=")
        if not (organisation and (_OIN.fullmatch(number) or _KVK.fullmatch(number))):
            raise BadName("POLDER_OIN takes ORGANISATION=OIN, or =KvK number")
        found.append((organisation, number))
    return found

"""Text as calendars take it (RFC 5545): values escaped, lines folded, times in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

UID_DOMAIN: Final = "polder.invalid"
"""Right side of every UID: no host's, so that it never changes (RFC 2606, 2)."""

_LONGEST_LINE: Final = 75
"""Octets in a line of iCalendar, its break not counted (RFC 5545, 3.1)."""

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_MOMENT: Final = "%Y%m%dT%H%M%SZ"


def uid(stream: str, meeting: str) -> str:
    """Return the UID of a meeting, the same for life and for everybody."""
    digest = sha256(f"meeting\0{stream}\0{meeting}".encode()).hexdigest()
    return f"{digest[:40]}@{UID_DOMAIN}"


def moment(at: datetime) -> str:
    """Return a moment with an offset as calendars write it, in UTC."""
    return at.astimezone(UTC).strftime(_MOMENT)


def whole(lines: Iterable[str]) -> str:
    """Return the text of these lines, each folded and ended by CRLF."""
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def escaped(text: str) -> str:
    """Return ``text`` as a value of type TEXT (RFC 5545, 3.3.11)."""
    broken = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _CONTROL.sub(" ", broken).encode("utf-8", "replace").decode()
    for sign in ("\\", ";", ","):
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Give the parts of a line of at most 75 octets; no sign is broken in two."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _LONGEST_LINE:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part

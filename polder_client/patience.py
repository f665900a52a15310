"""When to ask again: only what was not carried out, or can't be carried out twice.

Every change carries its own id (`Idempotency-Key`), so asking again is always safe.
`Retry-After` is obeyed; without it the pauses grow, and differ from client to client so
that many do not come back at the same moment.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

PATIENCE: Final = 30.0
"""Seconds that a request may take with all that is tried, by default."""

_AGAIN: Final = frozenset({429, 502, 503, 504})
_FIRST: Final = 0.2
_LONGEST: Final = 8.0


def retry_after(
    headers: Mapping[str, str], now: datetime | None = None
) -> float | None:
    """Give the seconds that `Retry-After` names (RFC 9110, 10.2.3), if it does."""
    told = headers.get("retry-after")
    if told is None:
        return None
    if told.strip().isdigit():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def pause(
    attempt: int, left: float, status: int | None, headers: Mapping[str, str]
) -> float | None:
    """Give the seconds to wait before asking again, or None to leave it.

    ``attempt`` counts from 0, ``left`` is the patience that is left in seconds, and
    ``status`` is None where no answer came at all.
    """
    if status is not None and status not in _AGAIN:
        return None
    told = retry_after(headers)
    wait = grown(attempt) if told is None else told
    return wait if wait < left else None


def grown(attempt: int) -> float:
    """Give a pause that grows with each attempt, by chance up to twice as short."""
    longest = min(_LONGEST, _FIRST * 2.0**attempt)
    return random.uniform(longest / 2, longest)  # noqa: S311  (no secret)

"""A route that will go says so in every answer, long before it goes.

Headers: Deprecation (RFC 9745), Sunset (RFC 8594) and a link to what to do instead. No
route is deprecated yet; one that becomes so has a line in CHANGELOG.md.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

from fastapi import Depends, Response


def deprecated(since: date, ends: date, where: str) -> dict[str, Any]:
    """Give what a deprecated route is made with: ``@ROUTE.get(…, **deprecated(…))``.

    ``where`` is the address of the page that says what to use instead. Raises
    ``ValueError`` for an end before the beginning.
    """
    if ends < since:
        message = "a route can't go before it is deprecated (RFC 8594)"
        raise ValueError(message)
    told = {
        "Deprecation": f"@{int(_midnight(since).timestamp())}",
        "Sunset": format_datetime(_midnight(ends), usegmt=True),
        "Link": f'<{where}>; rel="deprecation"; type="text/html"',
    }

    async def tell(response: Response) -> None:
        response.headers.update(told)

    return {"deprecated": True, "dependencies": [Depends(tell)]}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

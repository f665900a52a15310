"""What is out of the ordinary, for whoever begins an audit with that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from desk.desk import Desk
from domain.facts import written
from storage.exceptional import Exceptional, Place
from storage.exceptions import LATE, SEAL_DELAY, exceptions
from storage.pool import connection

LATE_SECONDS = LATE.total_seconds()
SEAL_SECONDS = SEAL_DELAY.total_seconds()


class Unusual(NamedTuple):
    """What was found, and the kinds of which there is more than is listed."""

    exceptions: list[Exceptional]
    more: tuple[str, ...]


async def unusual(
    desk: Desk,
    where: str | None = None,
    *,
    late: float = LATE_SECONDS,
    seal_delay: float = SEAL_SECONDS,
) -> Unusual:
    """Look everywhere, in an organisation or in one stream; delays in seconds."""
    async with connection(desk.pool) as conn:
        found = await exceptions(
            conn,
            _place(where),
            late=timedelta(seconds=late),
            seal_delay=timedelta(seconds=seal_delay),
        )
    return Unusual([*found.exceptions], found.more)


def _place(where: str | None) -> Place:
    if where is None:
        return Place()
    return Place(stream=where) if ":" in where else Place(organisation=where)


def document(one: Exceptional) -> dict[str, Any]:
    """Give one of them as JSON."""
    return {**one._asdict(), "at": written(one.at), "facts": dict(one.facts)}

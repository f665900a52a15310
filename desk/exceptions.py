"""What is out of the ordinary, for whoever begins an audit with that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, NamedTuple

from desk.desk import Desk
from desk.errors import DeskError
from desk.reads import EVERYTHING, note
from domain.facts import written
from evidence.chain import is_stream
from language import mark
from storage.exceptional import Exceptional, Place
from storage.exceptions import LATE, SEAL_DELAY, exceptions
from storage.pool import connection

_NO_PLACE: Final = mark(
    "{name} is neither an organisation nor a dialogue (organisation:name)."
)
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
    by: str,
    late: float = LATE_SECONDS,
    seal_delay: float = SEAL_SECONDS,
) -> Unusual:
    """Look everywhere, in an organisation or in one stream; delays in seconds.

    That ``by`` looked is noted. Raises `DeskError` for a place that can't be.
    """
    place = _place(where)
    async with connection(desk.pool) as conn:
        found = await exceptions(
            conn,
            place,
            late=timedelta(seconds=late),
            seal_delay=timedelta(seconds=seal_delay),
        )
    asked = {"late": round(late), "sealDelay": round(seal_delay)}
    target, rows = where or EVERYTHING, len(found.exceptions)
    await note(desk, by, "exceptions", target, asked, rows=rows)
    return Unusual([*found.exceptions], found.more)


def _place(where: str | None) -> Place:
    if where is None:
        return Place()
    if not is_stream(where if ":" in where else f"{where}:{where}"):
        raise DeskError(_NO_PLACE, name=where)
    return Place(stream=where) if ":" in where else Place(organisation=where)


def document(one: Exceptional) -> dict[str, Any]:
    """Give one of them as JSON."""
    return {**one._asdict(), "at": written(one.at), "facts": dict(one.facts)}

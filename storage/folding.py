"""A dialogue is what its events make it: any moment of it can be folded again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.events import from_body
from domain.evolve import evolve
from domain.state import Dialogue
from storage.errors import UnknownStream
from storage.giving_way import GivingWay
from storage.pool import Source, connection
from storage.projecting import Projections
from storage.statements import statement

_SHELF: Final = Projections()
"""Methods and calendars that were read already: they are known by their hash."""


class Moment(NamedTuple):
    """The whole state of a dialogue after one of its events, handled commands too."""

    state: Dialogue
    seq: int
    hash: str
    at: datetime


async def fold_stream(
    source: Source,
    stream: str,
    *,
    until_seq: int | None = None,
    until: datetime | None = None,
) -> Moment:
    """Fold a dialogue from its events: all, or those up to a place or an instant.

    ``until`` is compared with the events' own ``at``, inclusive. With neither it is
    what a restored workflow continues from. Raises ``UnknownStream`` where there is
    no event to fold, and ``UnknownContent`` where a method or calendar is missing.
    """
    where = {"stream": stream, "until_seq": until_seq, "until": until}
    moment: Moment | None = None
    async with connection(source) as conn:
        cursor = await conn.execute(statement("projections", "events_until"), where)
        way = GivingWay()
        for body, digest in await cursor.fetchall():
            await way.now_and_then()
            members: dict[str, Any] = json.loads(body)
            contents = await _SHELF.contents(conn, [members])
            event = from_body(members, contents)
            state = evolve(moment.state if moment else None, event)
            moment = Moment(state, event.seq, digest, event.at)
    if moment is None:
        raise UnknownStream(f"no event of {stream} is on record up to then")
    return moment

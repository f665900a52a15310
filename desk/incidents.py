"""Incidents that are open, and closing one, for whoever keeps the servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from desk.desk import Desk
from desk.errors import NotFound, Refused
from domain.facts import written
from domain.incidents import How
from evidence.canonical import JsonValue
from language import mark
from storage import open_incidents as kept
from storage.errors import CauseTaken

_NONE: Final = mark("There is no incident {id}. See: polder audit incidents")
_NO_WAY: Final = mark("An incident is closed as one of: {known}.")
_CLOSED: Final = mark("Incident {id} was closed before, in another way.")
_WAYS: Final[Mapping[str, How]] = {str(way): way for way in get_args(How)}


async def open_incidents(desk: Desk, stream: str | None = None) -> list[dict[str, Any]]:
    """Give what nobody closed, newest first, each with what an operator must do."""
    return [
        {**one._asdict(), "at": written(one.at), "todo": one.todo}
        for one in await kept.still_open(desk.pool, stream)
    ]


async def close(
    desk: Desk, incident: str, how: str, actor: Mapping[str, JsonValue]
) -> None:
    """Put on record how an incident was dealt with. Raises `NotFound`, `Refused`."""
    way = _WAYS.get(how)
    if way is None:
        facts = {"known": ", ".join(_WAYS)}
        raise Refused("UnknownWay", _NO_WAY.format_map(facts), facts, template=_NO_WAY)
    if await kept.stream_of(desk.pool, incident) is None:
        raise NotFound(_NONE, id=incident)
    await kept.note(desk.pool)
    try:
        await kept.close(desk.pool, incident, way, actor)
    except CauseTaken as error:
        facts = {"id": incident}
        message = _CLOSED.format_map(facts)
        raise Refused("IncidentClosed", message, facts, template=_CLOSED) from error

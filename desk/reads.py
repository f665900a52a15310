"""Whoever reads the past does so on record: the line comes before the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from desk.desk import Desk
from domain.facts import written
from storage.reads import PAGE, LoggedRead, Read
from storage.reads import note as put
from storage.reads import reads as fetch

EVERYTHING = "*"

MOST: Final = 2_000
"""So many signs of JSON of what was asked are kept as they are."""

_LONG: Final = 200
_MANY: Final = 20

UNNAMED = "unnamed"
"""Who read something, where nobody was named."""


async def note(
    desk: Desk,
    by: str,
    what: str,
    target: str,
    filters: Mapping[str, Any],
    *,
    rows: int,
    size: int | None = None,
    opened: bool = False,
) -> None:
    """Put on record that ``by`` read something, before it is shown.

    ``target`` is a stream, an organisation, or `EVERYTHING`; ``rows`` counts events.
    """
    read = Read(by, what, target, brief(filters), size, rows, opened)
    await put(desk.pool, read)


def brief(filters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what was asked, or the beginning of it where somebody asked at length.

    What is typed comes into the log of reads, and stays there: so it has an end. What
    was shortened says so, in the member ``shortened``.
    """
    if len(json.dumps(filters, default=str)) <= MOST:
        return filters
    told = {_short(name): _short(value) for name, value in [*filters.items()][:_MANY]}
    return {**told, "shortened": True}


def _short(value: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    if isinstance(value, str):
        return value[:_LONG]
    if isinstance(value, list | tuple):
        return [_short(each) for each in cast("Sequence[Any]", value)[:_MANY]]
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return str(dict([*members.items()][:_MANY]))[:_LONG]
    return value


async def reads(
    desk: Desk,
    *,
    who: str | None = None,
    target: str | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[LoggedRead]:
    """Give who read what, newest first; ``before`` is the id of a line."""
    found = await fetch(desk.pool, before=before, who=who, target=target, limit=limit)
    return list(found)


def told(read: LoggedRead) -> dict[str, Any]:
    """Give a line of the log as JSON."""
    return {**read._asdict(), "at": written(read.at)}

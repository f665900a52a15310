"""Whoever reads the past does so on record: the line comes before the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.desk import Desk
from domain.facts import written
from storage.reads import PAGE, LoggedRead, Read
from storage.reads import note as put
from storage.reads import reads as fetch

EVERYTHING = "*"

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
    read = Read(by, what, target, filters, size, rows, opened)
    await put(desk.pool, read)


async def reads(
    desk: Desk, *, who: str | None = None, target: str | None = None, limit: int = PAGE
) -> list[LoggedRead]:
    """Give who read what, newest first."""
    return list(await fetch(desk.pool, who=who, target=target, limit=limit))


def told(read: LoggedRead) -> dict[str, Any]:
    """Give a line of the log as JSON."""
    return {**read._asdict(), "at": written(read.at)}

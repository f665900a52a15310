"""All that an organisation has under way is counted and listed, by any filter.

One statement counts where dialogues stand, one gives a page of them; when things
happened in these is read from the events that their states name. No state is folded,
and none is read whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, TypeVar

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement

_Row = TypeVar("_Row")

Order = Literal["deadline", "title", "phase", "attention", "started", "updated"]

_LOOKED_AT: Final = 500
"""In how many dialogues roles are looked for: who has more holds the same ones."""

ANY_ROLE: Final = ""
"""Asks for dialogues in which somebody holds a role, whichever it is."""


class Asked(NamedTuple):
    """Which dialogues of an organisation; None leaves all.

    ``text`` is looked for in titles and names. ``role`` is one that ``actor`` holds, or
    `ANY_ROLE`. ``late`` are the urgencies of what is overdue at ``now``, a real
    moment.
    """

    organisation: str
    now: datetime
    late: tuple[int, ...]
    actor: str
    only: str | None = None
    text: str | None = None
    status: str | None = None
    method: str | None = None
    phase: str | None = None
    role: str | None = None
    attention: bool = False
    overdue: bool = False

    @property
    def where(self) -> dict[str, Any]:
        """Give all this as the statements take it."""
        found = self._asdict()
        text = found.pop("text")
        return {**found, "late": list(self.late), "like": _like(text) if text else None}


class Standing(NamedTuple):
    """How many dialogues have one status in one phase of one method."""

    status: str
    method: str
    phase: str
    method_hash: str
    """Of one of them: those of another version may have other phases."""
    dialogues: int
    open_windows: int
    attention: int
    overdue: int


class Row(NamedTuple):
    """One dialogue of a page; ``kind`` and ``target`` are those of what is due next.

    ``overdue`` counts what is, ``attention`` what has failed or waits for a person.
    """

    stream: str
    title: str
    status: str
    phase: str
    step: str | None
    method: str
    method_version: str
    method_hash: str
    calendar_hash: str
    zone: str
    clock: Mapping[str, Any]
    next_deadline: datetime | None
    kind: str | None
    target: str | None
    open_windows: int
    attention: int
    started_at: datetime
    updated_at: datetime
    overdue: int
    amendments: Sequence[Mapping[str, Any]]


class RoleRow(NamedTuple):
    """A role that somebody holds, with a method that has it."""

    role: str
    method_hash: str


class RoundRow(NamedTuple):
    """A round of a step: when it began, ended, and was voided by a revisit."""

    stream: str
    step: str
    number: int
    status: str
    began: datetime
    ended: datetime | None
    voided: datetime | None


class RunRow(NamedTuple):
    """An opening of a window: open in [opened, closes)."""

    stream: str
    window: str
    run: int
    status: str
    opened: datetime
    closes: datetime


class DayRow(NamedTuple):
    """A date to keep; ``due`` is where that day ends."""

    stream: str
    title: str
    due: datetime


class AheadRow(NamedTuple):
    """Something to come: a window that closes, a date to keep or a meeting."""

    stream: str
    title: str
    method_hash: str
    calendar_hash: str
    zone: str
    clock: Mapping[str, Any]
    amendments: Sequence[Mapping[str, Any]]
    kind: str
    target: str
    due: datetime
    """Exclusive; of a meeting when it begins. In dialogue time."""


async def standing(source: Source, asked: Asked) -> list[Standing]:
    """Return how many dialogues stand where, whatever status and phase are asked."""
    return await _rows(source, Standing, "standing", asked.where)


async def page(
    source: Source, asked: Asked, order: Order, *, down: bool, limit: int, offset: int
) -> list[Row]:
    """Return at most ``limit`` dialogues that fit, after the first ``offset``."""
    ordered = {"sort": order, "down": down, "limit": limit, "offset": offset}
    return await _rows(source, Row, "page", asked.where | ordered)


async def roles(
    source: Source, organisation: str, actor: str, only: str | None = None
) -> list[RoleRow]:
    """Return the roles that somebody holds in an organisation's dialogues."""
    where = {"organisation": organisation, "actor": actor, "only": only}
    return await _rows(source, RoleRow, "roles", {**where, "limit": _LOOKED_AT})


async def rounds(source: Source, streams: Sequence[str]) -> list[RoundRow]:
    """Return the rounds of all steps in these dialogues, in dialogue time."""
    return await _rows(source, RoundRow, "rounds", {"streams": list(streams)})


async def runs(source: Source, streams: Sequence[str]) -> list[RunRow]:
    """Return the openings of all windows in these dialogues, in dialogue time."""
    return await _rows(source, RunRow, "runs", {"streams": list(streams)})


async def days(source: Source, streams: Sequence[str]) -> list[DayRow]:
    """Return the dates that are to be kept in these dialogues, in dialogue time."""
    return await _rows(source, DayRow, "days", {"streams": list(streams)})


async def ahead(
    source: Source,
    actor: str,
    organisation: str,
    since: datetime,
    *,
    only: str | None = None,
    limit: int,
) -> list[AheadRow]:
    """Return what comes after a moment where somebody holds a role, first of all."""
    where = {"actor": actor, "organisation": organisation, "since": since}
    return await _rows(
        source, AheadRow, "ahead", {**where, "only": only, "limit": limit}
    )


def _like(text: str) -> str:
    """Give a pattern of whatever has this text in it; nothing in it is a sign."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


async def _rows(
    source: Source, row: type[_Row], name: str, where: Mapping[str, Any]
) -> list[_Row]:
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(row))
        # Never prepared: a plan for any filter and none reads everything.
        await cursor.execute(statement("portfolio", name), where, prepare=False)
        return await cursor.fetchall()

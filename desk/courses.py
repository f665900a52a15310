"""The course of dialogues in time: when phases were under way and windows were open.

All in dialogue time, read from the events that a state names. A phase that was opened
again by a revisit has a stretch for each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from desk.desk import Desk
from desk.overseen import Seen
from domain.method import Phase
from storage.pool import connection
from storage.portfolio import (
    DayRow,
    RoundRow,
    RunRow,
    days,
    rounds,
    runs,
)

__all__ = ["Course", "Day", "Opening", "Stretch", "courses"]

_OVER = frozenset({"completed", "cancelled", "archived"})
_DONE = frozenset({"completed", "skipped"})

_Row = TypeVar("_Row", RoundRow, RunRow, DayRow)


class Stretch(NamedTuple):
    """A time in which a phase was under way; where ``ends`` is None it still is.

    ``number`` is the place of the phase in the plan, ``round`` is more than 1 where a
    revisit opened it again.
    """

    phase: str
    title: str
    number: int
    round: int
    begins: datetime
    ends: datetime | None


class Opening(NamedTuple):
    """An opening of a window, in [opens, closes): open, closed or voided."""

    window: str
    title: str
    run: int
    status: str
    opens: datetime
    closes: datetime


class Day(NamedTuple):
    """A date that the organisation has to keep; ``ends`` is where that day does."""

    title: str
    ends: datetime


class Course(NamedTuple):
    """What happened when in one dialogue, and what is to come, in order."""

    stretches: tuple[Stretch, ...]
    openings: tuple[Opening, ...]
    days: tuple[Day, ...]


async def courses(desk: Desk, lines: Sequence[Seen]) -> tuple[Course, ...]:
    """Give the course of each of these dialogues."""
    streams = [line.row.stream for line in lines]
    async with connection(desk.pool) as conn:
        worked = _by_stream(await rounds(conn, streams))
        opened = _by_stream(await runs(conn, streams))
        dated = _by_stream(await days(conn, streams))
    return tuple(
        Course(
            tuple(_stretches(line, worked[line.row.stream])),
            tuple(_openings(line, opened[line.row.stream])),
            tuple(Day(day.title, day.due) for day in dated[line.row.stream]),
        )
        for line in lines
    )


def _by_stream(rows: Iterable[_Row]) -> Mapping[str, list[_Row]]:
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.stream].append(row)
    return found


def _openings(line: Seen, opened: Iterable[RunRow]) -> Iterator[Opening]:
    for run in opened:
        title = line.titles.window(run.window)
        yield Opening(run.window, title, run.run, run.status, run.opened, run.closes)


def _stretches(line: Seen, worked: Sequence[RoundRow]) -> Iterator[Stretch]:
    for number, phase in enumerate(line.titles.plan.phases, 1):
        steps = {step.id for step in phase.steps}
        inside = [row for row in worked if row.step in steps]
        passes = _passes(row for row in inside if row.status != "voided")
        for times, rows in enumerate(passes, 1):
            last = times == len(passes)
            open_now = last and _is_open(line, phase, inside)
            ends = None if open_now else max(map(_ended, rows))
            title = line.titles.text(phase.title)
            begins = min(row.began for row in rows)
            yield Stretch(phase.id, title, number, times, begins, ends)


def _passes(rows: Iterable[RoundRow]) -> list[list[RoundRow]]:
    """Take rounds together up to where a revisit begins others."""
    found: list[list[RoundRow]] = []
    for row in sorted(rows, key=lambda row: (row.began, row.number)):
        if found and row.number <= max(each.number for each in found[-1]):
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _ended(row: RoundRow) -> datetime:
    return row.ended or row.voided or row.began


def _is_open(line: Seen, phase: Phase, inside: Iterable[RoundRow]) -> bool:
    """Whether a phase that was begun has something left to do."""
    if line.row.status in _OVER:
        return False
    last = {row.step: row.status for row in inside}
    return any(last.get(step.id) not in _DONE for step in phase.steps)

"""What needs somebody today, over all dialogues: the work list of a process director.

Most urgent first: what went wrong or is past its date, what is due within a week, who
is silent, what waits, and then what can simply be gone on with. Each task names the one
act that would help, and only acts that this reader may do.

It is read from what every dialogue asks (`domain.asked`), kept with the record: no
state is read, however many dialogues there are.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from desk.desk import Desk
from desk.reading import calendar_of
from desk.tasks import Moment, Task, task_of
from domain.asked import ANYBODY
from domain.asks import ORDER, urgency
from domain.clock import Clock, to_dialogue_time
from storage import waiting
from storage.needs import read_ask
from storage.pool import Connection, connection
from storage.waiting import After, WaitingRow

__all__ = ["ORDER", "PAGE", "Task", "Today", "counts", "today"]

PAGE: Final = 100
"""How many tasks come at once, unless another number is asked for."""


class Today(NamedTuple):
    """A page of what needs somebody, most urgent first.

    ``counts`` says how many tasks of each kind there are at this moment, on this page
    and all others; ``after`` is what to ask the next page with, None on the last.
    """

    tasks: tuple[Task, ...]
    counts: Mapping[str, int]
    after: str | None


async def today(  # noqa: PLR0913 (whose, where, which, and from where on)
    desk: Desk,
    actor: str | None,
    lang: str,
    organisation: str | None = None,
    *,
    only: str | None = None,
    kinds: Collection[str] = (),
    after: str | None = None,
    limit: int = PAGE,
    now: datetime | None = None,
) -> Today:
    """Give what needs this actor, or anybody, a page at a time.

    ``only`` is the one dialogue that is looked at: of others nothing is told, in
    numbers neither. ``kinds`` leaves those that are named. What can't be read comes
    with the first page. ``now`` is a real moment, by default this one. Raises
    ``ValueError`` for an ``after`` that no page gave.
    """
    now = now or datetime.now(UTC)
    ended = _read(after) if after else None
    async with connection(desk.pool) as conn:
        where = organisation, only
        unreadable = await _unreadable(conn, actor, where, kinds)
        numbers = await _numbers(conn, actor, now, where, kinds)
        rows = await waiting.page(
            conn,
            actor or ANYBODY,
            now,
            _first_of(numbers, ended, limit + 1),
            organisation=organisation,
            only=only,
            after=ended,
            limit=limit + 1,
        )
        tasks = [await _task(conn, row, now, lang, actor) for row in rows[:limit]]
    return Today(
        (*(() if after else unreadable), *tasks),
        _by_kind(numbers, len(unreadable)),
        _written(rows[limit - 1].after) if len(rows) > limit else None,
    )


async def counts(
    desk: Desk,
    actor: str | None,
    organisation: str | None = None,
    *,
    only: str | None = None,
) -> Mapping[str, int]:
    """Give how many tasks of each kind there are for this actor, or for anybody."""
    now = datetime.now(UTC)
    async with connection(desk.pool) as conn:
        unreadable = await _unreadable(conn, actor, (organisation, only), ())
        numbers = await _numbers(conn, actor, now, (organisation, only), ())
    return _by_kind(numbers, len(unreadable))


async def _numbers(
    conn: Connection,
    actor: str | None,
    now: datetime,
    where: tuple[str | None, str | None],
    kinds: Collection[str],
) -> dict[int, int]:
    found = await waiting.counts(conn, actor or ANYBODY, now, *where)
    wanted = {urgency(kind) for kind in kinds or ORDER}
    return {number: count for number, count in found.items() if number in wanted}


async def _unreadable(
    conn: Connection,
    actor: str | None,
    where: tuple[str | None, str | None],
    kinds: Collection[str],
) -> tuple[Task, ...]:
    kind = "unreadable"
    if kinds and kind not in kinds:
        return ()
    found = await waiting.unknown(conn, actor, *where)
    return tuple(Task(row.stream, row.title, kind, "", row.stream) for row in found)


def _by_kind(numbers: Mapping[int, int], unreadable: int) -> Mapping[str, int]:
    found = {ORDER[number]: count for number, count in sorted(numbers.items())}
    return {"unreadable": unreadable, **found} if unreadable else found


def _first_of(
    numbers: Mapping[int, int], ended: After | None, wanted: int
) -> list[int]:
    """Give the urgencies that a page can come from: the others need not be read."""
    begun = ended.urgency if ended else 0
    found: list[int] = []
    room = 0
    for number in sorted(numbers):
        if number >= begun and room < wanted:
            found.append(number)
            # How much of the one that the last page ended in is left is not known.
            room += 0 if ended and number == begun else numbers[number]
    return found


async def _task(
    conn: Connection, row: WaitingRow, now: datetime, lang: str, actor: str | None
) -> Task:
    calendar = await calendar_of(conn, row.calendar_hash)
    then = to_dialogue_time(Clock.model_validate(row.clock), now)
    at = Moment(row.stream, row.title, calendar, then)
    ask = read_ask(row.kind, row.id, row.target, row.data)
    task = task_of(ask, at, lang, actor)
    return task._replace(role=row.role, silent=tuple(row.silent))


def _written(after: After) -> str:
    return base64.urlsafe_b64encode(json.dumps(after).encode()).decode().rstrip("=")


def _read(after: str) -> After:
    padded = after + "=" * (-len(after) % 4)
    try:
        told = After(*json.loads(base64.urlsafe_b64decode(padded)))
        day = datetime.fromisoformat(told.falls_due)
    except (ValueError, TypeError, RecursionError):
        day = told = None
    if told is None or not _fits(told):
        message = "no page of today ended there"
        raise ValueError(message)
    return told._replace(falls_due=str(day))


def _fits(ended: tuple[Any, ...]) -> bool:
    """Whether all of it can be a place in the list, as a database takes it."""
    urgent, _, stream, place, name = ended
    return (
        all(type(each) is int for each in (urgent, place))
        and all(isinstance(each, str) and "\x00" not in each for each in (stream, name))
        and 0 <= urgent < len(ORDER)
        and 0 <= place < 2**63
    )

"""What an organisation's stream says of its suspensions, and whom they hold."""

from __future__ import annotations

from typing import Any, NamedTuple

from psycopg.rows import class_row
from pydantic import ValidationError

from domain.facts import Actor
from domain.suspensions import SUSPENSION_EVENTS, Noted, Suspension, fold_suspensions
from storage import ownlog
from storage.house import stream_of
from storage.pool import Source, connection
from storage.statements import statement


class Held(NamedTuple):
    """A dialogue whose windows can run, with the suspensions that hold it."""

    stream: str
    slug: str
    status: str
    suspended: list[str]


async def suspensions(source: Source, organisation: str) -> dict[str, Suspension]:
    """Return them as they are on record now, by id, in order.

    What is no event that Polder makes says nothing.
    """
    noted = await ownlog.events(source, stream_of(organisation), SUSPENSION_EVENTS)
    read = (_noted(one) for one in noted)
    return fold_suspensions(one for one in read if one is not None)


def _noted(one: ownlog.Noted) -> Noted | None:
    data: dict[str, Any] = dict(one.data)
    for pointer, commitment in one.private.items():
        data[pointer.removeprefix("/")] = {"commitment": commitment}
    try:
        return Noted(
            seq=one.seq,
            at=one.at,
            actor=Actor.model_validate(one.actor),
            fact=SUSPENSION_EVENTS[one.type].model_validate(data),
        )
    except ValidationError:
        return None


async def organisations(source: Source) -> tuple[str, ...]:
    """Return the organisations that ever suspended their windows."""
    async with connection(source) as conn:
        cursor = await conn.execute(statement("suspensions", "organisations"))
        rows = await cursor.fetchall()
    return tuple(str(row[0]).removeprefix("org:") for row in rows)


async def dialogues(source: Source, organisation: str) -> tuple[Held, ...]:
    """Return the dialogues of an organisation whose windows can run, by name."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Held))
        where = {"organisation": organisation}
        await cursor.execute(statement("suspensions", "dialogues"), where)
        return tuple(await cursor.fetchall())


class Touched(NamedTuple):
    """A dialogue that would stand still, with how many of its windows are open."""

    stream: str
    title: str
    status: str
    open_windows: int


class Reach(NamedTuple):
    """What a suspension would reach: how many of each, and the first of them."""

    dialogues: int
    windows: int
    first: tuple[Touched, ...]


async def reach(source: Source, organisation: str, limit: int) -> Reach:
    """Say what a suspension of an organisation would stop now; changes nothing."""
    where = {"organisation": organisation, "limit": limit}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Touched))
        await cursor.execute(statement("suspensions", "touched"), where)
        first = tuple(await cursor.fetchall())
        counted = await conn.execute(statement("suspensions", "touched_in_all"), where)
        row = await counted.fetchone()
    assert row is not None  # noqa: S101  (a count gives one row)
    return Reach(int(row[0]), int(row[1]), first)

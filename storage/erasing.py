"""What was decided to go leaves the vault with the event that says so, or not at all.

Everything here may be done again at any time. What was granted stands in the vault
until it is done (`Job`), with the places that events still have to name (`Part`); the
database destroys a place's value in the transaction in which its event is recorded, and
only there. So at every moment a field has a value or an event, and never both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from psycopg.rows import class_row

from storage.pool import Pool, Source, connection
from storage.statements import statement
from storage.walls import Walled

_PAUSE: Final = 0.05


class Job(NamedTuple):
    """An erasure that was granted and is not done."""

    organisation: str
    erasure: str
    subject: str
    waiting: int
    """How many values were destroyed that no event committed to yet."""


class Part(NamedTuple):
    """What one event has to name: places as (seq, JSON pointer), in order."""

    stream: str
    cause: str
    paths: tuple[tuple[int, str], ...]


class Waiting(NamedTuple):
    """A request to erase that nobody decided on yet, and when it was made."""

    organisation: str
    erasure: str
    at: datetime


class Made(NamedTuple):
    """An event that an erasure made, and how many fields it names."""

    stream: str
    seq: int
    hash: str
    fields: int


class Decided(NamedTuple):
    """What was decided about an erasure: the code of its ground, and its reference."""

    erasure: str
    ground: str
    authority: str


@asynccontextmanager
async def alone(pool: Pool, organisation: str) -> AsyncGenerator[None]:
    """Hold off others who erase, destroy, place or lift a hold in an organisation.

    So that a hold, once placed, holds everything that comes after it. Where the
    connection is lost the next one goes ahead; the database still sees to it that
    nothing goes that was not decided.
    """
    where = {"organisation": organisation}
    async with connection(pool) as conn:
        await conn.execute(statement("erasing", "alone"), where)
        try:
            yield
        finally:
            await conn.execute(statement("erasing", "release"), where)


@asynccontextmanager
async def asking(pool: Pool, organisation: str) -> AsyncGenerator[None]:
    """Hold off others who ask for an erasure, between looking and asking.

    Who waits holds no connection, so that many who ask leave some for the one whose
    turn it is.
    """
    where = {"organisation": organisation}
    while True:
        async with connection(pool) as conn:
            cursor = await conn.execute(statement("erasing", "try_asking"), where)
            if await cursor.fetchone() == (True,):
                try:
                    yield
                finally:
                    await conn.execute(statement("erasing", "done_asking"), where)
                return
        await asyncio.sleep(_PAUSE)


async def holds(
    source: Source,
    organisation: str,
    *,
    dialogue: str | None = None,
    subject: str | None = None,
) -> tuple[str, ...]:
    """Return the ids of the holds that stand on a dialogue, on a person, or on all.

    One on a person whose text is gone (`without_person`) may be on anybody, and holds
    all.
    """
    where = {"organisation": organisation, "dialogue": dialogue, "subject": subject}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("erasing", "holds"), where)
        row = await cursor.fetchone()
    return tuple(row[0]) if row else ()


async def without_person(source: Source, organisation: str) -> tuple[str, ...]:
    """Return the holds on a person of which nobody can tell any more on whom."""
    where = {"organisation": organisation}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("erasing", "without_person"), where)
        return tuple(str(row[0]) for row in await cursor.fetchall())


async def begin(source: Source, organisation: str, erasure: str, subject: str) -> bool:
    """Begin an erasure; False where it was begun before, or is done.

    Raises ``psycopg.errors.InsufficientPrivilege`` where it was not granted for this
    person.
    """
    where = {"organisation": organisation, "erasure": erasure, "subject": subject}
    async with connection(source) as conn:
        row = await (
            await conn.execute(statement("erasing", "begin"), where)
        ).fetchone()
    return row is not None and bool(row[0])


async def prepare(source: Source, job: Job) -> None:
    """Destroy what waits for an event, and name what is on record about the person.

    Again, it finds what came in since.
    """
    async with connection(source) as conn:
        await conn.execute(statement("erasing", "prepare"), _of(job))


async def jobs(
    source: Source, organisation: str | None = None, erasure: str | None = None
) -> tuple[Job, ...]:
    """Return the erasures that were granted and are not done, oldest first.

    Behind the wall nobody carries any out, and nothing is told of them.
    """
    if isinstance(source, Walled):
        return ()
    where = {"organisation": organisation, "erasure": erasure}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Job))
        await cursor.execute(statement("erasing", "jobs"), where)
        return tuple(await cursor.fetchall())


async def parts(
    source: Source, *, stream: str | None = None, job: Job | None = None
) -> tuple[Part, ...]:
    """Return what events still have to name, in one stream or for one erasure."""
    of_job = _of(job) if job else {"organisation": None, "erasure": None}
    async with connection(source) as conn:
        query = statement("erasing", "places")
        rows = await (
            await conn.execute(query, {"stream": stream, **of_job})
        ).fetchall()
    return _parts(rows)


def _parts(rows: Iterable[Sequence[Any]]) -> tuple[Part, ...]:
    return tuple(
        Part(*place, tuple((seq, path) for _, _, seq, path in group))
        for place, group in groupby(rows, key=lambda row: (row[0], row[1]))
    )


async def approved(source: Source, stream: str) -> tuple[Part, ...]:
    """Return what a dialogue may name now: nothing that a hold covers meanwhile."""
    async with connection(source) as conn:
        query = statement("erasing", "approved")
        rows = await (await conn.execute(query, {"stream": stream})).fetchall()
    return _parts(rows)


async def granted(source: Source) -> tuple[tuple[str, str], ...]:
    """Return the erasures that were granted and are not executed: (organisation, id).

    Begun or not: a crash may have come right after the decision.
    """
    async with connection(source) as conn:
        cursor = await conn.execute(statement("erasing", "granted"))
        return tuple((row[0], row[1]) for row in await cursor.fetchall())


async def dialogues(source: Source, organisation: str, subject: str) -> tuple[str, ...]:
    """Return the streams in which something is kept about a person."""
    where = {"organisation": organisation, "subject": subject}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("erasing", "dialogues"), where)
        return tuple(row[0] for row in await cursor.fetchall())


async def left(source: Source, organisation: str, subject: str) -> int:
    """Return how many values about a person are in the vault."""
    where = {"organisation": organisation, "subject": subject}
    async with connection(source) as conn:
        row = await (await conn.execute(statement("erasing", "left"), where)).fetchone()
    return int(row[0]) if row else 0


async def asked(source: Source, organisation: str | None) -> tuple[Waiting, ...]:
    """Return the requests of one organisation or all that nobody decided on.

    Oldest first.
    """
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Waiting))
        query = statement("erasing", "asked")
        await cursor.execute(query, {"organisation": organisation})
        return tuple(await cursor.fetchall())


async def made(source: Source, organisation: str, causes: str) -> tuple[Made, ...]:
    """Return the events of an erasure, whose causes begin so."""
    where = {"organisation": organisation, "causes": causes}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Made))
        await cursor.execute(statement("erasing", "done"), where)
        return tuple(await cursor.fetchall())


async def finish(source: Source, organisation: str, erasure: str) -> bool:
    """Forget a job that is done, and with it the person; False where it is not."""
    where = {"organisation": organisation, "erasure": erasure}
    async with connection(source) as conn:
        query = statement("erasing", "finish")
        row = await (await conn.execute(query, where)).fetchone()
    return row is not None and bool(row[0])


async def reasons(source: Source, organisation: str) -> dict[str, Decided]:
    """Return what was decided about each erasure of an organisation."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Decided))
        query = statement("erasing", "reasons")
        await cursor.execute(query, {"organisation": organisation})
        return {found.erasure: found for found in await cursor.fetchall()}


def _of(job: Job) -> dict[str, str]:
    return {"organisation": job.organisation, "erasure": job.erasure}

"""Projections are disposable: folded again from nothing, they come out the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from evidence.chain import Finding
from storage.destroying import destroyed
from storage.lists import Lists
from storage.pool import Connection, connection
from storage.projecting import Projections
from storage.projection import FORM, Rows, is_dialogue, lay_out
from storage.statements import statement


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many dialogues were folded again, and what was not as it should be."""

    dialogues: int
    differences: tuple[Finding, ...]


async def rebuild(conn: Connection) -> Rebuilt:
    """Fold all projections again from the record, and put them in place.

    ``conn`` must not be in a transaction: each dialogue is one of its own, in which
    appends to it wait. What differed is reported, and is right afterwards.
    """
    async with connection(conn):
        return await _rebuild_all(conn)


async def renew(conn: Connection) -> Rebuilt:
    """Make the rows again that a program with another form made, and no others.

    As `rebuild` does; it goes on where an earlier one was broken off.
    """
    shelf = Projections()
    found: list[Finding] = []
    async with connection(conn):
        query = statement("projections", "of_another_form")
        cursor = await conn.execute(query, {"form": FORM})
        streams = await cursor.fetchall()
        for (stream,) in streams:
            async with conn.transaction():
                found += await _rebuild(conn, stream, shelf)
    return Rebuilt(len(streams), tuple(found))


async def _rebuild_all(conn: Connection) -> Rebuilt:
    shelf = Projections()
    found: list[Finding] = []
    dialogues = 0
    streams = await (await conn.execute(statement("projections", "streams"))).fetchall()
    gone = await destroyed(conn)
    for (stream,) in streams:
        if is_dialogue(stream) and stream not in gone:
            async with conn.transaction():
                found += await _rebuild(conn, stream, shelf)
            dialogues += 1
    return Rebuilt(dialogues, tuple(found))


async def _rebuild(conn: Connection, stream: str, shelf: Projections) -> list[Finding]:
    where = {"stream": stream}
    row = await (await conn.execute(statement("projections", "lock"), where)).fetchone()
    if row is None:
        await conn.execute(statement("projections", "forget"), where)
        return [Finding(stream, None, "projection", "of a stream not on record")]
    try:
        lists = Lists()
        folded = await shelf.from_record(conn, stream, row[0], lists)
        rows = None if folded is None else lay_out(folded, lists)[1]
    except psycopg.Error:
        raise
    except Exception as error:  # noqa: BLE001 - a dialogue that fails hides no other
        detail = f"could not be folded: {type(error).__name__}"
        return [Finding(stream, None, "fold", detail)]
    if rows is None:
        detail = "the events do not lead to the head: verify"
        return [Finding(stream, None, "projection", detail)]
    differing = await differences(conn, stream, rows)
    if differing:
        await conn.execute(statement("projections", "put"), rows._asdict())
    await conn.execute(statement("projections", "repaired"), where)
    return [
        Finding(stream, None, "projection", f"{name} was not what the events make it")
        for name in differing
    ]


async def differences(conn: Connection, stream: str, rows: Rows) -> list[str]:
    """Name what differs between the rows held for a dialogue and these."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        query = statement("projections", "compare")
        await cursor.execute(query, {"stream": stream, **rows._asdict()})
        row: dict[str, Any] | None = await cursor.fetchone()
    if row is None or row["held"] is None:
        return ["the whole row"]
    made: dict[str, Any] = row["made"]
    differing = [name for name, value in made.items() if row["held"][name] != value]
    if row["held_due"] != row["made_due"]:
        differing.append("deadlines")
    differing += (f"part {name}" for name in row["parts"] or ())
    differing += (f"list of {kind}" for kind in row["lists"] or ())
    return [*differing, *(f"need {kind}" for kind in row["needs"] or ())]

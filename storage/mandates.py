"""An organisation's mandates are folded from its own stream whenever they are asked."""

from __future__ import annotations

import json
from typing import Any

from psycopg.rows import dict_row
from pydantic import ValidationError

from domain.mandates import (
    MANDATE_EVENTS,
    Mandates,
    Recorded,
    fold_mandates,
    stream_of,
)
from evidence.event import parse_instant
from storage.pool import Source, connection
from storage.statements import statement


async def mandates(source: Source, organisation: str) -> Mandates:
    """Return all mandates of an organisation, those that ended too."""
    where = {"stream": stream_of(organisation), "types": [*MANDATE_EVENTS]}
    async with (
        connection(source) as conn,
        conn.cursor(row_factory=dict_row) as cursor,
    ):
        await cursor.execute(statement("mandates", "of_stream"), where)
        rows = await cursor.fetchall()
    found = [_read(row["hash"], json.loads(row["body"])) for row in rows]
    return fold_mandates(organisation, [each for each in found if each is not None])


def _read(digest: str, members: dict[str, Any]) -> Recorded | None:
    """Read an event; None for one that a later program wrote, which gives nothing."""
    data = dict(members["data"])
    for pointer, committed in members["private"].items():
        data[pointer.removeprefix("/")] = {"commitment": committed}
    try:
        fact = MANDATE_EVENTS[members["type"]].model_validate(data)
    except ValidationError:
        return None
    at = parse_instant(members["at"])
    return Recorded(members["seq"], digest, at, members["actor"]["id"], fact)


async def hash_at(source: Source, stream: str, seq: int) -> str | None:
    """Return the hash of an event, in hex, or None where there is none."""
    where = {"stream": stream, "seq": seq}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("mandates", "hash_at"), where)
        row = await cursor.fetchone()
    return None if row is None else str(row[0])

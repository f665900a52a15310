"""What no desk vouches for: acts that came unsigned, and keys that nobody brought."""

from __future__ import annotations

from typing import Any

from psycopg.rows import dict_row

from domain.signed_facts import key_id
from storage.exceptional import MOST, Exceptional, Place
from storage.pool import Connection
from storage.statements import statement


async def strange_keys(conn: Connection, place: Place) -> list[Exceptional]:
    """Return the desk keys that dialogues trust and their organisations never did."""
    return [
        Exceptional(
            "strange_key",
            row["stream"],
            row["seq"],
            row["at"],
            "strange_key",
            {"key": key_id(row["public"]), "actor": row["actor_id"]},
        )
        for row in await _rows(conn, "strange_keys", place)
    ]


async def unsigned_acts(conn: Connection, place: Place) -> list[Exceptional]:
    """Return what was done unsigned in a role of people, where desks sign."""
    return [
        Exceptional(
            "unsigned",
            row["stream"],
            row["seq"],
            row["at"],
            "unsigned",
            {"type": row["type"], "actor": row["actor_id"], "role": row["actor_role"]},
        )
        for row in await _rows(conn, "unsigned_acts", place)
    ]


async def _rows(conn: Connection, name: str, place: Place) -> list[dict[str, Any]]:
    where = {**place._asdict(), "limit": MOST + 1}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement("vouching", name), where)
        return await cursor.fetchall()

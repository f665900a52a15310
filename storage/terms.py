"""A term that is made shorter lets a dossier go sooner than was said before.

How long a dialogue is kept is said by its own term, or else by that of its
organisation; so the first term of its own is held to that one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from psycopg.rows import dict_row
from pydantic import ValidationError

from domain.erasure_facts import RetentionSet
from storage.exceptional import MOST, Exceptional, Place
from storage.pool import Connection
from storage.statements import statement


class _Kept(NamedTuple):
    """Whose dialogues: of an organisation's stream one, or all without their own."""

    house: str
    dialogue: str | None


async def shortened(conn: Connection, place: Place) -> list[Exceptional]:
    """Return terms of fewer years than before, newest first; one more than ``MOST``.

    What is no event that Polder makes says nothing, as in `storage.house`.
    """
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement("exceptions", "terms"), place._asdict())
        rows = await cursor.fetchall()
    years: dict[_Kept, int] = {}
    found: list[Exceptional] = []
    for row in rows:
        fact = _term(row["body"])
        if fact is None:
            continue
        kept = _Kept(row["stream"], fact.dialogue)
        before = years.get(kept, years.get(kept._replace(dialogue=None)))
        if before is not None and fact.years < before:
            found.append(_told(row, fact, before))
        years[kept] = fact.years
    return found[: -MOST - 2 : -1]


def _term(body: bytes) -> RetentionSet | None:
    try:
        return RetentionSet.model_validate(json.loads(body)["data"])
    except (LookupError, TypeError, ValueError, ValidationError):
        return None


def _told(row: Mapping[str, Any], fact: RetentionSet, before: int) -> Exceptional:
    facts = {
        "type": row["type"],
        "actor": row["actor_id"],
        "dialogue": fact.dialogue,
        "years": fact.years,
        "before": before,
        "authority": fact.authority,
    }
    where = row["stream"], row["seq"], row["at"]
    return Exceptional("shortened", *where, "shortened", facts)

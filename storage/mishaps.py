"""Events that tell of something unusual: failures, refusals, erasures, second tries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from psycopg.rows import dict_row

from domain.erasures import MISSING as TEXT_MISSING
from storage.exceptional import MOST, Exceptional, Kind, Place
from storage.pool import Connection
from storage.statements import statement

KIND_OF: Final[Mapping[str, Kind]] = {
    "effect_failed": "failed",
    "compensation_failed": "failed",
    "effect_retried": "retried",
    "compensation_started": "retried",
    "effect_waived": "waived",
    "compensation_waived": "waived",
    "command_refused": "refused",
    "personal_data_erased": "erasure",
    "erasure_requested": "erasure",
    "erasure_decided": "erasure",
    "erasure_held": "erasure",
    "erasure_executed": "erasure",
    "hold_placed": "erasure",
    "hold_lifted": "erasure",
    "dossier_destroyed": "erasure",
}
"""What each such event tells of."""

_GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    ("effect_failed", "effect_retried", "effect_waived"),
    ("compensation_failed", "compensation_started", "compensation_waived"),
    ("command_refused",),
    tuple(name for name, kind in KIND_OF.items() if kind == "erasure"),
)
"""Types that are asked for together, so that none crowds out another."""

_FACTS: Final = frozenset(
    {
        "attempt",
        "compensation",
        "dialogue",
        "effect",
        "erasure",
        "error",
        "granted",
        "ground",
        "hold",
        "name",
        "notice",
        "problem",
        "stream",
    }
)
"""Members of an event's data that are told; the rest is to be read in the event."""


async def mishaps(conn: Connection, place: Place) -> list[list[Exceptional]]:
    """Return what events tell of, in groups of at most one more than ``MOST``."""
    return [_told(await _events(conn, place, types)) for types in _GROUPS]


async def _events(
    conn: Connection, place: Place, types: tuple[str, ...]
) -> list[dict[str, Any]]:
    where = {**place._asdict(), "types": list(types), "limit": MOST + 1}
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement("exceptions", "of_types"), where)
        return await cursor.fetchall()


def _told(rows: list[dict[str, Any]]) -> list[Exceptional]:
    """Tell events, the newest first; what failed and was seen to since is no more."""
    found: list[Exceptional] = []
    seen_to: set[tuple[str, str]] = set()
    for row in rows:
        data = json.loads(row["body"])["data"]
        kind = _kind(row, data)
        name = (row["stream"], data.get("effect") or data.get("compensation") or "")
        if kind is None or (kind == "failed" and name in seen_to):
            continue
        if kind in {"failed", "retried", "waived"}:
            seen_to.add(name)
        facts = {
            "type": row["type"],
            "actor": row["actor_id"],
            **{name: data[name] for name in sorted(_FACTS & data.keys())},
        }
        found.append(
            Exceptional(kind, row["stream"], row["seq"], row["at"], kind, facts)
        )
    return found


def _kind(row: Mapping[str, Any], data: Mapping[str, Any]) -> Kind | None:
    """Give the kind of an event; the first start of a compensation is as usual."""
    if row["type"] == "compensation_started" and data["attempt"] <= 1:
        return None
    if row["cause"].startswith(TEXT_MISSING):
        return "text_missing"
    return KIND_OF[row["type"]]

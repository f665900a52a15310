"""Dialogues as lists show them: in any order, a page at a time, and one at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from psycopg.rows import class_row

from storage.access import Known
from storage.pool import Source, connection
from storage.statements import statement
from storage.walls import Walled

Sort = Literal["id", "title", "startedAt", "updatedAt", "nextDeadline"]


class Card(NamedTuple):
    """One dialogue at a glance: what its row holds, without its steps and windows."""

    stream: str
    organisation: str
    slug: str
    title: str
    status: str
    phase: str
    step: str | None
    method_id: str
    method_version: str
    method_hash: str
    version: int
    head: str
    next_deadline: datetime | None
    open_windows: int
    attention: int
    needs: list[dict[str, str]]
    started_at: datetime
    updated_at: datetime
    zone: str
    question: str | None
    language: str
    roles: dict[str, list[str]]
    deadlines: list[dict[str, Any]]


class SettingRow(NamedTuple):
    """What the lists of a dialogue are shown by."""

    title: str
    zone: str
    clock: dict[str, Any]
    roles: dict[str, list[str]]


class Sorted(NamedTuple):
    """A dialogue of a list; ``key`` is where it comes in the order asked for."""

    stream: str
    organisation: str
    slug: str
    title: str
    status: str
    phase: str
    step: str | None
    method_id: str
    method_version: str
    method_hash: str
    calendar_hash: str
    version: int
    head: str
    next_deadline: datetime | None
    open_windows: int
    attention: int
    needs: list[dict[str, str]]
    started_at: datetime
    updated_at: datetime
    zone: str
    key: str


class Wanted(NamedTuple):
    """Which dialogues, in which order, and after which ``(key, stream)``."""

    organisation: str | None = None
    status: str | None = None
    method: str | None = None
    attention: bool = False
    actor: str | None = None
    only: str | None = None
    sort: Sort = "id"
    down: bool = False
    after: tuple[str, str] | None = None


async def card(source: Source, stream: str) -> Card | None:
    """Return one dialogue at a glance, or None where there is none."""
    query, where = statement("cards", "card"), {"stream": stream}
    if isinstance(source, Walled) and source.front is not None:
        # It is asked more than anything else, so it takes one step and not three.
        query = statement("cards", "card_behind")
        where = {"stream": stream, "badge": source.badge}
        source = source.front
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Card))
        await cursor.execute(query, where)
        return await cursor.fetchone()


async def token_and_card(
    source: Source, digest: bytes, stream: str
) -> tuple[Known | None, Card | None]:
    """Say whose a token is, as `storage.access.token_of`, with a dialogue at a glance.

    The dialogue is what is behind the wall of that token's organisation. ``source`` is
    a connection or a pool that shows no badge.
    """
    asked = {"digest": digest, "stream": stream}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("cards", "token_and_card"), asked)
        row = await cursor.fetchone()
    if row is None:
        return None, None
    whose, told = row[: len(Known._fields)], row[len(Known._fields) :]
    return Known(*whose), None if told[0] is None else Card(*told)


async def cards(source: Source, wanted: Wanted, limit: int) -> tuple[Sorted, ...]:
    """Return at most ``limit`` dialogues in the order that is wanted."""
    key, stream = wanted.after or (None, None)
    where: Mapping[str, Any] = {
        **wanted._asdict(),
        "after_key": key,
        "after": stream,
        "limit": limit,
    }
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Sorted))
        await cursor.execute(statement("cards", "sorted"), where)
        return tuple(await cursor.fetchall())


async def setting(source: Source, stream: str) -> SettingRow | None:
    """Return what the lists of a dialogue are shown by, without its state."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(SettingRow))
        await cursor.execute(statement("cards", "setting"), {"stream": stream})
        return await cursor.fetchone()

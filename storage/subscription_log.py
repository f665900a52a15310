"""What became of a subscription: attempts, events that were given up, who did what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from psycopg.rows import class_row

from storage.pool import Source, connection
from storage.statements import statement
from storage.subscriptions import Subscription

Doing = Literal[
    "created",
    "tested",
    "replayed",
    "repeated",
    "rotated",
    "enabled",
    "disabled",
    "deleted",
]


class Attempt(NamedTuple):
    """One attempt; without ``leaf_index`` it was a test."""

    id: int
    leaf_index: int | None
    message: str
    """What the target knows the event by."""
    stream: str | None
    seq: int | None
    type: str
    at: datetime
    milliseconds: int
    outcome: Literal["delivered", "failed"]
    status: int | None
    problem: str | None


class Act(NamedTuple):
    """Something that was done with a subscription, and from which leaf on."""

    act: Doing
    leaf_index: int | None
    by: str
    at: datetime


class Dead(NamedTuple):
    """An event that was given up."""

    leaf_index: int
    stream: str
    seq: int
    type: str
    at: datetime
    problem: str


async def attempts(
    source: Source,
    id: str,
    *,
    most: int = 100,
    before: int | None = None,
    attempt: int | None = None,
    message: str | None = None,
    type: str | None = None,
) -> list[Attempt]:
    """Return attempts, newest first."""
    where = {
        "id": id,
        "most": most,
        "before": before,
        "attempt": attempt,
        "message": message,
        "type": type,
    }
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Attempt))
        await cursor.execute(statement("subscriptions", "attempts"), where)
        return await cursor.fetchall()


async def note_act(
    source: Source,
    subscription: Subscription,
    act: Doing,
    by: str,
    leaf: int | None = None,
    *,
    command: str | None = None,
) -> bool:
    """Note what somebody did with a subscription; of where it goes the host.

    False, and nothing is noted, where this command did something with it before.
    """
    row = {
        "id": subscription.id,
        "organisation": subscription.organisation,
        "act": act,
        "leaf": leaf,
        "target": urlsplit(subscription.target).netloc,
        "by": by,
        "command": command,
    }
    async with connection(source) as conn:
        cursor = await conn.execute(statement("subscriptions", "note_act"), row)
        return cursor.rowcount == 1


async def was_last(
    source: Source,
    id: str,
    act: Doing,
    by: str,
    within: timedelta,
    *,
    command: str | None = None,
) -> bool:
    """Whether the secret that is there was made by this very act, so short ago."""
    asked = {"id": id, "act": act, "by": by, "command": command, "within": within}
    async with connection(source) as conn:
        cursor = await conn.execute(statement("subscriptions", "was_last"), asked)
        row = await cursor.fetchone()
    return row is not None and row[0] is True


async def acts(source: Source, id: str, *doings: Doing, most: int = 100) -> list[Act]:
    """Return what was done with one, newest first; also once it is gone."""
    where = {"id": id, "acts": list(doings) or None, "most": most}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Act))
        await cursor.execute(statement("subscriptions", "acts"), where)
        return await cursor.fetchall()


async def dead(source: Source, id: str, *, most: int = 1_000) -> list[Dead]:
    """Return what was given up, in the order of the log."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Dead))
        where = {"id": id, "most": most}
        await cursor.execute(statement("subscriptions", "dead"), where)
        return await cursor.fetchall()

"""How far a subscription is: what is next, what is held, what was given up.

Everything is in the log's own order, which has no gaps. One turn reads what is next,
delivers it, and settles here, in one transaction, what it came to. Killed in between,
another turn delivers the same events once more: at least once, and never not at all.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from psycopg.rows import class_row

from storage.pool import Connection, Source, connection
from storage.statements import statement
from storage.subscriptions import Authorisation, Format, Status

LEASE: Final = timedelta(seconds=60)
"""For how long after its last word a delivery counts as under way."""


class Claimed(NamedTuple):
    """A subscription as who delivers to it needs it; see `Subscription`."""

    organisation: str
    target: str
    format: Format
    authorisation: Authorisation
    types: list[str] | None
    dialogues: list[str] | None
    handshake: bool
    previous_until: datetime | None
    status: Status
    rate: int | None
    cursor: int
    failing_since: datetime | None
    failures: int
    retry_at: datetime | None

    @property
    def streams(self) -> list[str] | None:
        """The streams it is for; None for all of its organisation."""
        if self.dialogues is None:
            return None
        return [f"{self.organisation}:{slug}" for slug in self.dialogues]


class Leaf(NamedTuple):
    """An event in the log; ``hash`` is the one that was sealed, in hex."""

    leaf_index: int
    stream: str
    seq: int
    hash: str
    type: str
    body: bytes
    recorded_at: datetime
    sealed_at: datetime

    @property
    def members(self) -> dict[str, Any]:
        """The members of the event, as in ``docs/audit-format.md``."""
        return json.loads(self.body)


class Held(NamedTuple):
    """A dialogue of which nothing is delivered from ``leaf_index`` on, for now.

    ``since`` is when that event was refused first; None where the target was away.
    """

    stream: str
    leaf_index: int
    since: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None


class Tried(NamedTuple):
    """An attempt to note; without ``leaf`` a test."""

    leaf: Leaf | None
    message: str
    type: str
    at: datetime
    milliseconds: int
    outcome: Literal["delivered", "failed"]
    status: int | None
    problem: str | None


class Settled(NamedTuple):
    """What one turn came to."""

    cursor: int
    status: Status
    rate: int | None
    problem: str | None
    failing_since: datetime | None
    failures: int
    retry_at: datetime | None
    delivered_at: datetime | None
    attempts: Sequence[Tried]
    held: Sequence[Held]
    let_go: Sequence[str]
    given_up: Sequence[tuple[Leaf, str]]
    """Events that are dead, with why."""


class Asked(NamedTuple):
    """What somebody asked for; without ``leaf_index`` a test."""

    id: str
    leaf_index: int | None


async def claim(source: Source, id: str, lease: uuid.UUID) -> Claimed | None:
    """Deliver from now on; None where there is no such subscription."""
    return await _leased(source, statement("deliveries", "claim"), id, lease)


async def renew(source: Source, id: str, lease: uuid.UUID) -> Claimed | None:
    """Say that we still deliver; None where another does, or something changed."""
    return await _leased(source, statement("deliveries", "renew"), id, lease)


async def release(source: Source, id: str, lease: uuid.UUID) -> None:
    """Say that we no longer deliver."""
    async with connection(source) as conn:
        where = {"id": id, "lease": lease}
        await conn.execute(statement("deliveries", "release"), where)


async def held(source: Source, id: str) -> list[Held]:
    """Return the dialogues that are held, the one that waits longest first."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Held))
        await cursor.execute(statement("deliveries", "held"), {"id": id})
        return await cursor.fetchall()


async def size(source: Source) -> int:
    """Return how many leaves there are."""
    async with connection(source) as conn:
        row = await (await conn.execute(statement("deliveries", "size"))).fetchone()
    return int(row[0]) if row else 0


async def page(
    source: Source, to: Claimed, stop: int, skipped: Iterable[str], most: int
) -> list[Leaf]:
    """Return the next events for a subscription, but for streams that are skipped."""
    where = {
        "start": to.cursor,
        "stop": stop,
        "organisation": to.organisation,
        "streams": to.streams,
        "types": to.types,
        "held": list(skipped),
        "most": most,
    }
    return await _leaves(source, statement("deliveries", "page"), where)


async def of_stream(
    source: Source, to: Claimed, held: Held, stop: int, most: int
) -> list[Leaf]:
    """Return the next events of a dialogue that is held."""
    where = {
        "stream": held.stream,
        "start": held.leaf_index,
        "stop": stop,
        "organisation": to.organisation,
        "streams": to.streams,
        "types": to.types,
        "most": most,
    }
    return await _leaves(source, statement("deliveries", "of_stream"), where)


async def one(source: Source, organisation: str, leaf: int) -> Leaf | None:
    """Return one event of an organisation; None where it has none there."""
    where = {"organisation": organisation, "leaf": leaf}
    found = await _leaves(source, statement("deliveries", "one"), where)
    return found[0] if found else None


async def asked_again(source: Source, id: str, most: int = 100) -> list[Asked]:
    """Return what somebody asked for, out of turn."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Asked))
        where = {"id": id, "most": most}
        await cursor.execute(statement("deliveries", "asked_again"), where)
        return await cursor.fetchall()


async def answer(
    source: Source, id: str, to: Claimed, asked: Asked, tried: Tried | None
) -> None:
    """Note what came of what somebody asked for; None: there is no such event."""
    where = {"id": id, "again": asked.id, "leaf": asked.leaf_index}
    async with connection(source) as conn, conn.transaction():
        await conn.execute(statement("deliveries", "answered"), where)
        if tried is None:
            return
        await _note(conn, id, to.organisation, [tried])
        if tried.leaf is None:
            return
        if tried.outcome == "delivered":
            await conn.execute(statement("deliveries", "no_longer_dead"), where)
        else:
            problem = tried.problem or "?"
            await _give_up(conn, id, to.organisation, [(tried.leaf, problem)])


async def settle(
    source: Source, id: str, lease: uuid.UUID, to: Claimed, came: Settled
) -> bool:
    """Keep what a turn came to; false, and nothing kept, where another took over."""
    row = came._asdict() | {"id": id, "lease": lease}
    async with connection(source) as conn, conn.transaction():
        # Attempts are noted whoever took over: they happened.
        await _note(conn, id, to.organisation, came.attempts)
        cursor = await conn.execute(statement("deliveries", "settle"), row)
        if cursor.rowcount == 0:
            return False
        await _give_up(conn, id, to.organisation, came.given_up)
        if came.let_go:
            gone = {"id": id, "streams": list(came.let_go)}
            await conn.execute(statement("deliveries", "let_go"), gone)
        about = {"id": id, "organisation": to.organisation}
        rows = [about | each._asdict() for each in came.held]
        if rows:
            await conn.cursor().executemany(statement("deliveries", "hold"), rows)
    return True


async def _leased(
    source: Source, query: bytes, id: str, lease: uuid.UUID
) -> Claimed | None:
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Claimed))
        await cursor.execute(query, {"id": id, "lease": lease, "lasts": LEASE})
        return await cursor.fetchone()


async def _leaves(source: Source, query: bytes, where: dict[str, Any]) -> list[Leaf]:
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Leaf))
        await cursor.execute(query, where)
        return await cursor.fetchall()


async def _note(
    conn: Connection, id: str, organisation: str, attempts: Iterable[Tried]
) -> None:
    rows = [_row(id, organisation, each.leaf) | each._asdict() for each in attempts]
    if rows:
        await conn.cursor().executemany(statement("deliveries", "note_attempt"), rows)


async def _give_up(
    conn: Connection, id: str, organisation: str, dead: Iterable[tuple[Leaf, str]]
) -> None:
    rows = [
        _row(id, organisation, leaf) | {"type": leaf.type, "problem": why[:500]}
        for leaf, why in dead
    ]
    if rows:
        await conn.cursor().executemany(statement("deliveries", "give_up"), rows)


def _row(id: str, organisation: str, leaf: Leaf | None) -> dict[str, Any]:
    return {
        "id": id,
        "organisation": organisation,
        "leaf_index": leaf.leaf_index if leaf else None,
        "stream": leaf.stream if leaf else None,
        "seq": leaf.seq if leaf else None,
    }

"""The owner of the database, who takes the triggers away, changes it, and covers up."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, LiteralString, NamedTuple, TypeAlias

import psycopg
from psycopg import AsyncConnection, sql

from evidence.canonical import canonical
from evidence.event import ZERO_HASH, event_hash, parse_instant
from storage.keys import beside

Owner: TypeAlias = AsyncConnection[Any]
Members: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Members], None]

TABLES: Final = (
    "audit.event",
    "audit.stream",
    "audit.content",
    "audit.incident",
    "audit.leaf",
    "audit.tile",
    "audit.checkpoint",
    "audit.cosignature",
    "audit.timestamp",
    "vault.value",
    "vault.absent",
    "read.dialogue",
    "read.deadline",
    "read.failure",
    "read.entry",
    "read.part",
    "read.need",
    "read.need_for",
)
"""Everything that an attack may touch, to be put back afterwards."""

DOSSIER: Final = (
    "audit.event",
    "vault.value",
    "read.dialogue",
    "read.deadline",
    "read.entry",
    "read.part",
    "read.need",
    "read.need_for",
)
"""What goes when a dossier is destroyed: its stream's head stays, and the log."""


class _Trigger(NamedTuple):
    table: str
    name: str
    always: bool

    def turned(self, how: LiteralString) -> sql.Composed:
        """Give the statement that turns it on or off."""
        return sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(
            sql.Identifier(*self.table.split(".")),
            sql.SQL(how),
            sql.Identifier(self.name),
        )


@asynccontextmanager
async def owning(url: str) -> AsyncGenerator[Owner]:
    """Work as the owner of the tables, in one transaction, without the triggers.

    They are back afterwards, so that nobody sees that they were away.
    """
    async with await AsyncConnection.connect(url) as conn:
        await conn.execute("SET ROLE polder_owner")
        triggers = await _triggers(conn)
        for trigger in triggers:
            await conn.execute(trigger.turned("DISABLE"))
        yield conn
        for trigger in triggers:
            how = "ENABLE ALWAYS" if trigger.always else "ENABLE"
            await conn.execute(trigger.turned(how))


async def _triggers(conn: Owner) -> list[_Trigger]:
    cursor = await conn.execute(
        "SELECT n.nspname || '.' || c.relname, t.tgname, t.tgenabled = 'A'"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE NOT t.tgisinternal AND n.nspname IN ('audit', 'vault', 'read')"
    )
    return [_Trigger(*row) for row in await cursor.fetchall()]


async def change(url: str, *statements: str) -> None:
    """Do these as the owner; each of them changes something."""
    async with owning(url) as owner:
        for statement in statements:
            cursor = await owner.execute(statement.encode())
            assert cursor.rowcount != 0, statement


async def keep(url: str) -> None:
    """Keep a copy of everything, as a backup would."""
    async with await AsyncConnection.connect(url) as conn:
        await conn.execute("DROP SCHEMA IF EXISTS kept CASCADE")
        await conn.execute("CREATE SCHEMA kept")
        for table in TABLES:
            copy = sql.Identifier("kept", table.replace(".", "_"))
            await conn.execute(
                sql.SQL("CREATE TABLE {} AS TABLE {}").format(copy, _named(table))
            )
        await conn.execute("GRANT USAGE ON SCHEMA kept TO polder_owner")
        await conn.execute("GRANT SELECT ON ALL TABLES IN SCHEMA kept TO polder_owner")


async def put_back(url: str) -> None:
    """Make everything as it was when it was kept."""
    async with owning(url) as owner:
        for table in TABLES:
            copy = sql.Identifier("kept", table.replace(".", "_"))
            await owner.execute(sql.SQL("DELETE FROM {}").format(_named(table)))
            await owner.execute(
                sql.SQL("INSERT INTO {} SELECT * FROM {}").format(_named(table), copy)
            )


def _named(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split("."))


async def lose_key(url: str, subject: str, *, noted: str | None = None) -> int:
    """Delete somebody's key; ``noted`` is when it is said to have been destroyed."""
    async with await AsyncConnection.connect(beside(url)) as conn:
        await conn.execute("SET ROLE polder_keys_owner")
        cursor = await conn.execute(
            "DELETE FROM keys.subject_key WHERE subject = %s RETURNING id", (subject,)
        )
        lost = await cursor.fetchall()
        if noted is not None:
            note = (
                "INSERT INTO keys.destroyed (id, at)"
                " VALUES (%s, clock_timestamp() + %s::interval)"
            )
            for (key,) in lost:
                await conn.execute(note, (key, noted))
    return len(lost)


@asynccontextmanager
async def keys_come_back(url: str) -> AsyncGenerator[None]:
    """Put the keys of the vault back afterwards: they are in another database."""
    query = "SELECT organisation, subject, id, secret FROM keys.subject_key"
    async with await AsyncConnection.connect(beside(url)) as conn:
        rows = await (await conn.execute(query)).fetchall()
    yield
    async with await AsyncConnection.connect(beside(url)) as conn:
        await conn.execute("DELETE FROM keys.subject_key")
        for row in rows:
            await conn.execute("DELETE FROM keys.destroyed WHERE id = %s", [row[2]])
            into = "INSERT INTO keys.subject_key VALUES (%s, %s, %s, %s)"
            await conn.execute(into, row)


class Rewritten(NamedTuple):
    """An event that was sealed anew: place, bytes, and what columns repeat."""

    seq: int
    body: bytes
    hash: str
    members: Members


async def bodies(owner: Owner, stream: str) -> list[bytes]:
    """Give the events of a stream in order."""
    cursor = await owner.execute(
        "SELECT body FROM audit.event WHERE stream = %s ORDER BY seq", (stream,)
    )
    return [bytes(row[0]) for row in await cursor.fetchall()]


def chained(
    events: Iterable[Members], after: int = 0, prev: str = ZERO_HASH
) -> list[Rewritten]:
    """Chain events as a workflow does, whatever they say."""
    made: list[Rewritten] = []
    for seq, members in enumerate(events, after + 1):
        before = made[-1].hash if made else prev
        body = canonical({**members, "seq": seq, "prev": before})
        made.append(Rewritten(seq, body, event_hash(body), json.loads(body)))
    return made


async def rewrite(owner: Owner, stream: str, seq: int, changed: Change) -> None:
    """Change one event and chain anew all that follow it; columns and head fit."""
    events = [json.loads(body) for body in await bodies(owner, stream)]
    changed(events[seq - 1])
    made = chained(events)
    for one in made[seq - 1 :]:
        await owner.execute(
            "UPDATE audit.event SET body = %s, hash = decode(%s, 'hex'),"
            " prev = decode(%s, 'hex'), type = %s, at = %s, actor_id = %s"
            " WHERE stream = %s AND seq = %s",
            (
                one.body,
                one.hash,
                one.members["prev"],
                one.members["type"],
                parse_instant(one.members["at"]),
                one.members["actor"]["id"],
                stream,
                one.seq,
            ),
        )
    await move_head(owner, stream, made[-1].seq, made[-1].hash)


async def cut(owner: Owner, stream: str, after: int) -> None:
    """Cut a stream after an event, and move its head back."""
    where = (stream, after)
    await owner.execute("DELETE FROM audit.event WHERE stream = %s AND seq > %s", where)
    await owner.execute("DELETE FROM vault.value WHERE stream = %s AND seq > %s", where)
    await owner.execute(
        "UPDATE audit.stream s SET seq = e.seq, head = e.hash FROM audit.event e"
        " WHERE s.stream = %s AND e.stream = s.stream AND e.seq = %s",
        where,
    )


async def drop(owner: Owner, stream: str) -> None:
    """Leave no trace of a stream in any table but those of the log."""
    for table in (
        "audit.event",
        "audit.stream",
        "vault.value",
        "vault.absent",
        "read.deadline",
        "read.dialogue",
        "read.entry",
        "read.part",
        "read.need",
        "read.need_for",
    ):
        await owner.execute(
            sql.SQL("DELETE FROM {} WHERE stream = %s").format(_named(table)), (stream,)
        )


async def move_head(owner: Owner, stream: str, seq: int, digest: str) -> None:
    """Say that a stream ends here."""
    await owner.execute(
        "UPDATE audit.stream SET seq = %s, head = decode(%s, 'hex') WHERE stream = %s",
        (seq, digest, stream),
    )


async def unseal(owner: Owner) -> None:
    """Throw the whole log away, with all that was ever signed and counted."""
    for table in ("leaf", "tile", "checkpoint", "cosignature", "timestamp"):
        await owner.execute(
            sql.SQL("DELETE FROM {}").format(sql.Identifier("audit", table))
        )
    await drop(owner, "polder:log")


async def leaves_follow(owner: Owner, streams: Sequence[str]) -> None:
    """Make the leaves those of the events as they are now."""
    await owner.execute(
        "UPDATE audit.leaf l SET hash = e.hash FROM audit.event e"
        " WHERE e.stream = l.stream AND e.seq = l.seq AND l.stream = ANY(%s)",
        (list(streams),),
    )


async def count(url: str, query: str) -> int:
    """Count something."""
    async with await psycopg.AsyncConnection.connect(url) as conn:
        row = await (await conn.execute(query.encode())).fetchone()
    assert row is not None
    return int(row[0])

"""How far checkpoints got, and what came back: cosignatures and timestamps.

What others say of a checkpoint is verified before it comes here, and stays. How far
each place got is for whoever operates Polder, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row, scalar_row, tuple_row

from storage.pool import Source, connection
from storage.statements import statement


class Published(NamedTuple):
    """A published checkpoint, as the log signed it."""

    size: int
    root: bytes
    note: bytes
    """Without cosignatures: these are the bytes that timestamps are over."""
    at: datetime


class Publication(NamedTuple):
    """How far one place got."""

    target: str
    size: int | None
    """Of the newest checkpoint that it took; None when it took none yet."""
    published_at: datetime | None
    tried_at: datetime | None
    failures: int
    """How often it failed since it last worked."""
    error: str | None
    contradicts: bool
    """Whether it holds what this log can't have signed."""


class Cosignature(NamedTuple):
    """A witness's line, and when it came."""

    key_name: str
    line: str
    at: datetime


class Timestamp(NamedTuple):
    """An authority's answer (a TimeStampResp, RFC 3161) and the moment it names."""

    authority: str
    token: bytes
    at: datetime


async def newest_published(source: Source) -> Published | None:
    """Return the newest published checkpoint, or None where there is none yet."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Published))
        await cursor.execute(statement("publications", "newest"))
        return await cursor.fetchone()


async def published_sizes(source: Source) -> tuple[int, ...]:
    """Return the sizes of all published checkpoints, rising."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=scalar_row)
        await cursor.execute(statement("publications", "sizes"))
        return tuple(await cursor.fetchall())


async def published_notes(source: Source, sizes: Collection[int]) -> dict[int, bytes]:
    """Return checkpoints by size, as the log first signed them."""
    async with connection(source) as conn:
        cursor = await conn.execute(
            statement("publications", "notes"), {"sizes": list(sizes)}
        )
        return dict(await cursor.fetchall())


async def note_known(source: Source, target: str) -> None:
    """Note that checkpoints go to ``target`` from now on."""
    async with connection(source) as conn:
        await conn.execute(statement("publications", "note_known"), {"target": target})


async def note_published(source: Source, target: str, size: int) -> None:
    """Note that ``target`` has the checkpoint of ``size``."""
    async with connection(source) as conn:
        told = {"target": target, "size": size}
        await conn.execute(statement("publications", "note_published"), told)


async def note_failed(
    source: Source, target: str, error: str, *, contradicts: bool = False
) -> None:
    """Note that ``target`` did not take a checkpoint, and what was wrong."""
    async with connection(source) as conn:
        told = {"target": target, "error": error, "contradicts": contradicts}
        await conn.execute(statement("publications", "note_failed"), told)


async def publications(source: Source) -> tuple[Publication, ...]:
    """Return how far each place got, by name."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Publication))
        await cursor.execute(statement("publications", "publications"))
        return tuple(await cursor.fetchall())


async def publication(source: Source, target: str) -> Publication | None:
    """Return how far one place got, or None when it was never tried."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Publication))
        told = {"target": target}
        await cursor.execute(statement("publications", "publication"), told)
        return await cursor.fetchone()


async def keep_cosignature(source: Source, size: int, key_name: str, line: str) -> None:
    """Keep a witness's line under a checkpoint; the first one stays."""
    async with connection(source) as conn:
        told = {"size": size, "key_name": key_name, "line": line}
        await conn.execute(statement("publications", "keep_cosignature"), told)


async def cosignatures(source: Source, size: int) -> tuple[Cosignature, ...]:
    """Return what witnesses put under the checkpoint of ``size``."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Cosignature))
        await cursor.execute(statement("publications", "cosignatures"), {"size": size})
        return tuple(await cursor.fetchall())


async def keep_timestamp(source: Source, size: int, stamp: Timestamp) -> None:
    """Keep an authority's answer about a checkpoint; the first one stays."""
    async with connection(source) as conn:
        told = {"size": size, **stamp._asdict()}
        await conn.execute(statement("publications", "keep_timestamp"), told)


async def timestamps(source: Source, size: int) -> tuple[Timestamp, ...]:
    """Return what authorities said of the time of the checkpoint of ``size``."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Timestamp))
        await cursor.execute(statement("publications", "timestamps"), {"size": size})
        return tuple(await cursor.fetchall())


async def stamped(source: Source) -> frozenset[tuple[int, str]]:
    """Return which sizes have a timestamp, with its authority."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=tuple_row)
        await cursor.execute(statement("publications", "stamped"))
        return frozenset(
            (size, authority) for size, authority in await cursor.fetchall()
        )

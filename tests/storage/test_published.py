"""A method that was published stays, and the last version is what its id stands for."""

from __future__ import annotations

import psycopg
import pytest

from storage.errors import Unavailable
from storage.pool import Pool, connection
from storage.published import (
    publish,
    published,
    published_methods,
    published_number,
    published_version,
)

FIRST, SECOND = "aa" * 32, "bb" * 32


async def put(pool: Pool, version: str, sha256: str) -> bool:
    """Publish a version whose text says which it is."""
    text = f"version: {version}"
    return await publish(
        pool, method="ours", version=version, sha256=sha256, text=text, by="p-1"
    )


async def test_the_last_version_stands_for_the_id_and_every_one_for_its_hash(
    pool: Pool,
) -> None:
    """A dialogue that started with the first version finds it for ever."""
    assert await published(pool, "ours") is None
    assert await put(pool, "1.0", FIRST)
    assert await put(pool, "1.1", SECOND)
    assert await published(pool, "ours") == "version: 1.1"
    assert await published(pool, "ours", FIRST) == "version: 1.0"
    assert await published(pool, "ours", "cc" * 32) is None
    listed = await published_methods(pool)
    assert [(m.id, m.version, m.hash, m.by) for m in listed] == [
        ("ours", "1.1", SECOND, "p-1")
    ]
    assert await published_version(pool, "ours", "1.0") == FIRST
    assert await published_version(pool, "ours", "2.0") is None


async def test_publishing_the_same_again_adds_nothing_and_going_back_does(
    pool: Pool,
) -> None:
    """Only a version that differs from the last one is new."""
    told = [await put(pool, v, h) for v, h in (("1.0", FIRST), ("1.0", FIRST))]
    assert told == [True, False]
    once = await published_number(pool, "ours", FIRST)
    assert await put(pool, "1.1", SECOND)
    assert await published_number(pool, "ours", FIRST) == once
    assert await put(pool, "1.0", FIRST)
    assert await published_number(pool, "ours", FIRST) != once
    assert await published(pool, "ours") == "version: 1.0"


@pytest.mark.parametrize("change", ["UPDATE {} SET text = ''", "DELETE FROM {}"])
async def test_what_was_published_is_never_changed(pool: Pool, change: str) -> None:
    """The program itself may only add."""
    await put(pool, "1.0", FIRST)
    query = change.format("library.method").encode()
    with pytest.raises((psycopg.errors.InsufficientPrivilege, Unavailable)):
        async with connection(pool) as conn:
            await conn.execute(query)
    assert await published(pool, "ours") == "version: 1.0"

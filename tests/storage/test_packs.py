"""A pack on its way opens for who asked for it, and for nobody else, for minutes."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from storage import packs
from storage.errors import Unreadable
from storage.packs import PART, Letterbox, away, count, part, put
from storage.pool import Pool, connection

STREAM = "gemeente-waterdam:parkzicht"
PACK = bytes(range(256)) * (PART // 100)


async def whole(pool: Pool, id: str, box: Letterbox, key: str) -> bytes:
    """Fetch all parts."""
    cipher = box.cipher(key)
    found = [await part(pool, id, n, cipher) for n in range(count(len(PACK)))]
    return b"".join(found)


async def rows(pool: Pool) -> int:
    """Count what lies ready."""
    async with connection(pool) as conn:
        cursor = await conn.execute("SELECT count(*) FROM delivery.pack")
        row = await cursor.fetchone()
    assert row is not None
    return row[0]


async def test_who_asked_gets_the_very_bytes(pool: Pool) -> None:
    """In parts; made again, it lies in the place of the one before."""
    box, id, key = Letterbox(), str(uuid.uuid4()), ""
    for _ in range(2):
        key = await put(pool, id, STREAM, PACK, box.address)
        assert await whole(pool, id, box, key) == PACK
    assert await rows(pool) == count(len(PACK)) == 3
    await away(pool, id)
    assert await rows(pool) == 0
    with pytest.raises(Unreadable):
        await part(pool, id, 0, box.cipher(key))


async def test_nobody_else_opens_it(pool: Pool) -> None:
    """Not with another key, and no part in the place of another."""
    box, id = Letterbox(), str(uuid.uuid4())
    key = await put(pool, id, STREAM, PACK, box.address)
    with pytest.raises(Unreadable):
        await whole(pool, id, Letterbox(), key)
    with pytest.raises(Unreadable):
        await whole(pool, id, box, Letterbox().address)
    async with connection(pool) as conn:
        await conn.execute("DELETE FROM delivery.pack WHERE part = 0")
        await conn.execute(
            "INSERT INTO delivery.pack (id, part, stream, body)"
            " SELECT id, 0, stream, body FROM delivery.pack WHERE part = 1"
        )
    with pytest.raises(Unreadable):
        await whole(pool, id, box, key)


async def test_what_nobody_fetched_goes_with_the_next(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not stay for whoever comes much later."""
    box = Letterbox()
    await put(pool, str(uuid.uuid4()), STREAM, PACK, box.address)
    await put(pool, str(uuid.uuid4()), STREAM, b"x", box.address)
    assert await rows(pool) == 4
    monkeypatch.setattr(packs, "KEPT", timedelta(0))
    await put(pool, str(uuid.uuid4()), STREAM, b"x", box.address)
    assert await rows(pool) == 1


@pytest.mark.parametrize("address", ["", "x", "AAAA", "é", "A" * 44])
async def test_what_is_no_address_gets_nothing(pool: Pool, address: str) -> None:
    """And nothing is laid ready for it."""
    with pytest.raises(Unreadable):
        await put(pool, str(uuid.uuid4()), STREAM, PACK, address)
    assert await rows(pool) == 0

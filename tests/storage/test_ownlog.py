"""Polder's own streams: whoever writes them, in whatever number, each thing is once."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from evidence.census import LOG_STREAM
from evidence.event import commitment
from storage.batch import Batch
from storage.errors import CauseTaken, NotSound
from storage.ownlog import New, append, append_many, events
from storage.pool import Pool, connect, connection
from storage.rebuild import rebuild
from storage.record import append as put_on_record
from storage.record import head
from storage.verify import verify_all
from tests.storage.streams import STREAM, batch
from tests.storage.streams import events as made

ORG = "org:gemeente-waterdam"
PERSON = {"id": "p-1", "role": "manager", "via": "cli"}


async def test_an_event_is_added_after_whatever_is_there(pool: Pool) -> None:
    """Who, when and what are as they were given; the place is the next one."""
    first = await append(pool, ORG, "token_made", {"n": 1}, cause="a", actor=PERSON)
    second = await append(pool, ORG, "token_made", {"n": 2}, cause="b")
    assert [first.seq, second.seq] == [1, 2]
    told = await events(pool, ORG)
    assert [(one.seq, one.hash, one.data) for one in told] == [
        (1, first.hash, {"n": 1}),
        (2, second.hash, {"n": 2}),
    ]
    assert [one.actor["id"] for one in told] == ["p-1", "polder"]
    assert await events(pool, ORG, ["other"]) == []
    assert await events(pool, "org:nobody") == []


async def test_the_same_cause_again_is_the_same_event(pool: Pool) -> None:
    """Wherever the stream is by then; another event of that cause is refused."""
    first = await append(pool, ORG, "token_made", {"n": 1}, cause="a")
    await append(pool, ORG, "token_made", {"n": 2}, cause="b")
    again = await append(pool, ORG, "token_made", {"n": 1}, cause="a")
    assert again == first._replace(repeated=True)
    for kind, data in (("token_made", {"n": 3}), ("token_lost", {"n": 1})):
        with pytest.raises(CauseTaken):
            await append(pool, ORG, kind, data, cause="a")
    two = [New("token_made", {"n": 1}), New("token_made", {"n": 1})]
    with pytest.raises(CauseTaken):
        await append_many(pool, ORG, two, cause="a")
    assert len(await events(pool, ORG)) == 2


async def test_many_writers_at_once_make_one_chain(pool: Pool, url: str) -> None:
    """Also where the stream is new to all of them; nobody makes an incident."""
    writes = [
        append(pool, stream, "note", {"n": n}, cause=f"c-{n}")
        for n in range(12)
        for stream in (ORG, LOG_STREAM)
        for _ in range(2)
    ]
    written = await asyncio.gather(*writes)
    assert sum(not one.repeated for one in written) == 24
    assert sorted(one.data["n"] for one in await events(pool, ORG)) == list(range(12))
    async with await connect(url, role="polder_reader") as conn:
        assert (await verify_all(conn)).findings == ()
        cursor = await conn.execute("SELECT count(*) FROM audit.incident")
        assert await cursor.fetchone() == (0,)


async def test_the_events_of_one_cause_come_together(pool: Pool) -> None:
    """All of them or none."""
    both = [New("a", {"n": 1}), New("b", {"n": 2})]
    added = await append_many(pool, ORG, both, cause="c")
    assert [one.seq for one in added] == [1, 2]
    assert [one.repeated for one in await append_many(pool, ORG, both, cause="c")] == [
        True,
        True,
    ]


async def test_private_text_is_a_commitment_in_a_null(pool: Pool) -> None:
    """The pointer must lead to a null; a retry may bring another salt."""
    for salt in (b"a" * 32, b"b" * 32):
        promise = commitment(salt=salt, stream=ORG, subject="p-1", value="Omdat")
        await append(
            pool, ORG, "refused", {"why": None}, cause="a", private={"/why": promise}
        )
    assert [list(one.private) for one in await events(pool, ORG)] == [["/why"]]


async def test_no_dialogue_is_written_here(pool: Pool) -> None:
    """A dialogue's head is its workflow's, and there is one stream of the log."""
    for stream in (STREAM, "polder:other", "org:org", "org:polder", "org:"):
        with pytest.raises(NotSound):
            await append(pool, stream, "note", {}, cause="a")
    stray = made(1, stream="polder:other")
    assert isinstance(batch(stray), Batch)
    with pytest.raises(NotSound):
        await put_on_record(pool, batch(stray))


async def test_in_a_transaction_it_is_there_when_that_commits(pool: Pool) -> None:
    """And gone with it otherwise."""
    async with connection(pool) as conn:
        with suppress(KeyboardInterrupt):
            async with conn.transaction():
                await append(conn, ORG, "note", {}, cause="a")
                raise KeyboardInterrupt
        assert await head(conn, ORG) is None
        async with conn.transaction():
            await append(conn, ORG, "note", {}, cause="a")
        held = await head(conn, ORG)
    assert held is not None
    assert held.seq == 1


async def test_a_rebuild_leaves_own_streams_alone(pool: Pool) -> None:
    """They have no projections, and none are made."""
    await append(pool, ORG, "note", {}, cause="a")
    await append(pool, LOG_STREAM, "note", {}, cause="a")
    async with connection(pool) as conn:
        assert not (await rebuild(conn)).differences
        cursor = await conn.execute("SELECT count(*) FROM read.dialogue")
        assert await cursor.fetchone() == (0,)

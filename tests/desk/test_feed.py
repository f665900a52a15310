"""Whoever follows gets every event once, in order, however they come and go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from desk import feed as feeding_module
from desk.desk import Desk
from desk.errors import NotFound
from desk.feed import Feed, Follower, feeding
from desk.happening import Happened, Wanted, page, size
from storage.keys import Keys, beside
from storage.listening import Bell
from storage.logkey import LogKey, create
from storage.pool import Pool, connection, make_pool
from storage.sealing import seal
from tests.storage.logs import Filling

ORGANISATION = "gemeente-waterdam"
OTHER = "provincie-elders"
ALL = Wanted(ORGANISATION)
ONE = f"{ORGANISATION}:aa"
TWO = f"{ORGANISATION}:bb"


class Log:
    """A record that grows, its sealer, and a desk that reads it."""

    def __init__(self, pool: Pool, key: LogKey, desk: Desk, url: str) -> None:
        """Begin with nothing."""
        self.filling = Filling(pool)
        self.desk = desk
        self.url = url
        self._pool = pool
        self._key = key

    async def grow(self, stream: str, count: int = 1) -> None:
        """Record events and seal them."""
        await self.filling.grow(stream, count)
        await self.seal()

    async def seal(self) -> None:
        """Seal what is on record."""
        await seal(self._pool, self._key)

    async def places(self, wanted: Wanted) -> list[int]:
        """Give the leaves of all that is wanted, as the database has them."""
        query = "SELECT leaf_index FROM audit.leaf WHERE stream LIKE %s ORDER BY 1"
        like = wanted.dialogue or f"{wanted.organisation}:%"
        async with connection(self._pool) as conn:
            rows = await (await conn.execute(query, [like])).fetchall()
        return [row[0] for row in rows]


@pytest.fixture
async def log(database: str, tmp_path: Path) -> AsyncGenerator[Log]:
    """Give a record of the test's own."""
    key = create(tmp_path / "keys" / "log.key", "waterdam")
    async with make_pool(database) as pool, Keys(beside(database)) as keys:
        yield Log(pool, key, Desk(pool, keys, ""), database)


@pytest.fixture
async def feed(log: Log) -> AsyncGenerator[Feed]:
    """Give what everybody follows."""
    async with feeding(log.desk, log.url) as one:
        yield one


async def told(follower: Follower, count: int) -> list[Happened]:
    """Wait for so many events."""
    found: list[Happened] = []
    async with asyncio.timeout(20):
        while len(found) < count:
            found += await follower.next(1)
    assert len(found) == count
    return found


def leaves(events: Sequence[Happened]) -> list[int]:
    """Give their places."""
    return [event.leaf for event in events]


async def test_pages_follow_each_other_up_to_what_is_sealed(log: Log) -> None:
    """Without gap or repeat; what is recorded and not sealed waits for its place."""
    await log.grow(ONE, 7)
    await log.grow(f"{OTHER}:aa", 3)
    await log.grow(TWO, 4)
    await log.filling.grow(ONE, 2)
    found: list[int] = []
    after, more = -1, True
    while more:
        some, after, more = await page(log.desk, ALL, after, 3)
        found += leaves(some)
    assert found == [*range(7), *range(10, 14)]
    assert after == 13
    await log.seal()
    assert leaves((await page(log.desk, ALL, after)).events) == [14, 15]


async def test_an_event_comes_as_it_is_recorded(log: Log) -> None:
    """Its bytes are those that were hashed."""
    made = await log.filling.grow(ONE, 1)
    await log.seal()
    (event,) = (await page(log.desk, ALL)).events
    assert (event.body, event.hash) == (made[0].body, made[0].hash)
    assert (event.leaf, event.dialogue, event.seq) == (0, ONE, 1)
    assert event.type == "step_started"


async def test_an_organisations_own_stream_is_no_dialogue(log: Log) -> None:
    """What it holds of tokens and mandates is not among the events of dialogues."""
    await log.grow(f"org:{ORGANISATION}", 2)
    await log.grow(ONE)
    some, after, more = await page(log.desk, ALL)
    assert (leaves(some), after, more) == ([2], 2, False)


async def test_what_is_not_there_is_not_found(log: Log) -> None:
    """A dialogue without events is none."""
    with pytest.raises(NotFound):
        await page(log.desk, Wanted(ORGANISATION, ONE))


async def test_events_are_chosen_by_type_and_by_moment(log: Log) -> None:
    """A moment counts itself."""
    await log.grow(ONE, 4)
    third = datetime(2026, 11, 21, 9, 3, tzinfo=UTC)
    since = await page(log.desk, Wanted(ORGANISATION, since=third))
    assert leaves(since.events) == [2, 3]
    of_type = Wanted(ORGANISATION, types=["step_started"])
    assert len((await page(log.desk, of_type)).events) == 4
    other = Wanted(ORGANISATION, types=["role_assigned"])
    assert await page(log.desk, other) == ([], 3, False)


async def test_who_follows_is_told_what_comes(log: Log, feed: Feed) -> None:
    """At once, in order; and of nothing that was there before."""
    await log.grow(ONE, 3)
    async with feed.following(log.desk, ALL) as follower:
        assert await follower.next(0.1) == []
        await log.grow(ONE)
        await log.grow(f"{OTHER}:aa", 2)
        await log.grow(TWO, 2)
        assert leaves(await told(follower, 3)) == [3, 6, 7]
        assert follower.place == 8
    assert feed.followers == 0


async def test_who_comes_back_gets_what_came_meanwhile(log: Log, feed: Feed) -> None:
    """Behind the last they had, whoever else is there."""
    async with feed.following(log.desk, ALL) as other:
        await log.grow(ONE, 5)
        async with feed.following(log.desk, ALL, after=1) as follower:
            assert leaves(await told(follower, 3)) == [2, 3, 4]
        assert leaves(await told(other, 5)) == [*range(5)]


async def test_one_dialogue_can_be_followed(log: Log, feed: Feed) -> None:
    """What others do is passed over, and its place moves on all the same."""
    async with feed.following(log.desk, Wanted(ORGANISATION, TWO)) as follower:
        await log.grow(ONE, 5)
        await log.grow(TWO, 1)
        assert leaves(await told(follower, 1)) == [5]
        await log.grow(ONE, 5)
        assert await follower.next(0.5) == []
        assert follower.place == 11


async def test_who_is_slow_reads_alone_until_they_are_back(
    log: Log, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept for all is bounded, and nobody misses what is no longer there."""
    monkeypatch.setattr(feeding_module, "RECENT", 5)
    quick = feed.following(log.desk, ALL)
    slow = feed.following(log.desk, ALL)
    async with quick as one, slow as other:
        for _ in range(6):
            await log.grow(ONE, 3)
            assert len(await told(one, 3)) == 3
        assert leaves(await told(other, 18)) == [*range(18)]
        await log.grow(ONE, 1)
        assert leaves(await told(other, 1)) == leaves(await told(one, 1)) == [18]


async def test_who_is_let_go_hears_so(log: Log, feed: Feed) -> None:
    """At once, and so does who comes after."""
    async with feed.following(log.desk, ALL) as follower:
        waits = asyncio.create_task(follower.next(20))
        await asyncio.sleep(0.1)
        feed.stop()
        assert await asyncio.wait_for(waits, 1) == []
        assert follower.ended
    async with feed.following(log.desk, ALL) as late:
        assert late.ended


async def test_it_ends_when_told_in_the_step_of_a_ring(log: Log) -> None:
    """Once is enough: a server that stops while something is sealed stops."""
    bell = Bell()
    runs = asyncio.create_task(Feed(log.desk).run(bell))
    await asyncio.sleep(0.05)
    bell.ring()
    runs.cancel()
    await asyncio.wait({runs}, timeout=5)
    assert runs.cancelled()


async def test_nobody_is_told_by_a_ring_alone(log: Log) -> None:
    """Where nobody listens, a look now and then finds it."""
    feed = Feed(log.desk)
    async with feed.following(log.desk, ALL) as follower:
        await log.grow(ONE)
        assert await follower.next(0.2) == []
        await feed.look()
        assert leaves(await told(follower, 1)) == [0]


async def test_however_people_come_and_go_each_gets_each_event_once(
    log: Log, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many streams grow while many follow, stop half-way and come back."""
    monkeypatch.setattr(feeding_module, "RECENT", 20)
    chance = Random(5)
    wanted = [ALL, Wanted(ORGANISATION, ONE), Wanted(OTHER), Wanted(ORGANISATION, TWO)]
    done = asyncio.Event()
    had: list[list[int]] = [[] for _ in range(12)]

    async def follows(number: int) -> None:
        mine, what = had[number], wanted[number % 4]
        while not (done.is_set() and mine == await log.places(what)):
            after = mine[-1] if mine else -1
            async with feed.following(log.desk, what, after) as follower:
                for _ in range(chance.randint(1, 8)):
                    mine += leaves(await follower.next(0.2))
                    await asyncio.sleep(chance.choice((0, 0, 0.1)))

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for number in range(12):
            group.create_task(follows(number))
        for _ in range(60):
            stream = chance.choice((ONE, TWO, f"{OTHER}:aa", f"org:{ORGANISATION}"))
            await log.grow(stream, chance.randint(1, 9))
        done.set()
    assert await size(log.desk) == len(
        [event for events in log.filling.made.values() for event in events]
    )
    for number, mine in enumerate(had):
        assert mine == await log.places(wanted[number % 4])


async def test_where_a_backup_took_its_place_everybody_is_let_go(log: Log) -> None:
    """What is at a place then is another event: to go on would hide it."""
    feed = Feed(log.desk)
    await log.grow(ONE, 2)
    async with feed.following(log.desk, ALL) as follower:
        recent = feed._recent[ORGANISATION]  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        await recent.read(1)
        assert follower.ended
        await feed.look()
        async with feed.following(log.desk, ALL) as again:
            assert not again.ended


def test_a_moment_is_compared_as_a_moment() -> None:
    """In whatever zone it is given."""
    event = Happened(0, ONE, 1, "x", "2026-11-21T09:00:00.000000Z", "", b"", _NOW)
    zone = datetime.fromisoformat("2026-11-21T10:00:00+01:00")
    assert Wanted(ORGANISATION, since=zone).takes(event)
    later = zone + timedelta(microseconds=1)
    assert not Wanted(ORGANISATION, since=later).takes(event)


_NOW = datetime(2026, 11, 21, tzinfo=UTC)

"""What comes together is kept together, and what is wrong with one is its own."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import pytest

from evidence.errors import NotCanonical
from storage import inbox
from storage.errors import PrivateValueDiffers
from storage.inbox import Left, Submission
from storage.keys import Keys
from storage.pool import Connection, Pool
from storage.putting import PrivateField
from storage.receiving import Arrival, Received, receive
from storage.vault import pending

STREAM = "gemeente-waterdam:parkzicht"
WINDOW = "brief.ideas"
DESK = {"id": "desk", "role": "system", "via": "inbox"}


def arrival(name: str, text: str = "Meer bomen", **more: str) -> Arrival:
    """Give a response under an id, with a text and maybe an address."""
    fields = {"response": text, **more}
    texts = (PrivateField(f"/{f}", f"r-{name}", told) for f, told in fields.items())

    def told(kept: Mapping[str, str]) -> Submission:
        said = {"response": {"commitment": kept["/response"]}}
        return Submission(STREAM, name, WINDOW, str(sorted(kept.items())), DESK, said)

    return Arrival(name, tuple(texts), told)


def by_reference(name: str) -> Arrival:
    """Give a response without a text."""

    def told(_: Mapping[str, str]) -> Submission:
        return Submission(STREAM, name, WINDOW, "d", DESK, {"reference": "Z/1"})

    return Arrival(name, (), told)


async def waiting(pool: Pool) -> list[str]:
    """Give what waits, in the order in which it will go."""
    found = await inbox.next_gathering(pool, Left(STREAM, WINDOW))
    return [str(each["submission"]) for each in found.responses] if found else []


async def test_many_are_kept_in_the_order_in_which_they_came(
    pool: Pool, keys: Keys
) -> None:
    """However their ids sort, the first to come goes first."""
    names = [f"s-{n}" for n in range(30)]
    random.Random(7).shuffle(names)
    found = await receive(pool, keys, STREAM, [arrival(name) for name in names])
    assert all(isinstance(each, Received) for each in found)
    assert await pending(pool) == 30
    assert await waiting(pool) == names


async def test_a_bad_one_among_good_ones_leaves_nothing(pool: Pool, keys: Keys) -> None:
    """Other words under an id that is taken, and words that can't be written."""
    await receive(pool, keys, STREAM, [arrival("s-1")])
    found = await receive(
        pool,
        keys,
        STREAM,
        [
            arrival("s-0"),
            arrival("s-1", "Minder bomen", address="r@waterdam.example"),
            arrival("s-2", "half \ud800"),
            arrival("s-3"),
            arrival("s-3", "tweemaal in een keer"),
        ],
    )
    kinds = [Received, PrivateValueDiffers, NotCanonical, Received, PrivateValueDiffers]
    assert [type(each) for each in found] == kinds
    # One value each of the three that were kept, and no address of whom was refused.
    assert await pending(pool) == 3
    assert await waiting(pool) == ["s-1", "s-0", "s-3"]


async def test_the_same_again_is_what_it_was(pool: Pool, keys: Keys) -> None:
    """Also twice in one batch: one salt, one place, one fate."""
    twice = [arrival("s-1"), arrival("s-1")]
    first = await receive(pool, keys, STREAM, twice)
    again = await receive(pool, keys, STREAM, [arrival("s-2"), arrival("s-1")])
    found = [each for each in (*first, *again) if isinstance(each, Received)]
    digests = {e.fate.digest for e in found if e.told.submission == "s-1"}
    assert len(found) == 4
    assert len(digests) == 1
    assert all(each.told.digest == each.fate.digest for each in found)
    assert await pending(pool) == 2


async def test_something_else_under_the_same_id_leaves_nothing(
    pool: Pool, keys: Keys
) -> None:
    """The same words with an address: that is not kept, and the words stay."""
    more = arrival("s-1", address="r@waterdam.example")
    found = await receive(pool, keys, STREAM, [arrival("s-1"), more])
    found += await receive(pool, keys, STREAM, [more])
    another = [each.is_another for each in found if isinstance(each, Received)]
    assert another == [False, True, True]
    assert await pending(pool) == 1
    assert await waiting(pool) == ["s-1"]


async def test_without_texts_no_key_is_asked_for(pool: Pool) -> None:
    """A response by reference comes in while the keys are away."""
    async with Keys("postgresql://127.0.0.1:1/nowhere", timeout=0.2) as away:
        (found,) = await receive(pool, away, STREAM, [by_reference("s-1")])
    assert isinstance(found, Received)


async def test_all_or_nothing(
    pool: Pool, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off between texts and submissions, neither is kept."""

    async def dies(*_: object) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "put", dies)
        with pytest.raises(ConnectionAbortedError):
            await receive(pool, keys, STREAM, [arrival("s-1"), arrival("s-2")])
    assert await pending(pool) == 0
    assert await inbox.left_waiting(pool, timedelta(0)) == ()
    assert len(await receive(pool, keys, STREAM, [arrival("s-1")])) == 1


@pytest.mark.parametrize("of", [arrival, by_reference])
async def test_two_desks_never_wait_for_each_other(
    pool: Pool,
    keys: Keys,
    of: Callable[[str], Arrival],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same to both, the other way round: each counts once, and none fails."""
    names = [f"s-{n}" for n in range(6)]
    put = inbox.put

    async def slowly(
        conn: Connection, came: Sequence[Submission]
    ) -> dict[str, inbox.Fate]:
        found: dict[str, inbox.Fate] = {}
        for one in came:
            found |= await put(conn, [one])
            await asyncio.sleep(0.01)
        return found

    async def one(order: Sequence[str]) -> None:
        found = await receive(pool, keys, STREAM, [of(name) for name in order])
        assert all(isinstance(each, Received) for each in found)

    monkeypatch.setattr(inbox, "put", slowly)
    await asyncio.gather(one(names), one(names[::-1]))
    assert await waiting(pool) in (names, names[::-1])

"""What comes while something is under way goes together the next time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from desk.errors import DeskError
from desk.together import Together
from storage.errors import Unavailable

BAD = "slecht"


class Way:
    """A way that many go together, and what went on it."""

    def __init__(self, most: int = 3) -> None:
        """Nobody has gone yet."""
        self.went: list[list[str]] = []
        self.place: Together[str, str] = Together(most)

    async def go(self, ones: Sequence[str]) -> list[str | Exception]:
        """Take a while, and answer each."""
        self.went.append([*ones])
        await asyncio.sleep(0)
        return [LookupError(one) if one == BAD else one.upper() for one in ones]

    async def stumble(self, ones: Sequence[str]) -> list[str | Exception]:
        """Fall over one that is bad, whoever goes with it."""
        found = await self.go(ones)
        for each in found:
            if isinstance(each, Exception):
                raise each
        return found


async def test_those_who_come_meanwhile_go_together() -> None:
    """One alone does not wait; the others go in their order, so many at a time."""
    way = Way()
    first = asyncio.create_task(way.place.add("a", way.go))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [way.place.add(one, way.go) for one in "bcdef"]
    assert await asyncio.gather(first, *others) == [*"ABCDEF"]
    assert way.went == [["a"], ["b", "c", "d"], ["e", "f"]]
    assert await way.place.add("g", way.go) == "G"


async def test_each_hears_its_own_error() -> None:
    """What is wrong with one is nothing to the others."""
    way = Way()
    found = await asyncio.gather(
        *(way.place.add(one, way.go) for one in ("a", BAD, "c")),
        return_exceptions=True,
    )
    assert [found[0], found[2]] == ["A", "C"]
    assert isinstance(found[1], LookupError)


async def test_one_that_spoils_it_is_found_one_by_one() -> None:
    """Nobody fails by whom they came with."""
    way = Way()
    found = await asyncio.gather(
        *(way.place.add(one, way.stumble) for one in ("a", BAD, "c")),
        return_exceptions=True,
    )
    assert [found[0], found[2]] == ["A", "C"]
    assert isinstance(found[1], LookupError)
    assert way.went == [["a", BAD, "c"], ["a"], [BAD], ["c"]]


@pytest.mark.parametrize("error", [Unavailable("weg"), DeskError("dicht")])
async def test_what_is_wrong_for_all_is_told_to_all(error: Exception) -> None:
    """And is not tried again for each: a server that is away is waited for once."""
    way = Way()

    async def fails(ones: Sequence[str]) -> list[str | Exception]:
        way.went.append([*ones])
        raise error

    found = await asyncio.gather(
        *(way.place.add(one, fails) for one in "abc"), return_exceptions=True
    )
    assert found == [error] * 3
    assert len(way.went) == 1


async def test_who_gave_up_is_left_out() -> None:
    """And whoever gives up on the way spoils nothing."""
    way = Way()
    first = asyncio.create_task(way.place.add("a", way.go))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone, stays = (asyncio.create_task(way.place.add(o, way.go)) for o in "bc")
    await asyncio.sleep(0)
    gone.cancel()
    first.cancel()
    assert await stays == "C"
    assert ["b", "c"] not in way.went
    assert [each for went in way.went for each in went] == ["a", "c"]


async def test_nobody_waits_for_what_was_stopped() -> None:
    """Where the way itself is cut off, all who wait are."""
    way = Way(most=1)
    ones = [asyncio.create_task(way.place.add(one, asyncio_stops)) for one in "ab"]
    found = await asyncio.gather(*ones, return_exceptions=True)
    assert [type(each) for each in found] == [asyncio.CancelledError] * 2


async def asyncio_stops(_: Sequence[str]) -> list[str | Exception]:
    """Stop, as a program does that ends."""
    raise asyncio.CancelledError

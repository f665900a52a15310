"""Whoever is in haste waits; at pages too, and nobody else waits for them."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.desk.town_hall import TownHall
from tests.pages.asking import asking
from tests.pages.house import Site, house

WAITS = 429
_EACH = 3
"""So many requests of one visitor at once, and then one in twenty seconds."""

_SENT = {"kind": "remind_window", "target": "opdracht.vraag"}


@pytest.fixture(scope="module")
async def narrow(hall: TownHall) -> AsyncGenerator[Site]:
    """Give a house in which each visitor may do little at a time."""
    async with house(hall, limit_rate=0.05, limit_burst=_EACH) as opened:
        yield opened


async def told(caller: httpx.AsyncClient, where: str, times: int) -> list[int]:
    """Give how a page was answered, time after time."""
    return [(await caller.get(where)).status_code for _ in range(times)]


async def test_participants_keep_nobody_from_the_house(narrow: Site) -> None:
    """Who looks at their own page too often waits, and so do those of that dialogue."""
    stream = await asking(narrow)
    found: list[int] = []
    for who in ("anna", "bram", "carla", "dirk"):
        async with narrow.caller(await narrow.guest(stream, who)) as caller:
            found += await told(caller, "/mine", _EACH)
    assert WAITS not in found[: 3 * _EACH]
    assert found[3 * _EACH :] == [WAITS] * _EACH
    async with narrow.caller(await narrow.session("director")) as director:
        assert await told(director, "/today", 1) == [200]


async def test_a_dialogue_that_a_form_names_is_written_to(narrow: Site) -> None:
    """What today sends takes from that dialogue's room, as its own pages do."""
    stream = await narrow.dialogue()
    found: list[int] = []
    for who in ("q-1", "q-2", "q-3", "q-4"):
        session = await narrow.session("director", who)
        async with narrow.caller(session, headers={"Origin": narrow.url}) as caller:
            for _ in range(_EACH):
                form = {**_SENT, "dialogue": stream}
                found.append((await caller.post("/today", data=form)).status_code)
    assert WAITS not in found[: 3 * _EACH]
    assert found[3 * _EACH :] == [WAITS] * _EACH

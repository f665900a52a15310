"""Work beside a block ends with it, whatever comes in that very step."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

import observing.beside as besides
from observing.beside import beside
from storage.listening import Bell

SOON = 5.0


async def test_work_is_left_when_the_block_ends() -> None:
    """It went on meanwhile, and it can leave things in order."""
    said: list[str] = []

    async def work() -> None:
        said.append("begins")
        try:
            await asyncio.Event().wait()
        finally:
            said.append("ends")

    async with beside(work()):
        await asyncio.sleep(0)
        assert said == ["begins"]
    assert said == ["begins", "ends"]


async def test_what_work_failed_on_is_raised() -> None:
    """Also where it failed long before the block ended."""

    async def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        async with beside(work()):
            await asyncio.sleep(0)


async def test_work_that_forgets_its_end_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As who waits by `wait_for` does, where both come in one step."""
    monkeypatch.setattr(besides, "_AGAIN", 0.01)
    told = 0

    async def work() -> None:
        nonlocal told
        while told < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                told += 1

    async with asyncio.timeout(SOON), beside(work()):
        await asyncio.sleep(0)
    assert told == 2


async def test_the_end_of_who_waits_for_work_to_end_is_theirs() -> None:
    """Whoever is cancelled while they leave work that takes its time is cancelled."""

    async def work() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.sleep(SOON)

    async def whoever() -> None:
        async with beside(work()):
            await asyncio.sleep(0)

    leaves = asyncio.create_task(whoever())
    await asyncio.sleep(0.05)
    leaves.cancel()
    await asyncio.wait({leaves}, timeout=SOON)
    assert leaves.cancelled()


async def test_who_waits_for_a_ring_ends_when_told_in_the_step_of_the_ring() -> None:
    """Once is enough: a worker that stops while something is sealed stops."""
    bell, rings = Bell(), 0

    async def work() -> None:
        nonlocal rings
        while True:
            await bell.rung_within(60)
            rings += 1

    async with asyncio.timeout(SOON), beside(work()):
        await asyncio.sleep(0.05)
        bell.ring()
    assert rings == 0


async def test_what_is_waited_for_by_a_library_is_left_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its `wait_for` may forget the end that came in the step of what it waits for."""
    monkeypatch.setattr(besides, "_AGAIN", 0.01)
    comes = asyncio.Event()

    async def work() -> None:
        while True:
            await asyncio.wait_for(comes.wait(), 60)
            comes.clear()

    async with asyncio.timeout(SOON), beside(work()):
        await asyncio.sleep(0.05)
        comes.set()

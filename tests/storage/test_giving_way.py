"""Whoever folds long keeps nobody else waiting."""

from __future__ import annotations

import asyncio
from time import monotonic, thread_time

from domain.commands import NoteSignal
from storage.folding import fold_stream
from storage.giving_way import AFTER, GivingWay
from storage.pool import Pool
from storage.projecting import Projections
from storage.record import append
from tests.storage.dialogues import Play


async def test_others_come_first_every_few_milliseconds() -> None:
    """Work that never waits for anything lets others in all the same."""
    turns = 0
    worked = asyncio.Event()

    async def other() -> None:
        nonlocal turns
        while not worked.is_set():
            turns += 1
            await asyncio.sleep(0)

    async def work() -> None:
        way = GivingWay()
        for _ in range(20):
            until = monotonic() + AFTER
            while monotonic() < until:
                pass
            await way.now_and_then()
        worked.set()

    await asyncio.gather(work(), other())
    assert turns >= 20


async def test_a_fold_lets_others_in(pool: Pool) -> None:
    """While a long dialogue is folded other tasks of the process go on."""
    play = Play()
    await append(pool, play.batch(play.starts()), Projections())
    for _ in range(6):
        first = len(play.sealed)
        for number in range(50):
            said = NoteSignal(type="zaak", source=f"s-{number}")
            play.does(said, cause=f"c-{first}-{number}")
        await append(pool, play.batch(play.sealed[first:]), Projections())
    most, folded = 0.0, asyncio.Event()

    async def other() -> None:
        nonlocal most
        while not folded.is_set():
            before = thread_time()
            await asyncio.sleep(0)
            most = max(most, thread_time() - before)

    beside = asyncio.create_task(other())
    begun = thread_time()
    moment = await fold_stream(pool, play.stream)
    whole = thread_time() - begun
    folded.set()
    await beside
    assert moment.seq == len(play.sealed)
    assert most < max(whole / 3, 4 * AFTER)

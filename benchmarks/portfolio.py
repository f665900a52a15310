"""What a question takes where ten thousand dialogues and two million events are.

The record is a town (`benchmarks.town`), in a database of its own. Each question is put
as the desk puts it, by one reader after another, each time about somebody or something
else: so most of it is not in PostgreSQL's own memory. Making the town takes some
minutes and gigabytes, so it is done only by name: `--only portfolio`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import psycopg

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.made import database
from benchmarks.measuring import Operation, Samples, in_rounds
from benchmarks.sizes import Sizes
from benchmarks.town import CITY, DIRECTOR, Size, Town, build
from desk.desk import Desk
from desk.listing import every_dialogue
from desk.reading import find
from desk.today import Today, counts, today
from storage.keys import Keys, beside
from storage.pool import connect, make_pool
from storage.queries import deadlines, entries, events, summaries
from storage.verify import Share, check_share, snapshot

BOUND: Final = 20
"""Milliseconds that 95 of 100 answers may take."""

TODAY: Final = 60
"""The same, for all that needs somebody today."""

_PAGE: Final = 50
_DRAWS: Final = 500
_NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)

Question = Callable[[], Awaitable[Any]]


async def portfolio(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Make a town, and ask what people ask."""
    async with database(ground) as url:
        began = time.perf_counter()
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
            town = await build(conn, size_of(sizes))
        seconds = time.perf_counter() - began
        await _check(url, town)
        async with make_pool(url) as pool, Keys(beside(url)) as keys:
            desk = Desk(pool, keys, ground.temporal)
            asked = _questions(desk, town)
            samples = await in_rounds(
                {what: Operation(ask) for what, ask in asked.items()},
                sizes.questions,
                pause=0.005,
            )
    note = f"{len(town.streams):,} dialogues, {town.events:,} events"
    return [
        Figure(
            name="portfolio", what="making the town", value=seconds, unit="s", note=note
        ),
        *_figures(samples),
    ]  # fmt: skip


def size_of(sizes: Sizes) -> Size:
    """Give how large a town of these sizes is."""
    played = min(200, sizes.portfolio // 5)
    return Size(
        played=played,
        copies=sizes.portfolio // played,
        events=200,
        organisations=min(10, played),
    )


async def _check(url: str, town: Town) -> None:
    """See that the record of some of the town is sound, its projections too."""
    some = sorted(town.streams)[: len(town.streams) // 50 + 1]
    share = Share(some[0], some[-1])
    async with await connect(url) as conn, snapshot(conn):
        part = await check_share(conn, share, None)
    assert not part.listed, part.listed[:3]


def _questions(desk: Desk, town: Town) -> Mapping[str, Question]:
    chance = Random(1)

    def stream() -> str:
        return chance.choice(town.streams)

    def organisation() -> str:
        return chance.choice((CITY, *town.organisations))

    def director() -> str:
        return chance.choice(town.directors)

    week = timedelta(days=7)
    return {
        "an organisation's portfolio: 50 dialogues": lambda: summaries(
            desk.pool, organisation=organisation(), limit=_PAGE
        ),
        "what in it needs a person": lambda: summaries(
            desk.pool, organisation=organisation(), attention=True, limit=_PAGE
        ),
        "all dialogues of one director": lambda: _all(
            every_dialogue(desk, actor=director())
        ),
        "what falls due in an organisation within a week": lambda: deadlines(
            desk.pool, organisation=organisation(), until=_NOW + week, limit=_PAGE
        ),
        "one dialogue, its whole state": lambda: find(desk.pool, stream()),
        "one of its lists": lambda: entries(desk.pool, stream(), "role"),
        "a page of its history": lambda: events(desk.pool, stream(), limit=_PAGE),
        **_today(desk, town, chance),
    }


def _today(desk: Desk, town: Town, chance: Random) -> Mapping[str, Question]:
    async def second() -> Today:
        first = await today(desk, None, "nl", CITY)
        return await today(desk, None, "nl", CITY, after=first.after)

    return {
        "today: one director, of 50 dialogues": lambda: today(
            desk, chance.choice(town.directors), "nl"
        ),
        "today: an organisation with 50 dialogues": lambda: today(
            desk, None, "nl", chance.choice(town.organisations)
        ),
        "today: an organisation with all of them": lambda: today(
            desk, None, "nl", CITY
        ),
        "today: who directs all of them": lambda: today(desk, DIRECTOR, "nl"),
        "today: the same, one kind": lambda: today(
            desk, DIRECTOR, "nl", kinds=["window_closes_soon"]
        ),
        "today: two pages of all of them": second,
        "today: how much there is of each kind": lambda: counts(desk, None, CITY),
    }


async def _all(rows: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in rows]


def _figures(samples: Samples) -> list[Figure]:
    return [
        p95("portfolio", what, seconds, _bound(what))
        for what, seconds in samples.items()
    ]


def _bound(what: str) -> float:
    if not what.startswith("today"):
        return BOUND
    return 2 * TODAY if "two pages" in what else TODAY


def p95(name: str, what: str, seconds: list[float], bound: float | None) -> Figure:
    """Give the time that 95 of 100 answers stay within, and its interval."""
    chance = Random(1)
    drawn = sorted(
        _within(chance.choices(seconds, k=len(seconds))) for _ in range(_DRAWS)
    )
    half = sorted(seconds)[len(seconds) // 2]
    return Figure(
        name=name,
        what=f"{what}, p95",
        value=_within(seconds),
        unit="ms",
        low=drawn[_DRAWS // 40],
        high=drawn[-_DRAWS // 40],
        bound=bound,
        note=f"p50 {1_000 * half:.1f} ms",
    )


def _within(seconds: list[float]) -> float:
    ordered = sorted(seconds)
    return 1_000 * ordered[max(0, -(-95 * len(ordered) // 100) - 1)]

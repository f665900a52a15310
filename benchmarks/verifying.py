"""What it costs to check a record, beside only reading it.

Reading is what a plain program would do: the same columns of the same rows through a
cursor, 500 at a time, every body parsed by `json.loads`, in one process. Checking has
two depths: the proof alone (bytes, hashes, chain, ids, columns and heads), and all of
``verify --all``, for which every other event has a private value to open, and every
dialogue is folded again and compared with its projection.
"""

from __future__ import annotations

import json
import os
from typing import Final

from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.made import database, fill
from benchmarks.measuring import Operation, Samples, in_rounds, ratio
from benchmarks.sizes import Sizes
from storage.pool import connect
from storage.verify import Share, pages, snapshot
from storage.verify_shares import verify_record

EACH: Final = 1_000
"""How many events a dialogue has."""

ENOUGH: Final = 100_000
"""With fewer events other processes have hardly started when all is checked."""

_PAGE: Final = 500
_READ: Final = """SELECT stream, seq, event_id::text, encode(hash, 'hex'),
    encode(prev, 'hex'), type, at, cause, actor_id, actor_role, body, recorded_at
FROM audit.event ORDER BY stream, seq"""
_BODY: Final = 10


async def verifying(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Read and check the same record, in turns: one of proofs, and one of all."""
    return [*await _proof(ground, sizes), *await _whole(ground, sizes)]


async def _proof(ground: Ground, sizes: Sizes) -> list[Figure]:
    cores = _cores()
    async with database(ground) as url:
        await fill(url, ground.organisation, *_shape(sizes.recorded), private=False)
        samples = await in_rounds(
            {
                "read": Operation(lambda: _read(url)),
                "again": Operation(lambda: _read(url)),
                "pages": Operation(lambda: _read_pages(url)),
                "one": Operation(lambda: _check(url, 1, proof_only=True)),
                "all": Operation(lambda: _check(url, cores, proof_only=True)),
            },
            sizes.checks,
            warming=1,
            pause=0,
        )
        events = await _read(url)
    read = samples["read"]
    told = _rates(samples, events)
    enough = events >= ENOUGH
    return [
        compared(
            "verify", "read ÷ read again (A/A)", ratio(read, samples["again"]),
            note=told["again"],
        ),
        compared(
            "verify", f"proof of {events:,} events, one core ÷ read",
            ratio(read, samples["one"]), bound=0.35 if enough else None, aim=0.5,
            at_least=True, note=told["one"],
        ),
        compared(
            "verify", f"the same, {cores} cores ÷ read",
            ratio(read, samples["all"]), bound=0.6 if enough else None, aim=0.9,
            at_least=True, note=told["all"],
        ),
        compared(
            "verify", "the same, one core ÷ read by the checker's own reader",
            ratio(samples["pages"], samples["one"]), note=told["pages"],
        ),
    ]  # fmt: skip


async def _whole(ground: Ground, sizes: Sizes) -> list[Figure]:
    cores = _cores()
    async with database(ground) as url:
        await fill(url, ground.organisation, *_shape(sizes.private), private=True)
        samples = await in_rounds(
            {
                "read": Operation(lambda: _read(url)),
                "one": Operation(lambda: _check(url, 1, proof_only=False)),
                "all": Operation(lambda: _check(url, cores, proof_only=False)),
            },
            sizes.checks,
            warming=1,
            pause=0,
        )
        events = await _read(url)
    told = _rates(samples, events)
    return [
        compared(
            "verify", f"vault and projections of {events:,} as well, one core ÷ read",
            ratio(samples["read"], samples["one"]), note=told["one"],
        ),
        compared(
            "verify", f"the same, {cores} cores ÷ read",
            ratio(samples["read"], samples["all"]), note=told["all"],
        ),
    ]  # fmt: skip


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _shape(events: int) -> tuple[int, int]:
    """Give how many dialogues of how many events that comes to."""
    return max(2, events // EACH), min(EACH, events // 2)


def _rates(samples: Samples, events: int) -> dict[str, str]:
    return {
        name: f"{events / sorted(found)[len(found) // 2]:,.0f} events/s"
        for name, found in samples.items()
    }


async def _read(url: str) -> int:
    """Read all events, and do nothing but parse them."""
    events = 0
    async with (
        await connect(url) as conn,
        snapshot(conn),
        conn.cursor("benchmark_read") as cursor,
    ):
        cursor.itersize = _PAGE
        await cursor.execute(_READ)
        async for row in cursor:
            json.loads(row[_BODY])
            events += 1
    return events


async def _read_pages(url: str) -> None:
    """Read all events as the check does, and do nothing but parse them."""
    async with await connect(url) as conn, snapshot(conn):
        async for page in pages(conn, Share()):
            for row in page:
                json.loads(row.body)


async def _check(url: str, processes: int, *, proof_only: bool) -> None:
    report = await verify_record(url, processes, proof_only=proof_only)
    assert report.sound, report.findings[:3]

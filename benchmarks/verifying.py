"""What it costs to check a record, beside only reading it.

Reading is the same SELECT, every row of it parsed as JSON, in one process. Checking has
two depths: the proof alone (bytes, hashes, chain, ids, columns, heads and log), and all
of ``verify --all``, for which every other event has a private value to open, and every
dialogue is folded again and compared with its projection.
"""

from __future__ import annotations

import json
import os

from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.made import database, fill
from benchmarks.measuring import Operation, in_rounds, ratio
from benchmarks.sizes import Sizes
from storage.pool import connect
from storage.statements import statement
from storage.verify import PAGE, Share, snapshot
from storage.verify_shares import verify_record

DIALOGUES = 40


async def verifying(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Read and check the same record, in turns."""
    cores = len(os.sched_getaffinity(0))
    async with database(ground) as url:
        each = max(50, sizes.recorded // DIALOGUES)
        await fill(url, ground.organisation, DIALOGUES, each)
        samples = await in_rounds(
            {
                "read": Operation(lambda: _read(url)),
                "read_again": Operation(lambda: _read(url)),
                "events": Operation(lambda: _check(url, 1, folded=False)),
                "events_all": Operation(lambda: _check(url, cores, folded=False)),
                "whole": Operation(lambda: _check(url, 1, folded=True)),
                "whole_all": Operation(lambda: _check(url, cores, folded=True)),
            },
            sizes.checks,
            warming=1,
            pause=0,
        )
        events = await _read(url)
    read = samples["read"]

    def rate(name: str) -> str:
        found = sorted(samples[name])
        return f"{events / found[len(found) // 2]:,.0f} events/s"

    told = f"of {events:,} events in {DIALOGUES} dialogues"
    return [
        compared(
            "verify", "read ÷ read again (A/A)", ratio(read, samples["read_again"]),
            note=rate("read_again"),
        ),
        compared(
            "verify", f"the proof alone, one core ÷ read, {told}",
            ratio(read, samples["events"]), bound=0.35, aim=0.5, at_least=True,
            note=rate("events"),
        ),
        compared(
            "verify", f"the proof alone, {cores} cores ÷ read",
            ratio(read, samples["events_all"]), bound=0.6, aim=0.9, at_least=True,
            note=rate("events_all"),
        ),
        compared(
            "verify", "vault and projections as well, one core ÷ read",
            ratio(read, samples["whole"]), note=rate("whole"),
        ),
        compared(
            "verify", f"vault and projections as well, {cores} cores ÷ read",
            ratio(read, samples["whole_all"]), note=rate("whole_all"),
        ),
    ]  # fmt: skip


async def _read(url: str) -> int:
    """Read all events as the verifier does, and do nothing but parse them."""
    events = 0
    async with (
        await connect(url) as conn,
        snapshot(conn),
        conn.cursor("benchmark_read") as cursor,
    ):
        cursor.itersize = PAGE
        await cursor.execute(statement("verify", "events"), Share()._asdict())
        body = [column.name for column in cursor.description or ()].index("body")
        async for row in cursor:
            json.loads(row[body])
            events += 1
    return events


async def _check(url: str, processes: int, *, folded: bool) -> None:
    report = await verify_record(url, processes, proof_only=not folded)
    assert report.sound, report.findings[:3]

"""What the record costs by itself: appending beside a bare COPY of the same rows.

The table that is copied to has the columns and keys of `audit.event`, and nothing is
checked or kept up: no hash and chain, no head, no projection. Each batch is a commit
of its own on either side.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from benchmarks.dialogues import connected
from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.measuring import Operation, Samples, in_rounds, ratio
from benchmarks.script import Script
from benchmarks.sizes import Sizes
from storage.batch import Batch, check, columns
from storage.pool import Pool, make_pool
from storage.projecting import Projections
from storage.record import append

BATCH: Final = 50
WARMING: Final = 3
Row = tuple[object, ...]
Connection = psycopg.AsyncConnection[Any]

_TABLES: Final[dict[str, LiteralString]] = {
    "copied": "(LIKE audit.event INCLUDING ALL)",
    "copied_again": "(LIKE audit.event INCLUDING ALL)",
    "heap": "(LIKE audit.event)",
}
_COPY: Final = """COPY benchmark.{} (stream, seq, event_id, hash, prev, type, at, cause,
    actor_id, actor_role, body, recorded_at, txid, db_epoch) FROM STDIN"""


async def appending(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Append batches and copy the same rows, in turns."""
    async with (
        make_pool(ground.database) as pool,
        connected(ground) as conn,
        _tables(conn),
    ):
        count = sizes.batches + WARMING
        plain, folded = (
            Script(f"{ground.organisation}:plain"),
            Script(f"{ground.organisation}:folded"),
        )
        projections = Projections()
        await append(pool, plain.start())
        await append(pool, folded.start(), projections)
        batches = [plain.next(BATCH) for _ in range(count)]
        samples = await in_rounds(
            {
                "append": _appends(pool, batches, None),
                "projecting": _appends(
                    pool, [folded.next(BATCH) for _ in range(count)], projections
                ),
                **{table: _copies(conn, table, batches) for table in _TABLES},
            },
            sizes.batches,
            warming=WARMING,
            pause=0,
        )
    return _figures(samples)


def _figures(samples: Samples) -> list[Figure]:
    def rows(row: str) -> str:
        found = sorted(samples[row])
        return f"{BATCH / found[len(found) // 2]:,.0f} rows/s"

    copied = samples["copied"]
    return [
        compared(
            "append", "COPY ÷ COPY again (A/A)", ratio(copied, samples["copied_again"]),
            note=rows("copied_again"),
        ),
        compared(
            "append", f"append ÷ COPY, rows/s, batches of {BATCH}",
            ratio(copied, samples["append"]), bound=0.4, at_least=True,
            note=f"{rows('append')} ÷ {rows('copied')}",
        ),
        compared(
            "append", "append with projections ÷ COPY",
            ratio(copied, samples["projecting"]), note=rows("projecting"),
        ),
        compared(
            "append", "append ÷ COPY to a table without keys",
            ratio(samples["heap"], samples["append"]), note=rows("heap"),
        ),
    ]  # fmt: skip


def _appends(
    pool: Pool, batches: Sequence[Batch], projections: Projections | None
) -> Operation:
    left = iter(batches)

    async def act() -> object:
        return await append(pool, next(left), projections)

    return Operation(act)


def _copies(conn: Connection, table: str, batches: Sequence[Batch]) -> Operation:
    copy = sql.SQL(_COPY).format(sql.Identifier(table))
    left: Iterator[list[Row]] = iter([_rows(batch) for batch in batches])

    async def act() -> None:
        async with conn.cursor() as cursor, cursor.copy(copy) as copying:
            for row in next(left):
                await copying.write_row(row)

    return Operation(act)


def _rows(batch: Batch) -> list[Row]:
    """Give the rows that an append of this batch would write."""
    given: dict[str, Any] = columns(batch, check(batch))
    prev = [bytes.fromhex(batch.after_hash), *given["hashes"]]
    now = datetime.now(UTC)
    return [
        (
            batch.stream,
            batch.after_seq + 1 + n,
            given["ids"][n],
            given["hashes"][n],
            prev[n],
            given["types"][n],
            given["ats"][n],
            given["causes"][n],
            given["actors"][n],
            given["roles"][n],
            given["bodies"][n],
            now,
            "1000",
            1,
        )
        for n in range(len(batch.events))
    ]


@asynccontextmanager
async def _tables(conn: Connection) -> AsyncGenerator[None]:
    """Make the tables to copy to, and drop them afterwards."""
    await conn.execute("DROP SCHEMA IF EXISTS benchmark CASCADE")
    await conn.execute("CREATE SCHEMA benchmark")
    try:
        for name, form in _TABLES.items():
            make = sql.SQL("CREATE TABLE benchmark.{} " + form)
            await conn.execute(make.format(sql.Identifier(name)))
        yield
    finally:
        await conn.execute("DROP SCHEMA benchmark CASCADE")

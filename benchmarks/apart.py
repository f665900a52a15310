"""What is measured of another process, done there: `python -m benchmarks.apart`.

    seal URL KEY    seals as the worker does, between the lines "on" and "off"
    once URL KEY    seals all there is
    verify URL KEY  checks the whole record and its log, on all cores

It answers in lines of JSON: what was done, in how many seconds, and the most memory
that it, or a process it started, held at a time.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any, Final

from activities.sealing import rest
from storage.destroying import destroyed
from storage.logkey import read
from storage.pool import Pool, connect, make_pool
from storage.sealing import Sealer
from storage.verify import snapshot
from storage.verify_log import verify_log
from storage.verify_shares import verify_record

_LONG: Final = 24 * 3_600


async def seal(url: str, key: Path) -> None:
    """Seal on command: ``off`` also seals what is left, which counts for nothing."""
    sealer = Sealer(read(key))
    loop = asyncio.get_running_loop()
    async with make_pool(url, max_size=1) as pool:
        say(ready=True)
        order = loop.run_in_executor(None, sys.stdin.readline)
        while (line := (await order).strip()) in {"on", "off"}:
            order = loop.run_in_executor(None, sys.stdin.readline)
            added, seconds = 0, 0.0
            if line == "on":
                added, seconds = await _at_once(sealer, pool, order)
            else:
                await sealer.seal(pool)
            say(added=added, seconds=seconds)


async def _at_once(
    sealer: Sealer, pool: Pool, order: asyncio.Future[str]
) -> tuple[int, float]:
    """Seal until there is another order; give how many leaves it took how long.

    In the worker's rhythm while somebody records all the time, so that it is always
    woken.
    """
    added, seconds = 0, 0.0
    while not order.done():
        began = time.perf_counter()
        made = await sealer.seal(pool)
        took = time.perf_counter() - began
        seconds += took
        added += made.added if made else 0
        await asyncio.wait([order], timeout=rest(took))
    return added, seconds


async def once(url: str, key: Path) -> None:
    """Seal all there is."""
    began = time.perf_counter()
    async with make_pool(url, max_size=1, statement_seconds=_LONG) as pool:
        made = await Sealer(read(key)).seal(pool, publish=True)
    assert made is not None
    say(added=made.added, seconds=time.perf_counter() - began)


async def verify(url: str, key: Path) -> None:
    """Check record and log as ``polder audit verify --all --proof`` does."""
    began = time.perf_counter()
    report = await verify_record(url, proof_only=True)
    record = time.perf_counter() - began
    conn = await connect(url, statement_seconds=_LONG)
    async with conn, snapshot(conn):
        gone = frozenset(await destroyed(conn))
        log = await verify_log(conn, read(key).vkeys, None, gone)
    assert report.sound, report.findings[:3]
    assert not log.findings, log.findings[:3]
    took = {"record": record, "seconds": time.perf_counter() - began}
    say(events=report.events, leaves=log.leaves, **took)


def say(**facts: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Answer in a line."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    most = max(_own_kilobytes(), children)
    print(json.dumps({**facts, "megabytes": most / 1024}), flush=True)


def _own_kilobytes() -> int:
    """Give the most memory this process held itself.

    On Linux `getrusage` begins with what the process that started this one held, which
    may be much more.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    held = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(held.split()[1])


if __name__ == "__main__":
    act = {"seal": seal, "once": once, "verify": verify}[sys.argv[1]]
    asyncio.run(act(sys.argv[2], Path(sys.argv[3])))

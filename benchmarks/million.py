"""A million events, sealed and checked: how long it takes, and in how much memory.

Recording them is not counted. It takes some minutes and two gigabytes of disk, so it
is done only when it is asked for: `--only million`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.made import database, fill
from benchmarks.other import apart
from benchmarks.sizes import Sizes
from storage.logkey import create

MEMORY: Final = 500
"""Megabytes that each process may hold at most."""


async def million(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Seal and check a long record, each in a process of its own."""
    key = ground.directory / "keys" / "million.key"
    create(key, "benchmark")
    async with database(ground) as url:
        dialogues = max(1, sizes.million // 1_000)
        await fill(url, ground.organisation, dialogues, 1_000, private=False)
        sealed = await _told("once", url, key)
        checked = await _told("verify", url, key)
    events = f"{checked['events']:,} events"
    record = checked["record"]
    of_record = f"record {record:.0f} s, log {checked['seconds'] - record:.0f} s"
    return [
        _time(f"{events} sealed", sealed),
        _memory("the sealer's memory, at most", sealed),
        _time(f"{events} checked, all cores", checked, of_record),
        _memory("memory of a process that checks, at most", checked),
    ]


async def _told(act: str, url: str, key: Path) -> dict[str, Any]:
    async with apart(act, url, key) as other:
        return await other.told()


def _time(what: str, told: dict[str, Any], note: str = "") -> Figure:
    return Figure(name="million", what=what, value=told["seconds"], unit="s", note=note)


def _memory(what: str, told: dict[str, Any]) -> Figure:
    return Figure(
        name="million", what=what, value=told["megabytes"], unit="MB", bound=MEMORY
    )

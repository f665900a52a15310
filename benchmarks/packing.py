"""What a pack of 1,000 events costs to make, to check and to carry."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from zipfile import ZipFile

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.made import database, fill
from benchmarks.sizes import Sizes
from evidence.canonical import canonical
from evidence.pack import write_pack
from evidence.tree import inclusion_places, inclusion_proof
from storage import packing as packs
from storage.keys import Keys, beside
from storage.logkey import LogKey, create
from storage.packing import Withheld
from storage.pool import connect, make_pool
from storage.sealing import seal

MILLION = 1_000_000


async def packing(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Make a pack, and check it by its own program; median of some tries.

    Making takes a census and a checkpoint first, and ends with the bytes of the file.
    """
    key = create(ground.directory / "keys" / "log.key", "benchmark")
    made: list[float] = []
    content = b""
    async with database(ground) as url:
        await fill(url, ground.organisation, 3, sizes.packed, private=True)
        async with make_pool(url) as pool:
            await seal(pool, key)
        for _ in range(sizes.packs):
            began = time.perf_counter()
            content = await _make(url, key, f"{ground.organisation}:d1")
            made.append(time.perf_counter() - began)
    pack = ground.directory / "pack.zip"
    pack.write_bytes(content)
    with_library, without = await asyncio.to_thread(_checked, pack, key, sizes.packs)
    return [
        _seconds(f"a pack of {sizes.packed:,} events, made", made, 2),
        _seconds("the same, checked by its own verify.py", with_library, 1),
        _seconds("the same, without a cryptography library", without, 1),
        Figure(
            name="pack", what="an inclusion proof at 10⁶ leaves, the longest line",
            value=longest_line(), unit="bytes", bound=1_000,
            note=f"the whole pack: {len(content) / 1024:,.0f} kB",
        ),
    ]  # fmt: skip


def longest_line(size: int = MILLION) -> int:
    """Count the bytes of the longest line of ``proofs.jsonl`` in a log of this size.

    Audit paths are longest on the left, below the largest power of two.
    """
    below = 1 << (size - 1).bit_length() - 1
    lines = [
        {
            "leaf_index": index,
            "proof": ["A" * 44] * _path(index, size),
            "seq": size,
        }
        for index in (0, below - 1, below, size - 1)
    ]
    return max(len(canonical(line)) + 1 for line in lines)


def _path(index: int, size: int) -> int:
    nodes = dict.fromkeys(inclusion_places(index, size), bytes(32))
    return len(inclusion_proof(index, size, nodes))


async def _make(url: str, key: LogKey, stream: str) -> bytes:
    async with Keys(beside(url)) as keys, await connect(url) as conn:
        made = await seal(conn, key, publish=True)
        assert made is not None
        contents = await packs.contents(
            conn,
            keys,
            stream,
            made.size,
            key.vkey,
            created_by="p-1",
            withheld=Withheld(),
        )
    return write_pack(contents, key.private)


def _checked(pack: Path, key: LogKey, times: int) -> tuple[list[float], list[float]]:
    """Give the seconds of whole processes, with the library and without it."""
    with ZipFile(pack) as file:
        program = pack.with_name("verify.py")
        program.write_bytes(file.read("verify.py"))
    asked = [str(program), str(pack), "--key", str(key.vkey)]
    return (
        [_run([sys.executable, *asked]) for _ in range(times)],
        # Isolated, and without the place where libraries are.
        [_run([sys.executable, "-I", "-S", *asked]) for _ in range(times)],
    )


def _run(program: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(program, check=True, capture_output=True)
    return time.perf_counter() - began


def _seconds(what: str, times: list[float], bound: float) -> Figure:
    told = f"{min(times):.2f}–{max(times):.2f} s of {len(times)}"
    return Figure(
        name="pack", what=what, value=median(times), unit="s", bound=bound, note=told
    )

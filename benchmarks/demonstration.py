"""How long `polder demo` takes: from nothing, on servers of its own."""

from __future__ import annotations

import asyncio
import sys
import time

from benchmarks.figures import Figure
from benchmarks.ground import ROOT, Ground
from benchmarks.sizes import Sizes


async def demonstration(_ground: Ground, sizes: Sizes) -> list[Figure]:
    """Run the demo as a person does, and time it."""
    if not sizes.demo:
        return []
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "demo"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    seconds = time.monotonic() - began
    if process.returncode:
        words = said.decode(errors="replace")[-2_000:]
        raise RuntimeError(f"polder demo ended with {process.returncode}:\n{words}")
    return [Figure(name="demo", what="polder demo", value=seconds, unit="s", bound=90)]

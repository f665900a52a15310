"""A process of its own that does one thing, asked and answered by lines."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.ground import ROOT


class Other(NamedTuple):
    """The process `benchmarks.apart`."""

    process: Process

    async def told(self) -> dict[str, Any]:
        """Wait for the next line of what it says."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        assert line, "the process that is measured ended"
        return json.loads(line)

    async def order(self, word: str) -> None:
        """Send a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n".encode())
        await self.process.stdin.drain()


@asynccontextmanager
async def apart(act: str, url: str, key: Path) -> AsyncGenerator[Other]:
    """Start it, and end it with the block."""
    program = (sys.executable, "-m", "benchmarks.apart", act, url, str(key))
    process = await asyncio.create_subprocess_exec(
        *program, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        yield Other(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()

"""Polder's worker as processes, as many as a test wants, each to be killed at will."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from servers.worker import WorkerProcess


@dataclass
class Workers:
    """Worker processes with one set of settings; each logs to a file of its own."""

    settings: Mapping[str, str]
    directory: Path
    processes: list[WorkerProcess] = field(default_factory=list[WorkerProcess])

    async def start(self, count: int) -> None:
        """Start so many more, and wait until each says that it is ready."""
        before = len(self.processes)
        new = [
            WorkerProcess(self.directory / f"worker-{number}", self.settings)
            for number in range(before, before + count)
        ]
        self.processes += new
        await asyncio.gather(*(each.start() for each in new))

    async def kill(self, number: int) -> None:
        """End one as a power cut would."""
        await self.processes[number].kill()

    async def stop(self) -> None:
        """Ask all that run to end, and see to it that they do so in order."""
        live = [each for each in self.processes if each.pid is not None]
        await asyncio.gather(*(each.stop() for each in live))
        for number, each in enumerate(live):
            assert each.orderly, f"running worker {number} did not end in order"

"""Polder's worker as processes, as many as a test wants, each to be killed at will."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.compose import ROOT


@dataclass
class Workers:
    """Worker processes with one set of settings; each logs to a file of its own."""

    settings: Mapping[str, str]
    directory: Path
    processes: list[Process] = field(default_factory=list[Process])

    async def start(self, count: int) -> None:
        """Start so many more, and wait until each says that it is ready."""
        before = len(self.processes)
        for number in range(before, before + count):
            with self._log(number).open("wb") as log:
                self.processes.append(
                    await asyncio.create_subprocess_exec(
                        *(sys.executable, "-m", "worker"),
                        cwd=ROOT,
                        env=self.settings,
                        stdout=log,
                        stderr=log,
                    )
                )
        for number in range(before, before + count):
            await self._until_ready(number)

    async def kill(self, number: int) -> None:
        """End one as a power cut would."""
        self.processes[number].kill()
        await self.processes[number].wait()

    async def stop(self) -> None:
        """Ask all that run to end, and see to it that they do so in order."""
        live = [n for n, each in enumerate(self.processes) if each.returncode is None]
        for number in live:
            self.processes[number].terminate()
        for number in live:
            code = await asyncio.wait_for(self.processes[number].wait(), 60)
            assert code == 0, (
                f"worker {number} ended with {code}:\n{self._said(number)}"
            )

    async def _until_ready(self, number: int) -> None:
        for _ in range(300):
            if "worker ready" in self._said(number):
                return
            if self.processes[number].returncode is not None:
                break
            await asyncio.sleep(0.1)
        message = f"worker {number} is not ready:\n{self._said(number)}"
        raise AssertionError(message)

    def _said(self, number: int) -> str:
        return self._log(number).read_text(errors="replace")[-4000:]

    def _log(self, number: int) -> Path:
        return self.directory / f"worker-{number}.log"

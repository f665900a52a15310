"""What comes over one stream, line by line, and a dialogue that grows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from tests.api.conftest import Api


class Heard:
    """What came over one stream."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        """Read lines."""
        self._lines = lines
        self.last = ""

    async def frame(self) -> dict[str, str]:
        """Give the next group of lines, by field."""
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if not line and found:
                    break
                name, _, value = line.partition(":")
                found[name] = value.strip()
            else:
                raise EOFError
        self.last = found.get("id", self.last)
        return found

    async def event(self) -> dict[str, Any]:
        """Give the next event."""
        while True:
            found = await self.frame()
            if "data" in found:
                told = json.loads(found["data"])
                assert found["id"] == str(told["leaf"])
                assert found["event"] == told["type"]
                return told

    async def ended(self) -> bool:
        """Wait until nothing comes any more."""
        try:
            while True:
                await self.frame()
        except EOFError:
            return True


async def grown(api: Api, *, dialogue: str | None = None) -> str:
    """Give a dialogue with everything in it sealed."""
    stream = dialogue or await api.hall.dialogue(words=False)
    if dialogue:
        await api.hall.says(stream, "anna")
    await api.hall.seals()
    return stream

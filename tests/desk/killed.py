"""Carries out an erasure in a process of its own, and is killed at one of its steps."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any
from unittest.mock import patch

from desk import executing
from desk.desk import open_desk
from storage.keys import Keys

STEPS = {
    "prepare": (executing.erasing, "prepare"),
    "tell": (executing, "tell"),
    "key": (Keys, "destroy"),
    "note": (executing, "note"),
    "finish": (executing.erasing, "finish"),
}


async def main(arguments: list[str]) -> None:
    """Take the database, Temporal, namespace, organisation, erasure and step."""
    database, temporal, namespace, organisation, erasure, step = arguments
    place, name = STEPS[step]
    whole = getattr(place, name)

    async def dies(*told: Any, **more: Any) -> None:  # noqa: ANN401
        await whole(*told, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    with patch.object(place, name, dies):
        async with open_desk(database, temporal, namespace) as desk:
            await executing.execute(desk, organisation, erasure, None)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

"""A pack is made beside whatever else a process does: to check one takes both hands.

In a thread with connections of its own, behind the wall of whoever asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from desk.access.caller import Caller
from desk.access.walls import Walled
from desk.desk import Desk, Sender, open_desk
from desk.packs import make_pack

_AT_ONCE: Final = asyncio.Semaphore(1)
"""Packs are made one after another: each takes a core, and memory of its size."""


class Maker(NamedTuple):
    """What a pack is made with."""

    database: str
    sealing: str
    """The record again, as a login that may seal; nothing of a caller goes there."""
    keys: str | None
    """Where the keys of the vault are; beside the record if None."""
    log_key: str
    """The file of the log's key."""


async def pack_apart(
    maker: Maker, caller: Caller, stream: str, withhold: Sequence[str] = ()
) -> bytes:
    """Make a pack for a caller, with what they may read; raises as `make_pack`.

    A token without the scope ``private`` opens nothing, whoever it speaks for.
    """
    closed = [*withhold] if "private" in caller.scopes else [*withhold, "all"]

    async def make() -> bytes:
        async with open_desk(
            maker.database, "", keys=maker.keys, walled=True
        ) as outside:
            desk: Desk = outside.within(Walled(outside.pool, caller.badge))
            made = await make_pack(
                desk,
                maker.sealing,
                Path(maker.log_key),
                stream,
                created_by=caller.actor,
                reader=Sender(caller.actor),
                withhold=closed,
            )
            return made.content

    async with _AT_ONCE:
        return await asyncio.to_thread(asyncio.run, make())

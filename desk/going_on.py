"""A dialogue whose record was caught up goes on: by itself where that can be.

One that runs is told to try the record again, and only where that does not help, or
none runs, it is restored from the record. Then it says itself which private values it
has lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Literal

from temporalio.client import Client
from temporalio.service import RPCError

from desk.desk import Desk
from desk.errors import Refused, Unreachable
from desk.histories import Told, ask
from desk.reachable import one_line
from desk.restoring import SILENT
from domain.erasures import ERASED
from storage.absent import streams, unnamed
from storage.ownlog import append
from storage.pool import Source
from storage.projecting import Projections
from storage.record import head
from workflows.again import RECORD_AGAIN
from workflows.erasing import LOOK_UP

_PAUSE: Final = 0.1
_PATIENCE: Final = timedelta(seconds=20)

WentOn = Literal["by_itself", "restored", "ended", "stays"]
"""How a dialogue goes on; ``stays``: not at all."""


async def go_on(desk: Desk, client: Client, stream: str, told: Told) -> WentOn:
    """See to it that a dialogue whose events are on record goes on; tell how."""
    held_now = await head(desk.pool, stream)
    if held_now is None or told.life == "silent":
        return "stays"
    if told.life == "ended":
        return "ended"
    if told.life == "running" and await _records_again(client, stream):
        return "by_itself"
    try:
        await desk.restore(stream, supersede=told.life == "running")
    except Refused as refused:
        if refused.name == "DialogueEnded":
            return "ended"
        raise
    return "restored"


async def _records_again(client: Client, stream: str) -> bool:
    """Let a running dialogue try the record again; tell whether nothing waits then."""
    handle = client.get_workflow_handle(stream)
    try:
        await handle.signal(RECORD_AGAIN)
    except RPCError as error:
        raise Unreachable(SILENT, problem=one_line(error)) from error
    loop = asyncio.get_running_loop()
    until = loop.time() + _PATIENCE.total_seconds()
    while loop.time() < until:
        told = await ask(client, stream)
        if told.life == "ended" or (told.life == "running" and not told.waits):
            return True
        await asyncio.sleep(_PAUSE)
    return False


async def say_lost(source: Source, client: Client, stream: str, went_on: WentOn) -> int:
    """Let the dialogue say which private values it has lost; return how many.

    One that runs says it itself, as of every value that never came.
    """
    lost = await unnamed(source, stream)
    if not lost:
        return 0
    if went_on == "ended":
        for cause, paths in lost:
            data: Mapping[str, Any] = {"paths": [list(place) for place in paths]}
            projections = Projections()
            await append(
                source, stream, ERASED, data, cause=cause, projections=projections
            )
    elif went_on != "stays":
        try:
            await client.get_workflow_handle(stream).signal(LOOK_UP)
        except RPCError as error:
            raise Unreachable(SILENT, problem=one_line(error)) from error
        await _said(source, stream)
    return sum(len(one.paths) for one in lost)


async def unsaid(source: Source) -> Sequence[str]:
    """Give the dialogues that an earlier catch-up, that broke off, left unsaid."""
    return await streams(source, timedelta())


async def say_what_is_left(source: Source, client: Client, stream: str) -> int:
    """Let one of those say what it has lost; return how many values."""
    match (await ask(client, stream)).life:
        case "ended":
            return await say_lost(source, client, stream, "ended")
        case "running":
            return await say_lost(source, client, stream, "by_itself")
        case _:
            return 0  # a restore sees to it


async def _said(source: Source, stream: str) -> None:
    """Wait until the dialogue has said what it lost, for as long as patience lasts."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _PATIENCE.total_seconds()
    while await unnamed(source, stream):
        if loop.time() > until:
            return
        await asyncio.sleep(_PAUSE)

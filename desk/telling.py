"""A dialogue says what was erased: its workflow does, or the record where it has ended.

A workflow that runs holds the head of its stream, and nobody else may add to it. It is
told to look up what was decided (`workflows.erasing`) until its event is on record. An
archived dialogue has no workflow any more, and none will come: there the desk adds the
event, by the same statement. A dialogue that Temporal has lost is restored first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from desk.desk import Desk
from desk.errors import DeskError
from domain.clock import to_dialogue_time
from domain.erasures import ERASED
from language import mark
from storage.erasing import Part, parts
from storage.ownlog import New, append_many
from storage.projecting import Projections
from workflows.erasing import LOOK_UP

PATIENCE: Final = timedelta(seconds=20)
"""How long one dialogue may take; what is left is done by itself, later."""

_EVERY: Final = 0.1
_AGAIN: Final = 2.0
"""Seconds between two times that a dialogue is told: a run that hands over forgets."""

_SLOW: Final = mark("no worker has carried it out yet")
_LOST: Final = mark("Temporal has lost it: restore it first (polder dialogue restore)")
_SILENT: Final = mark("Temporal does not answer")


class Untold(NamedTuple):
    """A dialogue that could not say yet what was erased, and what is in the way."""

    stream: str
    problem: str


async def tell(desk: Desk, stream: str, told: Sequence[Part]) -> Untold | None:
    """Have these parts put on record; None once they are. Safe to repeat."""
    if stream.startswith("org:"):
        await _add(desk, told, None)
        return None
    try:
        handle = (await desk.client()).get_workflow_handle(stream)
        if await runs(handle):
            return await _ask(desk, handle, stream, {part.cause for part in told})
        state = await desk.dialogue(stream)
        if await runs(handle):
            return Untold(stream, _SLOW)
    except (DeskError, RPCError):
        return Untold(stream, _SILENT)
    if state.status != "archived":
        return Untold(stream, _LOST)
    # At this point its workflow has ended, and nothing can start it again.
    await _add(desk, told, to_dialogue_time(state.clock, datetime.now(UTC)))
    return None


async def _add(desk: Desk, told: Sequence[Part], at: datetime | None) -> None:
    for part in told:
        paths: list[Any] = [[seq, path] for seq, path in part.paths]
        await append_many(
            desk.pool,
            part.stream,
            [New(ERASED, {"paths": paths})],
            cause=part.cause,
            at=at,
            projections=None if at is None else Projections(),
        )


async def runs(handle: WorkflowHandle[Any, Any]) -> bool:
    """Tell whether Temporal runs it at this moment."""
    try:
        described = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return described.status is WorkflowExecutionStatus.RUNNING


async def _ask(
    desk: Desk, handle: WorkflowHandle[Any, Any], stream: str, causes: set[str]
) -> Untold | None:
    """Tell a workflow to look, until what it has to say is on record."""
    loop = asyncio.get_running_loop()
    until = loop.time() + min(PATIENCE, desk.patience).total_seconds()
    next_time = 0.0
    while causes & {part.cause for part in await parts(desk.pool, stream=stream)}:
        now = loop.time()
        if now >= until:
            return Untold(stream, _SLOW)
        if now >= next_time:
            await handle.signal(LOOK_UP)
            next_time = now + _AGAIN
        await asyncio.sleep(_EVERY)
    return None

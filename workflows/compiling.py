"""Compiled forms for a start that came without: one activity, and messages wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

from activities.contracts import COMPILE, CompileRequest
from domain.commands import Compiled, StartDialogue
from workflows import policies


async def fetched(command: StartDialogue, cancelled: Callable[[], None]) -> Compiled:
    """Get method and calendar; raises `ActivityError` where there are none.

    Temporal's own cancel does not end it: ``cancelled`` is called for each.
    """
    compiling = workflow.start_activity(
        COMPILE,
        compile_request(command, workflow.now()),
        result_type=Compiled,
        start_to_close_timeout=policies.COMPILE_TIMEOUT,
        retry_policy=policies.COMPILE_RETRY,
    )
    while not compiling.done():
        try:
            await workflow.wait_condition(compiling.done)
        except asyncio.CancelledError:
            if workflow.cancellation_reason() is None:
                raise
            cancelled()
    return await compiling


def compile_request(command: StartDialogue, now: datetime) -> CompileRequest:
    """Ask for the compiled forms that a start came without."""
    return CompileRequest(
        method=command.method,
        method_hash=command.method_hash,
        calendar=command.calendar,
        zone=command.zone,
        first_year=now.year,
    )

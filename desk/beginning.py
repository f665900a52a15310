"""Starting a dialogue through a home: with its demo clock, and once, however often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.demo_clock import demo_clock
from desk.desk import Desk, Sender
from desk.reading import find
from desk.sending import Answer
from domain.facts import Mandate


async def begin(
    desk: Desk,
    stream: str,
    body: Mapping[str, Any],
    sender: Sender,
    *,
    command_id: str,
    day: int | None,
    mandate: Mandate | None = None,
) -> Answer:
    """Start a dialogue; ``day`` is the length of a demo day in milliseconds.

    A start that comes again names the clock that the dialogue has, so that it is the
    same start.
    """
    if day is None:
        return await desk.start(
            stream, body, sender, command_id=command_id, mandate=mandate
        )
    known = await find(desk.pool, stream)
    clock = known.clock.model_dump(mode="json") if known else demo_clock(day)
    return await desk.start(
        stream,
        {**body, "clock": clock},
        sender,
        command_id=command_id,
        mandate=mandate,
    )

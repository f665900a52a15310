"""Following a dialogue: each event is told once it is on record."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from cli.page import Page, write_json
from cli.recounting import show_event
from cli.speech import lang
from desk.history import Past, history
from desk.overview import overview

if TYPE_CHECKING:
    from desk.desk import Desk

_PAUSE = 0.5


async def follow(
    desk: Desk, stream: str, seconds: float | None, *, as_json: bool
) -> None:
    """Tell what is recorded from now on, until time is up or nothing more can come."""
    page = Page()
    deadline = None if seconds is None else time.monotonic() + seconds
    view = await overview(desk, stream, lang())
    seen = view.state.version
    before: Past | None = None
    while deadline is None or time.monotonic() < deadline:
        async for event in history(desk, stream, seen):
            seen = event.seq
            if as_json:
                write_json(event.members)
            else:
                view = await overview(desk, stream, lang())
                show_event(page, view, event, before)
                page.out.flush()
                before = event
            if event.members["type"] == "dialogue_archived":
                return
        await asyncio.sleep(_PAUSE)

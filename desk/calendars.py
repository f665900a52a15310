"""A newer calendar for a dialogue whose own one ends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from calendars import compile_calendar
from calendars.compilation import CalendarId
from domain.clock import to_dialogue_time
from domain.state import Dialogue
from evidence.canonical import content_hash


async def newest(state: Dialogue) -> dict[str, Any]:
    """Give the body of a `renew_calendar` that reaches from this year on."""
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    old = state.calendar
    made = await asyncio.to_thread(
        compile_calendar, cast("CalendarId", old.id), old.zone, now.year
    )
    told = made.model_dump(mode="json")
    return {"calendar": told, "calendar_hash": content_hash(told)}

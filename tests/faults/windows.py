"""Windows of a fast dialogue, and waiting for what the clock makes of them."""

from __future__ import annotations

from datetime import datetime

from domain.clock import Clock, to_real
from tests.faults.oracle import OnRecord, record_of
from tests.faults.telling import WINDOW, Told, items
from tests.services import until


async def open_window(told: Told, days: int) -> datetime:
    """Bring a new dialogue to its window and open it; give when it closes."""
    await told.does("complete_items", items=items("kennismaken"))
    await told.does("complete_step", step="kennismaken")
    await told.does("start_step", step="belangen")
    shorter = {"window": WINDOW, "duration": {"calendar_days": days}}
    opened = await told.tell(
        "desk", "open_window", {**shorter, "reason": "Er is haast bij"}
    )
    assert opened.answer is not None, opened
    return await closes(told)


async def closes(told: Told) -> datetime:
    """Give the instant, in dialogue time, at which the window closes."""
    state = await told.state()
    return datetime.fromisoformat(state["windows"][WINDOW][-1]["closes"])


async def real(told: Told, moment: datetime) -> datetime:
    """Give the real instant of a moment of the dialogue."""
    state = await told.state()
    return to_real(Clock.model_validate(state["clock"]), moment)


async def recorded(
    database: str, told: Told, kind: str, *, times: int = 1, within: float = 60
) -> list[OnRecord]:
    """Wait until so many events of a kind are on record; give them."""
    found: list[OnRecord] = []

    async def are_there() -> bool:
        record = await record_of(database, told.stream)
        found[:] = [e for e in record if e.members["type"] == kind]
        return len(found) >= times

    await until(are_there, within=within, every=0.2)
    return found

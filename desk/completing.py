"""What the desk adds to a command: what it knows, and the sender need not say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from desk import correcting
from domain.clock import to_dialogue_time
from domain.state import Dialogue
from storage.pool import Source


def received(body: Mapping[str, Any], state: Dialogue) -> dict[str, Any]:
    """Note when the desk had a response: that decides whether it is late."""
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    return {"received_at": now.isoformat(), **body}


async def seen(
    source: Source, stream: str, kind: str, body: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Say what stands where something is to be corrected. Raises `Refused`."""
    if kind != correcting.KIND:
        return body
    return await correcting.seen(source, stream, body)

"""What stands in the place of a text that was erased: when it went, on what ground."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from desk.certificates import GROUNDS
from desk.desk import Desk
from desk.history import Past
from domain.erasures import erasure_of
from evidence.event import parse_instant
from storage.erasing import reasons


class Erased(NamedTuple):
    """Why a private field has no text: ``ground`` is None where it never came."""

    at: datetime
    ground: str | None
    """In English; a key for translation."""
    authority: str | None


async def erased_fields(
    desk: Desk, stream: str, past: Iterable[Past]
) -> dict[tuple[int, str], Erased]:
    """Give what was erased in a dialogue, by event and JSON pointer."""
    found: dict[tuple[int, str], Erased] = {}
    telling = [e for e in past if e.members["type"] == "personal_data_erased"]
    if not telling:
        return found
    decided = await reasons(desk.pool, stream.partition(":")[0])
    for event in telling:
        ruling = decided.get(erasure_of(event.members["cause"]) or "")
        at = parse_instant(event.members["at"])
        why = Erased(at, None, None)
        if ruling is not None:
            why = Erased(
                at, GROUNDS.get(ruling.ground, ruling.ground), ruling.authority
            )
        for seq, path in event.members["data"]["paths"]:
            found[seq, path] = why
    return found

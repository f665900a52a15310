"""What stands in the place of a text that was erased: when it went, on what ground."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from desk.certificates import GROUNDS
from desk.desk import Desk
from desk.history import Past
from domain.erasures import erasure_of
from evidence.event import parse_instant
from language import mark
from storage.erasing import Decided, reasons

_UNKNOWN: Final = mark("a decision that is no longer on record")
_DECIDED: Final = mark("a decision of the organisation")


class Erased(NamedTuple):
    """Why a private field has no text: ``ground`` is None where it never came."""

    at: datetime
    ground: str | None
    """In English; a key for translation."""
    authority: str | None
    """None where the decision is no longer on record: an older one was put back."""


async def erased_fields(
    desk: Desk, stream: str, past: Iterable[Past]
) -> dict[tuple[int, str], Erased]:
    """Give what was erased in a dialogue, by event and JSON pointer."""
    telling = [e for e in past if e.members["type"] == "personal_data_erased"]
    if not telling:
        return {}
    return _fields(telling, await reasons(desk.pool, stream.partition(":")[0]))


def erased_in(past: Iterable[Past]) -> dict[tuple[int, str], Erased]:
    """Give the same by the dialogue's events alone, which say no ground."""
    telling = [e for e in past if e.members["type"] == "personal_data_erased"]
    found = _fields(telling, {})
    return {
        place: why._replace(ground=_DECIDED) if why.ground else why
        for place, why in found.items()
    }


def _fields(
    telling: Iterable[Past], decided: Mapping[str, Decided]
) -> dict[tuple[int, str], Erased]:
    found: dict[tuple[int, str], Erased] = {}
    for event in telling:
        why = _why(event, decided)
        for seq, path in event.members["data"]["paths"]:
            # What was erased and then named as missing too was erased.
            if why.ground is not None or (seq, path) not in found:
                found[seq, path] = why
    return found


def _why(event: Past, decided: Mapping[str, Decided]) -> Erased:
    at = parse_instant(event.members["at"])
    erasure = erasure_of(event.members["cause"])
    if erasure is None:
        return Erased(at, None, None)
    ruling = decided.get(erasure)
    if ruling is None:
        return Erased(at, _UNKNOWN, None)
    return Erased(at, GROUNDS.get(ruling.ground, ruling.ground), ruling.authority)

"""The private texts in a few places of a dialogue, without opening all there is.

Whoever shows a page of a list opens what stands on that page, and who may read it is
asked of the same rules as for a whole dialogue (`desk.history.opened`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from desk.confidences import readable_of
from desk.desk import Desk
from desk.readers import May
from domain.facts import Place
from domain.state import Dialogue
from storage.keeping import kept_under
from storage.queries import Recorded, events_at
from storage.vault import Opening, openings_of


async def texts_at(
    desk: Desk, stream: str, state: Dialogue, places: Iterable[Place], allowed: May
) -> dict[Place, str]:
    """Open these places, as far as that is allowed and there is a text.

    What was erased, or is kept from this reader, is left out.
    """
    found = await openings_at(desk, stream, state, places, allowed)
    return {place: str(opening.value) for place, opening in found.items()}


async def openings_at(
    desk: Desk, stream: str, state: Dialogue, places: Iterable[Place], allowed: May
) -> dict[Place, Opening]:
    """Give what opens these places, as `texts_at` does their texts."""
    wanted = set(places)
    if not wanted:
        return {}
    found = await events_at(desk.pool, stream, {seq for seq, _ in wanted})
    open_to = await _open_to(desk, stream, state, found, allowed)
    under = {event.seq: kept_under(event.members) for event in found}
    kept = await openings_of(desk.pool, desk.keys, stream, set(under.values()))
    by_place = {(one.command_id, one.path, one.commitment): one for one in kept}
    opened: dict[Place, Opening] = {}
    for event in found:
        for pointer, commitment in event.members["private"].items():
            opening = by_place.get((under[event.seq], pointer, commitment))
            place = event.seq, pointer
            if opening is None or place not in wanted & open_to:
                continue
            if _is_its(opening, event):
                opened[place] = opening
    return opened


def _is_its(opening: Opening, event: Recorded) -> bool:
    """Whether a text lies where this event's command put it.

    Anybody can send a commitment once more: it opens where it was put.
    """
    return opening.seq == event.seq or opening.command_id == event.members["cause"]


async def _open_to(
    desk: Desk, stream: str, state: Dialogue, found: Sequence[Recorded], allowed: May
) -> set[Place]:
    """Give the places of these events that are open to a reader."""
    every = {(e.seq, pointer) for e in found for pointer in e.members["private"]}
    if not state.confidential:
        kinds = {event.seq: str(event.members["type"]) for event in found}
        return {
            place
            for place in every
            if allowed.steers or kinds[place[0]] in allowed.kinds
        }
    readable = await readable_of(desk, stream)
    shut = readable.closed(allowed.roles, steers=allowed.steers, kinds=allowed.kinds)
    return every - shut.keys()


def places_in(value: object) -> Iterator[Place]:
    """Give the places of private texts in a row's data."""
    if isinstance(value, list):
        for each in cast("list[object]", value):
            yield from places_in(each)
    elif isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        if {*members} == {"private", "seq"}:
            yield int(members["seq"]), str(members["private"])
        else:
            for each in members.values():
                yield from places_in(each)

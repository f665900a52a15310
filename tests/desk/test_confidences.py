"""Whose a text is follows from all events; what was read of them is not read again."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest

from desk import confidences
from desk.confidences import readable_of
from desk.history import whole_history
from domain.confidential import Readable
from tests.desk.town_hall import DIRECTOR, ORGANISATION, TownHall

_numbers = count(1)


async def begun(hall: TownHall) -> str:
    """Start a dialogue with a confidential step."""
    stream = f"{ORGANISATION}:vertrouwen{next(_numbers)}"
    roles = {"process_director": ["p-1"], "facilitator": ["f-1"]}
    start = {"method": "imvo-dialoog", "title": "Keten", "roles": roles}
    await hall.desk.start(stream, start, DIRECTOR)
    marked = {"step": "motivatie", "readers": ["facilitator"], "reason": "Zo is het"}
    await hall.does(stream, "mark_confidential", **marked)
    return stream


async def read_anew(hall: TownHall, stream: str) -> Readable:
    """Read all events of a dialogue."""
    found = Readable()
    for event in await whole_history(hall.desk, stream):
        told = event.members["type"], event.members["data"], event.members["private"]
        found.sees(event.seq, *told)
    return found


async def test_it_is_what_reading_everything_gives(hall: TownHall) -> None:
    """After every event, whatever was known before."""
    stream = await begun(hall)
    for number in range(4):
        kept = await readable_of(hall.desk, stream)
        anew = await read_anew(hall, stream)
        for roles in ((), ("facilitator",)):
            assert kept.closed(roles, steers=True) == anew.closed(roles, steers=True)
        await hall.does(
            stream,
            "complete_items",
            items=["motivatie.oprechtheid"],
            note=f"Ja {number}",
        )
        await hall.does(
            stream, "reopen_items", items=["motivatie.oprechtheid"], reason="Toch wel"
        )


async def test_what_was_known_is_not_read_again(hall: TownHall) -> None:
    """The second time it is the very same, and a new event is added to it."""
    stream = await begun(hall)
    first = await readable_of(hall.desk, stream)
    await hall.does(
        stream, "complete_items", items=["motivatie.oprechtheid"], note="Ja"
    )
    assert await readable_of(hall.desk, stream) is first


async def test_many_first_looks_at_once_read_it_once(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the one that reads for all goes away halfway."""
    stream = await begun(hall)
    for _ in range(3):
        items = {"items": ["motivatie.oprechtheid"]}
        await hall.does(stream, "complete_items", **items, note="Ja")
        await hall.does(stream, "reopen_items", **items, reason="Toch wel")
    pages: list[int] = []
    real = confidences.events
    begun_reading = asyncio.Event()

    async def counted(*where: Any, **limits: Any) -> Any:  # noqa: ANN401
        if limits.get("limit") is None:
            begun_reading.set()
            await asyncio.sleep(0.05)
        found = await real(*where, **limits)
        if limits.get("limit") is None:
            pages.append(len(found))
        return found

    monkeypatch.setattr(confidences, "events", counted)
    looks = [asyncio.create_task(readable_of(hall.desk, stream)) for _ in range(10)]
    await begun_reading.wait()
    looks[0].cancel()
    answers = await asyncio.gather(*looks[1:])
    assert len({id(answer) for answer in answers}) == 1
    assert [size for size in pages if size > 1] == [max(pages)]
    anew = await read_anew(hall, stream)
    assert answers[0].closed((), steers=True) == anew.closed((), steers=True)

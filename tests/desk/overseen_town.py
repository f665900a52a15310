"""All cases on record, mostly of one organisation, beside the states that they are."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import pytest

from desk.desk import Desk, open_desk
from desk.overseeing import LATE
from domain.asked import ANYBODY, asked
from domain.clock import to_dialogue_time
from domain.deadline_facts import Deadline
from domain.state import Dialogue
from examples.scenario import Scenario, cases
from tests.desk.test_today import Put

OURS = "gemeente-waterdam"
OTHER = "be-een-land-voor-de-toekomst-2022"
DATE = Deadline(title="De begroting", date="2020-01-15")


class Town(NamedTuple):
    """A desk, and the dialogues on its record as the core folded them."""

    desk: Desk
    states: Mapping[str, Dialogue]
    events: Mapping[str, Mapping[int, datetime]]


@asynccontextmanager
async def town_of_cases(database: str) -> AsyncGenerator[Town]:
    """Put all cases on record in one organisation, and one of them in another."""
    states: dict[str, Dialogue] = {}
    events: dict[str, dict[int, datetime]] = {}
    with pytest.MonkeyPatch.context() as patch:
        # What a case asks all along is compared elsewhere.
        patch.setattr("tests.desk.test_asked.compare", unasked)
        for one in cases():
            case = Put(moved(one))
            async with open_desk(database, "nowhere") as desk:
                states[case.scenario.stream] = await case.put(desk)
            events[case.scenario.stream] = {e.seq: e.at for e in case.events}
    async with open_desk(database, "nowhere") as desk:
        yield Town(desk, states, events)


def unasked(*_told: object) -> None:
    """Compare nothing."""


def moved(one: Scenario) -> Scenario:
    """Give a case in our organisation, or the one that is another's."""
    changes: dict[str, Any] = {"organisation": OURS}
    if one.id == OTHER:
        changes = {"organisation": "gemeente-anders"}
    if one.id.startswith("es-"):
        changes["deadlines"] = (DATE,)
    return one.model_copy(update=changes)


def ours(town: Town) -> dict[str, Dialogue]:
    """Give the dialogues of our organisation."""
    return {n: s for n, s in town.states.items() if n.startswith(f"{OURS}:")}


def late(state: Dialogue, now: datetime) -> int:
    """Count what is overdue in a dialogue at a real moment, by its whole state."""
    then = to_dialogue_time(state.clock, now)
    found = asked(state)
    return sum(
        (ANYBODY, *key) in found.of
        and (ask.since is None or ask.since <= then)
        and (ask.until is None or then < ask.until)
        for key, ask in found.asks.items()
        if ask.kind in LATE
    )

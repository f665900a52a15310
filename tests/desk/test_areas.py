"""Whoever keeps an area reads its private texts, and no others."""

from __future__ import annotations

import pytest

from desk.desk import Sender
from desk.errors import Refused
from desk.history import private_words
from tests.desk.town_hall import DIRECTOR, ORGANISATION, TownHall

TEAM = Sender("t-1", "project_team")


async def _dialogue(hall: TownHall, *team: str) -> str:
    """Start a dialogue that a project team keeps the register of."""
    stream = f"{ORGANISATION}:team-{len(team)}"
    roles = {"process_director": ["p-1"], "project_team": [*team]}
    start = {"method": "stakeholdermanagement", "title": "Parkzicht", "roles": roles}
    await hall.desk.start(stream, start, DIRECTOR)
    return stream


async def test_who_keeps_the_register_reads_the_names_in_it(hall: TownHall) -> None:
    """And not why somebody was released from a role, which is not theirs to know."""
    stream = await _dialogue(hall, "t-1", "t-2")
    register = {"stakeholder": "school", "name": "Anna de Vries"}
    await hall.desk.send(stream, "register_stakeholder", register, TEAM)
    body = {"role": "project_team", "actor": "t-2", "reason": "op reis"}
    await hall.desk.send(stream, "release_role", body, DIRECTOR)
    state = await hall.desk.dialogue(stream)
    every = await private_words(hall.desk, stream, state, DIRECTOR)
    assert {"Anna de Vries", "op reis"} <= {*every.values()}
    theirs = await private_words(hall.desk, stream, state, TEAM)
    assert {*theirs.values()} == {"Anna de Vries"}
    with pytest.raises(Refused):
        await private_words(hall.desk, stream, state, Sender("t-2", "project_team"))


async def test_the_core_refuses_what_is_in_no_area_of_theirs(hall: TownHall) -> None:
    """Over the desk as over any path; the refusal names who may."""
    stream = await _dialogue(hall, "t-1")
    with pytest.raises(Refused, match="process_director"):
        await hall.desk.send(stream, "pause_dialogue", {"reason": "rust"}, TEAM)

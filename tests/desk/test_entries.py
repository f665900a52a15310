"""The lists of a dialogue say publicly what is public, and the rest to who may know."""

from __future__ import annotations

import pytest

from desk.desk import Desk, Sender, open_desk
from desk.entries import entries, opened
from desk.errors import Refused
from domain.commands import AssignRole
from domain.facts import Private
from storage.projecting import Projections
from storage.record import append
from storage.vault import PrivateField, put
from tests.storage.dialogues import Play

NAME = "Anna de Vries-Zandstra"
DIRECTOR = Sender("p-1", "process_director")


async def told(desk: Desk) -> Play:
    """Put a dialogue on record in which somebody's name is kept in the vault."""
    play = Play()
    field = PrivateField("/name", "p-9", NAME)
    made = await put(desk.pool, desk.keys, play.stream, "c-anna", [field])
    projections = Projections()
    await append(desk.pool, play.batch(play.starts()), projections)
    role = AssignRole(
        role="sounding_board", actor="p-9", name=Private(commitment=made["/name"])
    )
    new = play.does(role, cause="c-anna")
    await append(desk.pool, play.batch(new), projections)
    return play


async def test_a_list_holds_no_private_text(database: str) -> None:
    """Only where the name is, and whoever steers gets it in that place."""
    async with open_desk(database, "nowhere") as desk:
        play = await told(desk)
        rows = await entries(desk, play.stream, "role")
        assert NAME not in str(rows)
        assert rows[-1].data["name"] == {"private": "/name", "seq": 2}
        (*_, last) = await opened(desk, play.stream, rows, DIRECTOR)
        assert (last.id, last.data["name"]) == ("sounding_board:p-9", NAME)


async def test_a_private_text_opens_for_nobody_else(database: str) -> None:
    """A member of the sounding board gets no names."""
    async with open_desk(database, "nowhere") as desk:
        play = await told(desk)
        rows = await entries(desk, play.stream, "role")
        with pytest.raises(Refused):
            await opened(desk, play.stream, rows, Sender("p-3"))


async def test_a_text_that_is_gone_is_none(database: str) -> None:
    """What the vault no longer has leaves its place empty."""
    async with open_desk(database, "nowhere") as desk:
        play = await told(desk)
        rows = await entries(desk, play.stream, "role")
        gone = rows[-1]._replace(data={"texts": [{"private": "/x", "seq": 2}]})
        (row,) = await opened(desk, play.stream, [gone], DIRECTOR)
        assert row.data == {"texts": [None]}

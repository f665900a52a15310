"""What the desk reads is what the events say, whoever made the projection."""

from __future__ import annotations

import pytest

from desk.desk import Desk, open_desk
from desk.reading import find
from desk.today import Today, today
from domain.state import Handled
from storage.pool import connection, make_pool
from storage.projecting import Projections
from storage.record import append
from tests.storage.dialogues import Play


async def test_a_row_of_another_version_is_read_from_its_events(database: str) -> None:
    """A member that this program does not know keeps nobody from reading."""
    play = Play()
    spoil = b"""UPDATE read.dialogue SET state = state || '{"of_later": 1}'"""
    async with make_pool(database) as pool:
        await append(pool, play.batch(play.starts()), Projections())
        before = await find(pool, play.stream)
        async with connection(pool) as conn:
            await conn.execute(spoil)
        after = await find(pool, play.stream)
    assert play.state is not None
    light = play.state.model_copy(update={"handled": Handled()})
    assert before == after == light


@pytest.mark.parametrize("state", ["'{}'", "'[]'", "state - 'title'"])
async def test_a_row_that_was_changed_is_read_from_its_events(
    database: str, state: str
) -> None:
    """The work list shows the dialogue as it is, whatever became of its row."""
    play = Play()
    async with open_desk(database, "nowhere") as desk:
        await append(desk.pool, play.batch(play.starts()), Projections())
        before = await today(desk, "p-1", "nl")
        await spoil(desk, f"SET state = {state}")
        assert before.tasks
        assert await today(desk, "p-1", "nl") == before


FAILED = "INSERT INTO read.failure VALUES ('{stream}', 2, 'KeyError')"
OTHER_FORM = "UPDATE read.dialogue SET form = form - 1 WHERE stream = '{stream}'"


@pytest.mark.parametrize("why", [FAILED, OTHER_FORM], ids=["not folded", "other form"])
async def test_a_dialogue_that_cannot_be_read_hides_no_other(
    database: str, why: str
) -> None:
    """The work list names it first, to who is in it, and goes on with the rest."""
    bad, good = Play("aardlaan"), Play()
    async with open_desk(database, "nowhere") as desk:
        for play in (bad, good):
            await append(desk.pool, play.batch(play.starts()), Projections())
        async with connection(desk.pool) as conn:
            await conn.execute(why.format(stream=bad.stream).encode())
        found = await today(desk, "p-1", "nl")
        assert await today(desk, "p-9", "nl") == Today((), {}, None)
    first, *rest = found.tasks
    assert (first.kind, first.stream) == ("unreadable", bad.stream)
    assert found.counts["unreadable"] == 1
    assert {task.stream for task in rest} == {bad.stream, good.stream}


async def spoil(desk: Desk, change: str) -> None:
    """Change a row behind the program's back."""
    async with connection(desk.pool) as conn:
        await conn.execute(f"UPDATE read.dialogue {change}".encode())

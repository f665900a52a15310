"""What the desk reads is what the events say, whoever made the projection."""

from __future__ import annotations

from desk.reading import find
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

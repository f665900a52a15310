"""Parts: of a large state an event writes what it changes, and it reads as one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.commands import AssignRole, CompleteItems, NoteSignal, ReleaseRole
from domain.state import Handled, thin
from storage.parts import LARGE, apart, texts_of, together
from storage.pool import Pool, connect
from storage.projecting import Projections
from storage.queries import dialogue
from storage.rebuild import rebuild
from storage.record import append
from storage.verify import verify_all
from tests.storage.dialogues import Play
from tests.storage.planting import plant

MANY = 300
"""Holders of one role, whose ids take more room than lies together."""


def crowded() -> Play:
    """Start a dialogue in which one role has many holders."""
    play = Play()
    play.starts()
    for number in range(MANY):
        play.does(AssignRole(role="participants", actor=_party(number)))
    return play


def _party(number: int) -> str:
    return f"party-{number:03}-of-the-neighbourhood-associatio"


async def recorded(pool: Pool, play: Play, projections: Projections) -> None:
    """Put on record what is not there yet."""
    row = await dialogue(pool, play.stream)
    new = play.sealed[row.version if row else 0 :]
    for begin in range(0, len(new), 100):
        await append(pool, play.batch(new[begin : begin + 100]), projections)


async def parts(pool: Pool) -> dict[str, Any]:
    """Give which members lie apart, and the transaction that wrote each last."""
    async with pool.connection() as conn:
        query = "SELECT name, xmin::text FROM read.part"
        return dict(await (await conn.execute(query)).fetchall())


def light(play: Play) -> dict[str, Any]:
    """Give the state as a reader should find it."""
    assert play.state is not None
    return json.loads(
        json.dumps(thin(play.state.model_copy(update={"handled": Handled()})))
    )


async def test_a_large_member_lies_apart_and_is_read_with_the_rest(pool: Pool) -> None:
    """Whoever reads the dialogue sees one state."""
    play = crowded()
    await recorded(pool, play, Projections())
    assert "roles" in await parts(pool)
    row = await dialogue(pool, play.stream)
    assert row is not None
    assert row.state == light(play)


async def test_an_event_writes_only_what_it_changes(pool: Pool) -> None:
    """A completion leaves a large member as it was written before."""
    play, projections = crowded(), Projections()
    await recorded(pool, play, projections)
    before = await parts(pool)
    play.does(CompleteItems(items=("opdracht.waartoe",)))
    await recorded(pool, play, projections)
    assert (await parts(pool))["roles"] == before["roles"]
    play.does(AssignRole(role="participants", actor="one-more"))
    await recorded(pool, play, projections)
    assert (await parts(pool))["roles"] != before["roles"]


async def test_a_member_that_shrinks_comes_back(pool: Pool) -> None:
    """Below the limit it lies with the others again, in memory or not."""
    play = crowded()
    await recorded(pool, play, Projections())
    for number in range(MANY - 20):
        play.does(ReleaseRole(role="participants", actor=_party(number)))
    await recorded(pool, play, Projections())
    assert "roles" not in await parts(pool)
    row = await dialogue(pool, play.stream)
    assert row is not None
    assert row.state == light(play)


CHANGES = [
    "UPDATE read.part SET data = '{}' WHERE name = 'roles'",
    "DELETE FROM read.part WHERE name = 'roles'",
    "INSERT INTO read.part SELECT stream, 'signals', '7' FROM read.dialogue",
]


@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_part_is_found_and_made_again(
    url: str, pool: Pool, change: str
) -> None:
    """Verification names the part that is not what the events make it."""
    play = crowded()
    await recorded(pool, play, Projections())
    async with await connect(url) as conn:
        assert (await verify_all(conn)).sound
        await plant(url, change)
        (finding,) = (await verify_all(conn)).findings
        assert finding.detail.startswith("part ")
        await rebuild(conn)
        assert (await verify_all(conn)).sound


def test_what_an_event_leaves_is_not_written_again() -> None:
    """From the same objects come the same texts, and no part."""
    play = crowded()
    before = play.state
    assert before is not None
    known = texts_of(before)
    play.does(NoteSignal(type="seen", source="zaaksysteem"))
    assert play.state is not None
    texts = texts_of(play.state, before, known)
    assert texts["roles"] is known["roles"]
    assert texts == texts_of(play.state)
    assert apart(texts, known) is None


def test_together_and_apart_are_the_whole() -> None:
    """Each member is in one of the two, and nothing is lost."""
    play = crowded()
    assert play.state is not None
    texts = texts_of(play.state)
    small, large = json.loads(together(texts)), json.loads(apart(texts, None) or "")
    assert large["whole"]
    assert large["parts"].keys() & small.keys() == set()
    assert all(len(json.dumps(value)) > LARGE for value in large["parts"].values())
    assert {**small, **large["parts"]} == json.loads(json.dumps(thin(play.state)))

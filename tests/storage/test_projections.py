"""Projections: what daily questions are answered from follows the record exactly."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from psycopg.rows import dict_row

from domain.commands import (
    AssignRole,
    CancelDialogue,
    CompleteItems,
    OpenWindow,
    PauseDialogue,
    RenewCalendar,
    SkipStep,
    StartStep,
)
from domain.facts import Private
from domain.state import Handled, thin
from storage.batch import Content, check
from storage.pool import Pool
from storage.projecting import Projections
from storage.rebuild import rebuild
from storage.record import append
from tests.storage.dialogues import Play, calendar
from tests.storage.streams import batch, events

REASON = Private(commitment="ab" * 32)
WINDOW = "oogst.concept-klankbordgroep"
NOBODY_S = "oogst.concept-deelnemers"


async def rows(pool: Pool, query: bytes) -> list[dict[str, Any]]:
    """Return the rows of a query as dictionaries."""
    async with pool.connection() as conn:
        cursor = conn.cursor(row_factory=dict_row)
        return await (await cursor.execute(query)).fetchall()


async def execute(pool: Pool, change: bytes) -> None:
    """Change a row behind the program's back."""
    async with pool.connection() as conn:
        assert (await conn.execute(change)).rowcount == 1


async def dialogue(pool: Pool) -> dict[str, Any]:
    """Return the one row of read.dialogue."""
    (row,) = await rows(pool, b"SELECT * FROM read.dialogue")
    return row


def thinned(play: Play) -> dict[str, Any]:
    """Return the state that the projection should hold."""
    assert play.state is not None
    light = play.state.model_copy(update={"handled": Handled()})
    return json.loads(json.dumps(thin(light)))


def until_harvest(play: Play) -> None:
    """Bring a dialogue to its harvest, by skipping the steps before it."""
    assert play.state is not None
    for step in play.state.plan.steps:
        if step == "oogst":
            break
        play.does(SkipStep(step=step, reason=REASON))
    play.does(StartStep(step="oogst"))


async def test_a_row_follows_each_append(pool: Pool) -> None:
    """After each append the row holds the state that the core gives."""
    play, projections = Play(), Projections()
    await append(pool, play.batch(play.starts()), projections)
    row = await dialogue(pool)
    assert (row["title"], row["status"], row["step"]) == (
        "Parkzicht",
        "running",
        "opdracht",
    )
    new = play.does(CompleteItems(items=("opdracht.waartoe",)))
    await append(pool, play.batch(new), projections)
    row = await dialogue(pool)
    assert row["state"] == thinned(play)
    assert (row["version"], row["head"]) == (3, play.sealed[-1].hash)
    assert row["updated_at"] == play.now


async def test_memory_makes_no_difference(pool: Pool) -> None:
    """From memory, from the row and from the record comes the same row."""
    play, projections = Play(), Projections()
    await append(pool, play.batch(play.starts()), projections)
    for item in ("waartoe", "aanleiding"):
        new = play.does(CompleteItems(items=(f"opdracht.{item}",)))
        await append(pool, play.batch(new), Projections())
        assert (await dialogue(pool))["state"] == thinned(play)
    new = play.does(CompleteItems(items=("opdracht.rollen",)))
    await append(pool, play.batch(new))
    assert (await dialogue(pool))["version"] < len(play.sealed)
    new = play.does(CompleteItems(items=("opdracht.scope",)))
    await append(pool, play.batch(new), projections)
    assert (await dialogue(pool))["state"] == thinned(play)


async def test_deadlines_are_what_is_due(pool: Pool) -> None:
    """An open window gives its closing and reminders; a paused one gives nothing."""
    play, projections = Play(), Projections()
    play.starts()
    until_harvest(play)
    play.does(OpenWindow(window=WINDOW))
    await append(pool, play.batch(play.sealed), projections)
    assert play.state is not None
    run = play.state.open_windows()[WINDOW]
    query = b"SELECT kind, due, silent FROM read.deadline ORDER BY due, kind"
    due = await rows(pool, query)
    assert {"kind": "window", "due": run.closes, "silent": 2} in due
    assert sum(row["kind"] == "reminder" for row in due) == len(run.reminders)
    assert [row["due"].isoformat() for row in due if row["kind"] == "date"] == [
        "2027-03-01T23:00:00+00:00"
    ]
    assert (await dialogue(pool))["open_windows"] == 1
    assert (await dialogue(pool))["next_deadline"] == due[0]["due"]
    await append(pool, play.batch(play.does(PauseDialogue(reason=REASON))), projections)
    assert [row["kind"] for row in await rows(pool, query)] == ["date"]


async def test_a_repeat_and_a_prefix_leave_the_row_at_the_head(pool: Pool) -> None:
    """Whatever is sent again, the row stays at the head of the record."""
    play, projections = Play(), Projections()
    start = play.starts()
    await append(pool, play.batch(start), projections)
    more = play.does(CompleteItems(items=("opdracht.waartoe",)))
    await append(pool, play.batch(start), projections)
    await append(pool, play.batch([*start, *more]), projections)
    await append(pool, play.batch(start), Projections())
    row = await dialogue(pool)
    assert (row["version"], row["state"]) == (3, thinned(play))


async def test_a_renewed_calendar_is_found_again(pool: Pool) -> None:
    """A process that knows nothing goes on with the calendar that was renewed."""
    play = Play()
    await append(pool, play.batch(play.starts()), Projections())
    longer, body = calendar(years=4)
    digest = sha256(body).hexdigest()
    new = play.does(RenewCalendar(calendar=longer, calendar_hash=digest))
    content = {digest: Content("calendar", body)}
    await append(pool, replace(play.batch(new), contents=content), Projections())
    assert (await dialogue(pool))["calendar_hash"] == digest
    new = play.does(AssignRole(role="facilitator", actor="p-9"))
    projections = Projections()
    await append(pool, play.batch(new), projections)
    assert (await dialogue(pool))["state"] == thinned(play)


async def test_what_cannot_be_folded_is_recorded_all_the_same(pool: Pool) -> None:
    """Recording comes first: a failure to fold is noted, and the events are there."""
    odd = events(2)
    await append(pool, batch(odd), Projections())
    (failure,) = await rows(pool, b"SELECT stream, seq, problem FROM read.failure")
    assert failure["seq"] == 2
    assert "NotStarted" in failure["problem"]
    assert await rows(pool, b"SELECT 1 FROM read.dialogue") == []
    assert len(await rows(pool, b"SELECT 1 FROM audit.event")) == 2


@pytest.mark.parametrize(
    "change",
    [
        b"""state = state || '{"of_later": 1}'""",
        b"state = state - 'title'",
        b"state = '[]'",
        b"state = '{}'",
        b"method_hash = repeat('0', 64)",
        b"method_hash = calendar_hash",
    ],
)
async def test_a_row_that_cannot_be_read_is_made_again(
    pool: Pool, change: bytes
) -> None:
    """A row that was changed, or that another version made, stops no append."""
    play = Play()
    await append(pool, play.batch(play.starts()), Projections())
    await execute(pool, b"UPDATE read.dialogue SET " + change)
    new = play.does(CompleteItems(items=("opdracht.waartoe",)))
    await append(pool, play.batch(new), Projections())
    assert (await dialogue(pool))["state"] == thinned(play)
    assert await rows(pool, b"SELECT * FROM read.failure") == []


async def test_a_stream_that_cannot_be_folded_goes_on_being_recorded(
    pool: Pool,
) -> None:
    """One failure is noted, and every later append is taken, whoever appends."""
    odd = events(4)
    await append(pool, batch(odd[:1]), Projections())
    await append(pool, batch(odd[1:2], after=odd[0]), Projections())
    projections = Projections()
    await append(pool, batch(odd[2:3], after=odd[1]), projections)
    await append(pool, batch(odd[3:], after=odd[2]), projections)
    (failure,) = await rows(pool, b"SELECT seq, problem FROM read.failure")
    assert failure["seq"] == 1
    assert len(await rows(pool, b"SELECT 1 FROM audit.event")) == 4


async def test_streams_that_are_no_dialogues_have_no_rows(pool: Pool) -> None:
    """The streams of organisations and of the log are recorded without projection."""
    await append(pool, batch(events(1, stream="polder:log")), Projections())
    await append(pool, batch(events(1, stream="org:waterdam")), Projections())
    assert await rows(pool, b"SELECT 1 FROM read.failure") == []
    assert await rows(pool, b"SELECT 1 FROM read.dialogue") == []


async def test_what_needs_a_person_is_written_when_it_is_otherwise(pool: Pool) -> None:
    """An event that leaves that alone hands none of it over, and it stays."""
    play, projections = Play(), Projections()
    play.starts()
    until_harvest(play)
    play.does(OpenWindow(window=NOBODY_S))
    await append(pool, play.batch(play.sealed), projections)
    needed = (await dialogue(pool))["needs"]
    assert needed == [{"kind": "nobody_invited", "target": NOBODY_S}]
    for command, changes in (
        (CompleteItems(items=("oogst.woorden",)), False),
        (CancelDialogue(reason=REASON), True),
    ):
        batch = play.batch(play.does(command))
        async with pool.connection() as conn:
            prepared = await projections.prepare(conn, batch, check(batch))
        assert prepared.rows is not None
        assert (json.loads(prepared.rows.dialogue)["needs"] is not None) is changes
        await append(pool, batch, projections)
        assert ((await dialogue(pool))["needs"] != needed) is changes
    async with pool.connection() as conn:
        assert not (await rebuild(conn)).differences

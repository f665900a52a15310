"""Reading: pages of events, the original events of a command, and what falls due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.commands import CompleteItems
from storage import queries
from storage.errors import Forked
from storage.pool import Pool
from storage.projecting import Projections
from storage.record import append
from tests.storage.dialogues import START, Play
from tests.storage.streams import STREAM, batch, events


async def test_a_stream_is_read_in_pages(pool: Pool) -> None:
    """Pages follow each other without gap or repeat, with the exact bytes."""
    made = events(5)
    await append(pool, batch(made))
    first = await queries.events(pool, STREAM, limit=3)
    rest = await queries.events(pool, STREAM, after_seq=first[-1].seq, limit=3)
    assert [event.body for event in (*first, *rest)] == [event.body for event in made]
    assert first[0].hash == made[0].hash
    assert first[0].members["cause"] == "c-1"
    assert await queries.counts(pool, STREAM) == {"step_started": 5}


async def test_the_events_of_a_command_are_found_again(pool: Pool) -> None:
    """A repeated command is answered with exactly its own events."""
    play = Play()
    play.starts()
    play.does(CompleteItems(items=("opdracht.waartoe",)))
    play.does(CompleteItems(items=("opdracht.rollen",)))
    await append(pool, play.batch(play.sealed))
    found = await queries.events_of_cause(pool, play.stream, "c-2")
    assert [event.seq for event in found] == [2, 3]
    assert await queries.events_of_cause(pool, play.stream, "c-404") == ()
    assert await queries.events_of_cause(pool, "other:stream", "c-2") == ()


async def test_dialogues_are_listed_by_what_is_asked(pool: Pool) -> None:
    """Filters leave out what does not fit, and pages follow each other."""
    projections = Projections()
    for slug in ("een", "twee", "drie"):
        play = Play(slug)
        await append(pool, play.batch(play.starts()), projections)
    everything = await queries.summaries(pool)
    assert [row.slug for row in everything] == ["drie", "een", "twee"]
    page = await queries.summaries(pool, limit=2, organisation="gemeente-waterdam")
    rest = await queries.summaries(pool, after=page[-1].stream)
    assert [row.slug for row in (*page, *rest)] == ["drie", "een", "twee"]
    assert await queries.summaries(pool, organisation="elders") == ()
    assert await queries.summaries(pool, status="paused") == ()
    assert await queries.summaries(pool, attention=True) == ()
    assert len(await queries.summaries(pool, method="stakeholderdialoog")) == 3
    assert len(await queries.summaries(pool, actor="p-2")) == 3
    assert await queries.summaries(pool, actor="p-99") == ()
    one = await queries.dialogue(pool, "gemeente-waterdam:een")
    assert one is not None
    assert one.state["title"] == "Parkzicht"
    assert await queries.dialogue(pool, "gemeente-waterdam:vier") is None


async def test_deadlines_come_first_things_first(pool: Pool) -> None:
    """What falls due is told over all dialogues, up to a moment."""
    play = Play()
    await append(pool, play.batch(play.starts()), Projections())
    (due,) = await queries.deadlines(pool, organisation="gemeente-waterdam")
    assert (due.kind, due.target, due.title) == ("date", "Raadsbesluit", "Parkzicht")
    assert await queries.deadlines(pool, until=START + timedelta(days=1)) == ()
    assert await queries.failures(pool) == ()


async def test_an_incident_is_shown(pool: Pool) -> None:
    """An incident names its stream and what was offered, and stays open."""
    made = events(2)
    await append(pool, batch(made))
    with pytest.raises(Forked) as refusal:
        await append(pool, batch(events(1, after=made[:1], mark="x"), after=made[0]))
    (incident,) = await queries.incidents(pool, STREAM)
    assert (incident.id, incident.kind, incident.open) == (
        refusal.value.incident,
        "forked",
        True,
    )
    assert incident.detail["after_seq"] == 1
    assert await queries.incidents(pool, "other:stream") == ()


async def test_contents_are_read_by_hash(pool: Pool) -> None:
    """A method comes back byte by byte."""
    play = Play()
    new = play.batch(play.starts())
    await append(pool, new)
    for digest, content in new.contents.items():
        assert await queries.content(pool, digest) == content.body
    assert await queries.content(pool, "00" * 32) is None

"""A replay sees what its first play saw, and so writes the very same events.

Temporal replays a workflow task that gave no command as one with the next, with the
next one's time; and what a refused update was answered in is in no history. Before
there were marks, a dialogue to which signals and refused updates came at once found
its own record contradicted as soon as a worker had to replay it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, cast

import psycopg
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

from domain.events import Event
from evidence.chain import check_chain
from evidence.event import Sealed, event_hash
from servers import PostgresServer
from tests.domain.story import STREAM, brief_done, given
from tests.services import create_database, own_namespace, until
from tests.workflows.playing import FIRST, Engine, Play, envelope, together
from tests.workflows.replaying import replayer
from tests.workflows.running import engine_on
from workflows import policies, standing
from workflows.ledger import Ledger, LedgerState

MARK = EventType.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED
ACTIVITY = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
ACCEPTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
TIMER = EventType.EVENT_TYPE_TIMER_STARTED
TASK = "EVENT_TYPE_WORKFLOW_TASK_SCHEDULED"
SCHEDULED = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED
COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
SIGNALED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
OTHER = "5" * 64
"""A hash that a replay did not arrive at."""


async def test_a_replay_writes_the_events_that_are_on_record(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a task that only heard a signal is followed at once by a refusal."""
    play = await engine.start()
    async with record_is_busy(engine):
        for number in range(4):
            await play.handle.signal("note_signal", nudge(number))
            await until(lambda: is_heard(play))
    await play.settled()

    (history,) = await play.histories()
    found = places(history)
    assert len(found) >= 3
    for place in found:
        written = await replayed([refusal_behind(history, place)], monkeypatch)
        assert written == await play.bodies()
    await play.is_sound()


@asynccontextmanager
async def record_is_busy(engine: Engine) -> AsyncGenerator[None]:
    """Let nothing go on record meanwhile."""
    async with await psycopg.AsyncConnection.connect(engine.database) as conn:
        await conn.execute("LOCK TABLE audit.event IN EXCLUSIVE MODE")
        yield


async def is_heard(play: Play) -> bool:
    """Whether no message waits for a workflow task."""
    return (await play.history())[-1].event_type in {COMPLETED, MARK, ACTIVITY}


def nudge(number: int) -> dict[str, Any]:
    """Give a message that is heard and changes little."""
    return envelope({"type": "nudge", "source": "operator"}, f"s-{number}")


def places(history: WorkflowHistory) -> list[int]:
    """Give the ids of the events with which a task ends and a signal follows."""
    return [
        before.event_id
        for before, after in pairwise(history.events)
        if before.event_type in {COMPLETED, MARK} and after.event_type == SIGNALED
    ]


def refusal_behind(history: WorkflowHistory, place: int) -> WorkflowHistory:
    """Give the history with a task behind that event that did nothing but refuse.

    The server writes such a task down when something else happens while it runs.
    """
    events = json.loads(history.to_json())["events"]
    first = next(at for at, event in enumerate(events) if event["eventType"] == TASK)
    between = deepcopy(events[first : first + 3])
    move(events, beyond=place, by=3)
    move(between, beyond=0, by=place - first)
    last = datetime.fromisoformat(events[place - 1]["eventTime"][:26] + "+00:00")
    for number, event in enumerate(between, 1):
        at = last + timedelta(milliseconds=number)
        event["eventTime"] = f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
    changed = {"events": [*events[:place], *between, *events[place:]]}
    return WorkflowHistory.from_json(history.workflow_id, changed)


def move(value: object, *, beyond: int, by: int) -> None:
    """Count every event further that is named and comes behind one."""
    match value:
        case dict():
            members = cast("dict[str, object]", value)
            for name, member in members.items():
                if name.endswith(("eventId", "EventId")) and int(str(member)) > beyond:
                    members[name] = str(int(str(member)) + by)
                move(member, beyond=beyond, by=by)
        case list():
            for member in cast("list[object]", value):
                move(member, beyond=beyond, by=by)
        case _:
            return


async def replayed(
    histories: list[WorkflowHistory], monkeypatch: pytest.MonkeyPatch
) -> list[bytes]:
    """Give the bodies that a replay of all runs takes in, in order."""
    taken: dict[int, bytes] = {}
    take = Ledger.take

    def spy(ledger: Ledger, events: list[Event], sealed: list[Sealed]) -> None:
        taken.update((one.seq, one.body) for one in sealed)
        take(ledger, events, sealed)

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "take", spy)
        replaying = replayer()
        for history in histories:
            await replaying.replay_workflow(history)
    return [taken[seq] for seq in sorted(taken)]


async def test_a_task_that_hears_a_signal_leaves_a_trace(engine: Engine) -> None:
    """Signals that come while the record is busy cost one mark a task, no more."""
    play = await engine.start()
    signals = [play.handle.signal("note_signal", nudge(n)) for n in range(60)]
    await together(*signals)
    await play.settled()
    types = [event.event_type for event in await play.history()]
    heard = marks = 0
    for before, after in pairwise(types):
        if before == COMPLETED and heard:
            # A signal that came meanwhile stands before the next task.
            assert after not in {SCHEDULED, SIGNALED}
            heard = 0
        heard += before == SIGNALED
        marks += before == MARK
    assert marks <= types.count(COMPLETED)


async def test_a_dialogue_that_is_asked_leaves_no_marks(engine: Engine) -> None:
    """An update and its answer are trace enough; only the start answers nobody."""
    play = await engine.start()
    for item in FIRST:
        await play.does("complete_items", items=[item])
    types = [event.event_type for event in await play.history()]
    assert types.count(MARK) == 1
    assert types.index(MARK) < types.index(ACCEPTED)


async def test_updates_leave_no_marks_while_the_record_is_busy(engine: Engine) -> None:
    """However many at once: that they were accepted is in the history."""
    play = await engine.start()
    async with record_is_busy(engine):
        notes = [
            asyncio.create_task(play.update("note_signal", nudge(number)))
            for number in range(9)
        ]
        await until(lambda: are_accepted(play, 9))
    await together(*notes)
    await play.settled()
    assert [event.event_type for event in await play.history()].count(MARK) == 1
    await play.is_sound()


async def are_accepted(play: Play, number: int) -> bool:
    """Whether so many updates are in the history."""
    types = [event.event_type for event in await play.history()]
    return types.count(ACCEPTED) == number


async def test_runs_that_hand_over_under_their_callers_replay(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a timer armed as a run is made, and updates in its first task."""
    monkeypatch.setattr(policies, "UPDATE_BUDGET", 8)
    play = await engine.start()
    await play.reach_window()
    await play.settled()
    tries = 0
    while not await has_run_that_began_with_an_update(play):
        notes = [play.update("note_signal", nudge(100 * tries + n)) for n in range(20)]
        assert await together(*notes) != []
        tries += 1
        assert tries < 20, "no run began with an update"
    await play.settled()
    assert await replayed(await play.histories(), monkeypatch) == await play.bodies()
    await play.is_sound()


async def has_run_that_began_with_an_update(play: Play) -> bool:
    """Whether the first task of a later run accepted one, with a timer beside it."""
    for run in (await play.runs())[1:]:
        types = [event.event_type for event in run]
        later = [at for at, kind in enumerate(types) if kind == SCHEDULED][1:2]
        first = types[: later[0]] if later else types
        if ACCEPTED in first and TIMER in first:
            return True
    return False


async def test_a_build_that_writes_an_event_otherwise_goes_on(
    temporal_client: Client,
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is on record stays; what comes next goes behind it, and nothing stops."""
    client = await own_namespace(temporal_client, "otherwise")
    database = await create_database(postgres_server.address, "otherwise")
    async with engine_on(client, database) as engine:
        play = await engine.start()
        await play.does("complete_items", items=FIRST[:1])
        await play.settled()
    before = await play.bodies()

    digest = standing.body_digest

    def otherwise(kind: str, command: dict[str, Any]) -> str:
        return digest(kind, command)[::-1]

    monkeypatch.setattr(standing, "body_digest", otherwise)
    async with engine_on(client, database):
        answer = await play.does("complete_items", items=FIRST[1:])
        assert answer["recorded"]
        await play.settled()
    bodies = await play.bodies()
    assert bodies[: len(before)] == before
    assert list(check_chain(bodies, play.stream)) == []


def test_what_waits_is_chained_behind_what_is_on_record() -> None:
    """However much waits: each event names the hash of the one before."""
    story = brief_done(given())
    ledger = Ledger(LedgerState(stream=STREAM, epoch=1))
    ledger.take(story.events, ledger.seal(story.events))
    ledger.recorded(1, OTHER)

    batch = ledger.next_batch()
    assert batch.after_hash == OTHER
    bodies = [json.loads(body) for body in batch.events]
    hashes = [event_hash(body.encode()) for body in batch.events]
    assert [body["seq"] for body in bodies] == [e.seq for e in story.events[1:]]
    assert [body["prev"] for body in bodies] == [OTHER, *hashes[:-1]]
    assert ledger.hash == ledger.carried().hashes[-1] == hashes[-1]

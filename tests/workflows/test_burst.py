"""Thousands of messages at once are heard in their order, task after task."""

from __future__ import annotations

import asyncio

from temporalio.client import Client

from servers import PostgresServer
from tests.services import create_database, own_namespace, until
from tests.workflows.playing import FIRST, Engine, Play, envelope, start_command
from tests.workflows.running import engine_on
from tests.workflows.test_replay import replay

MANY = 3_000


def note(number: int) -> dict[str, object]:
    """A command that many can send; its id is its number."""
    command = {"type": "note", "source": "zaaksysteem"}
    return envelope(command, f"n-{number}")


async def send(play: Play, many: int) -> list[str]:
    """Send signals, fifty at a time; give the ids in the order in which they came."""
    for first in range(0, many, 50):
        numbers = range(first, min(first + 50, many))
        await asyncio.gather(
            *(play.handle.signal("note_signal", note(n)) for n in numbers)
        )
    history = await play.history()
    return [
        read.split('"id":"')[1].split('"')[0]
        for event in history
        for sent in event.workflow_execution_signaled_event_attributes.input.payloads
        if '"id":"n-' in (read := sent.data.decode())
    ]


async def noted(play: Play) -> list[str]:
    """Give the ids of the notes on record, in their order."""
    return [e["cause"] for e in await play.events() if e["type"] == "signal_noted"]


async def test_what_came_while_no_worker_ran_is_recorded_once_and_in_order(
    temporal_client: Client, postgres_server: PostgresServer
) -> None:
    """Three thousand signals fail no task; the update behind them is answered last."""
    client = await own_namespace(temporal_client, "burst")
    database = await create_database(postgres_server.address, "burst")
    async with engine_on(client, database) as engine:
        play = await engine.start()
    sent = await send(play, MANY)
    assert len(sent) == MANY

    async with engine_on(client, database) as engine:
        play.engine = engine
        answer = await play.does("complete_items", items=FIRST[:1])
        assert (await play.types())[: MANY + 1] == [
            "dialogue_started",
            *["signal_noted"] * MANY,
        ]
        assert answer["version"] > MANY + 1
        await play.settled()
        assert await noted(play) == sent
        await play.is_sound()
        await replay(await play.histories())


async def test_what_comes_before_the_compiled_forms_waits_in_the_same_line(
    temporal_client: Client, postgres_server: PostgresServer
) -> None:
    """Hundreds of signals before a start is obeyed are recorded once, in order."""
    client = await own_namespace(temporal_client, "early")
    database = await create_database(postgres_server.address, "early")
    # No worker runs yet.
    engine: Engine
    async with engine_on(client, database) as engine:
        pass
    play = await engine.begin(envelope(start_command()))
    sent = await send(play, 450)
    async with engine_on(client, database) as engine:
        play.engine = engine

        async def all_noted() -> bool:
            return len(await noted(play)) == len(sent)

        await until(all_noted)
        assert await noted(play) == sent
        await play.is_sound()
        await replay(await play.histories())

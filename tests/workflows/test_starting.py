"""Any client starts a dialogue; what it leaves out is fetched, what is wrong told."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError

from domain.errors import MalformedEnvelope
from servers import PostgresServer
from tests.services import create_database, own_namespace
from tests.workflows.hostile import raw, said
from tests.workflows.playing import (
    DIRECTOR,
    FIRST,
    Engine,
    Play,
    broken,
    compiled,
    envelope,
    start_command,
)
from tests.workflows.running import engine_on
from workflows.beginning import read_start


async def test_with_and_without_compiled_forms_is_the_same(engine: Engine) -> None:
    """The first event is alike but for who, when and the id: so are the hashes."""
    with_forms = await engine.start()
    without = await engine.begin(envelope(start_command()))
    await without.settled()

    first, second = [(await play.events())[0] for play in (with_forms, without)]
    kept = {"method", "calendar", "plan", "roles", "title", "zone", "language"}
    assert {k: first["data"][k] for k in kept & first["data"].keys()} == {
        k: second["data"][k] for k in kept & second["data"].keys()
    }
    assert first["actor"]["via"] == second["actor"]["via"] == "start"
    for play in (with_forms, without):
        await play.is_sound()


async def test_messages_wait_for_the_compiled_forms(engine: Engine) -> None:
    """Signals and updates that come first are obeyed in their order, none is lost."""
    play = await engine.begin(envelope(start_command()))
    await play.handle.signal("complete_items", envelope({"items": FIRST[:1]}))
    await play.handle.signal("complete_items", {"not": "an envelope"})
    assert (await play.does("complete_items", items=FIRST[1:]))["recorded"]
    assert await play.types() == [
        "dialogue_started",
        "step_started",
        "items_completed",
        "command_refused",
        "items_completed",
    ]
    await play.is_sound()


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no such method": ({"method": "nergens"}, "nergens"),
    "another hash": ({"method_hash": "0" * 64}, "belangen-op-tafel"),
    "no such role": ({"roles": {"koning": ["p-1"]}}, "koning"),
    "no such zone": ({"zone": "Mars/Olympus"}, "Mars/Olympus"),
    "another's role": ({"roles": {"process_director": ["p-9"]}}, "process_director"),
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_start_that_can_not_be_obeyed_says_why(
    engine: Engine, what: str
) -> None:
    """The workflow fails with one of our errors, and so does whoever waits for it."""
    more, told = WRONG[what]
    play = await engine.begin(envelope(start_command(**more)))
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(play.handle.result(), 20)
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.non_retryable
    assert told in failed.value.cause.message
    assert broken(await play.history()) == []
    assert await play.events() == []


async def test_forms_that_are_not_what_they_claim_are_refused(engine: Engine) -> None:
    """A method whose hash is another's would be a lie on record for ever."""
    forms = await compiled()
    forms["method_hash"] = "0" * 64
    play = await engine.begin(envelope(start_command(compiled=forms)))
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(play.handle.result(), 20)
    assert "hash" in str(failed.value.cause)


async def test_search_attributes_tell_no_person(engine: Engine) -> None:
    """Organisation, phase, status and method; the deadline while a window is open."""
    play = await engine.start()
    assert await attributes(play) == {
        "PolderOrganisation": "gemeente-waterdam",
        "PolderPhase": "start",
        "PolderStatus": "running",
        "PolderMethod": "belangen-op-tafel@1.0",
    }
    await play.reach_window()
    assert "PolderNextDeadline" in await attributes(play)
    told = str(await attributes(play))
    assert DIRECTOR["id"] not in told
    assert "k-1" not in told


async def attributes(play: Play) -> dict[str, Any]:
    """Give the search attributes that the dialogue has now."""
    description = await play.handle.describe()
    indexed = description.raw_description.workflow_execution_info.search_attributes
    return {
        name: json.loads(payload.data)
        for name, payload in indexed.indexed_fields.items()
        if name.startswith("Polder")
    }


async def test_a_cancel_before_the_start_is_obeyed_is_refused_too(
    temporal_client: Client, postgres_server: PostgresServer
) -> None:
    """The dialogue starts all the same, and the signal behind the cancel is heard."""
    client = await own_namespace(temporal_client, "cancelled")
    database = await create_database(postgres_server.address, "cancelled")
    async with engine_on(client, database) as engine:
        pass
    play = await engine.begin(envelope(start_command()))
    await play.handle.cancel()
    await play.handle.signal("complete_items", envelope({"items": FIRST[:1]}))
    async with engine_on(client, database) as engine:
        play.engine = engine
        assert (await play.does("complete_items", items=FIRST[1:]))["recorded"]
        assert (await play.types())[:2] == ["dialogue_started", "command_refused"]
        assert (await play.types()).count("items_completed") == 2
        await play.is_sound()


async def carried_by(play: Play) -> dict[str, Any]:
    """Give what a run of this dialogue would hand over."""
    ledger = await play.handle.query("outbox")
    return {"carried": 1, "state": await play.state(), "ledger": ledger}


FORGED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing was restored": ({}, "nothing was restored"),
    "another dialogue's": ({"restored": True}, "another dialogue"),
}


@pytest.mark.parametrize("what", FORGED)
async def test_a_state_that_nobody_carried_starts_nothing(
    engine: Engine, what: str
) -> None:
    """Only a run that goes on, or a restore, begins with a state; the record stays."""
    more, told = FORGED[what]
    play = await engine.start()
    forged = await engine.begin(await carried_by(play) | more)
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(forged.handle.result(), 20)
    assert told in str(failed.value.cause)
    assert broken(await forged.history()) == []
    assert await forged.events() == []
    await play.is_sound()


OFF: dict[str, dict[str, Any]] = {
    "hashes": {"ledger": {"hashes": ["0" * 64]}},
    "outbox": {"ledger": {"outbox": ["{}"], "hashes": ["0" * 64]}},
    "version": {"state": {"version": 9}},
    "windows": {"state": {"windows": {"nergens": []}}},
}


@pytest.mark.parametrize("what", OFF)
async def test_a_restore_that_makes_no_sense_fails_with_a_reason(
    engine: Engine, what: str
) -> None:
    """The workflow ends, rather than try for ever."""
    play = await engine.start()
    carried = await carried_by(play) | {"restored": True}
    for part, more in OFF[what].items():
        carried[part] |= more
    await play.handle.terminate()
    again = await engine.client.start_workflow(
        "Dialogue", carried, id=play.stream, task_queue="polder"
    )
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(again.result(), 20)
    assert isinstance(failed.value.cause, ApplicationError)
    assert broken(await play.history()) == []


async def test_a_run_goes_on_with_what_another_build_carried(engine: Engine) -> None:
    """Members that this build does not know are left out; only a run may go on."""
    play = await engine.start()
    carried = await carried_by(play)
    known = read_start(play.stream, [raw(said(carried))], continued=True)
    carried["state"]["windows_of_tomorrow"] = carried["unknown"] = {"a": 1}
    assert read_start(play.stream, [raw(said(carried))], continued=True) == known
    with pytest.raises(MalformedEnvelope):
        read_start(play.stream, [raw(said(carried))])

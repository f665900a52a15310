"""Any client starts a dialogue; what it leaves out is fetched, what is wrong told."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

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

"""An update is answered once its events are on record, or refused with what helps."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.client import WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy

from activities.contracts import TASK_QUEUE
from tests.workflows.playing import (
    FIRST,
    SECOND,
    Engine,
    Play,
    commitment,
    envelope,
    start_command,
    together,
)


@pytest.fixture
async def play(engine: Engine) -> Play:
    """A dialogue that has just started."""
    return await engine.start()


async def test_an_answer_names_the_events_on_record(play: Play) -> None:
    """Version, recorded, and each event with seq, type and hash; nothing more."""
    answer = await play.does("complete_items", items=FIRST[:2])
    recorded = await play.events()

    assert answer.keys() == {"version", "recorded", "events"}
    assert (answer["version"], answer["recorded"]) == (3, True)
    types = [(e["seq"], e["type"]) for e in answer["events"]]
    assert types == [(2, "step_started"), (3, "items_completed")]
    assert answer["events"][0]["hash"] == recorded[2]["prev"]
    assert recorded[2]["actor"] == {
        "id": "p-1",
        "role": "process_director",
        "via": "update",
    }
    assert (await play.head())["hash"] == answer["events"][1]["hash"]
    await play.is_sound()


async def test_a_repeat_is_named_so_and_changes_nothing(play: Play) -> None:
    """The same envelope under another update id has no second effect."""
    body = envelope({"items": FIRST[:1]})
    await play.update("complete_items", body, "first")
    again = await play.update("complete_items", body, "second")

    assert again == {"version": 3, "recorded": True, "events": [], "repeated": True}
    assert len(await play.events()) == 3
    await play.is_sound()


async def test_the_same_update_id_costs_nothing(play: Play) -> None:
    """Temporal gives the first answer again, without asking the workflow."""
    body = envelope({"items": FIRST[:1]})
    first = await play.update("complete_items", body, "same")
    before = len(await play.history())

    assert await play.update("complete_items", body, "same") == first
    assert len(await play.history()) == before


async def test_once_is_once_for_a_hundred_at_a_time(play: Play) -> None:
    """A command sent a hundred times in parallel has one effect; all are answered."""
    body = envelope({"items": FIRST[:1]})
    sent = [play.update("complete_items", body, f"u-{n}") for n in range(100)]
    answers = await together(*sent)

    assert [a for a in answers if isinstance(a, BaseException)] == []
    assert sum("repeated" not in answer for answer in answers) == 1
    assert all(answer["recorded"] for answer in answers)
    assert len(await play.events()) == 3
    await play.is_sound()


REFUSALS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "VersionConflict": ("complete_items", {"items": FIRST}, {"if_version": 7}),
    "UnknownItem": ("complete_items", {"items": ["kennismaken.nope"]}, {}),
    "StepNotReady": ("complete_items", {"items": SECOND}, {}),
    "UnknownCommand": ("frobnicate", {}, {}),
    "MalformedCommand": ("complete_items", {"items": []}, {}),
    "UnknownRole": ("start_step", {"step": "x"}, {"actor": {"id": "a", "role": "b"}}),
    "NotHolder": (
        "complete_items",
        {"items": FIRST},
        {"actor": {"id": "p-9", "role": "process_director"}},
    ),
    "NotEntitled": (
        "complete_items",
        {"items": FIRST},
        {"actor": {"id": "polder", "role": "clock"}},
    ),
    "ReservedId": ("complete_items", {"items": FIRST}, {"id": "polder:close:x"}),
    "PlainTextRefused": (
        "waive_items",
        {"items": FIRST, "reason": "because Jan said so"},
        {},
    ),
    "MalformedEnvelope": ("complete_items", {"items": FIRST}, {"sig": "abc"}),
    "DialogueExists": ("start_dialogue", start_command(), {}),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_refusal_says_what_would_help_and_costs_nothing(
    engine: Engine, shared: Play, name: str
) -> None:
    """A refused update has the error's name, a message and facts, and no history."""
    kind, command, more = REFUSALS[name]
    before = len(await shared.history()), await shared.head()
    body = {**envelope(command), **more}

    refusal = await shared.refused(kind, body)

    assert refusal.type == name
    assert refusal.non_retryable
    assert refusal.message.endswith((".", ")", "?"))
    assert isinstance(refusal.details[0], dict)
    assert "Jan" not in f"{refusal.message} {refusal.details}"
    assert (len(await shared.history()), await shared.head()) == before


@pytest.fixture(scope="module")
async def shared(engine: Engine) -> Play:
    """A dialogue to which nothing happens."""
    return await engine.start()


async def test_the_facts_of_a_refusal_come_along(shared: Play) -> None:
    """A screen can say the refusal in another language, from its facts."""
    refusal = await shared.refused(
        "complete_items", envelope({"items": FIRST}, if_version=7)
    )
    assert refusal.details == ({"version": 1, "expected": 7},)


async def test_the_same_id_with_another_body_is_refused(play: Play) -> None:
    """An id that was used stands for what it was used for, and nothing changes."""
    body = envelope({"items": FIRST[:1]})
    await play.update("complete_items", body)
    other = envelope({"items": FIRST[1:]}, body["id"])

    assert (await play.refused("complete_items", other)).type == "IdReused"
    assert (await play.refused("start_step", body)).type == "IdReused"
    assert len(await play.events()) == 3


async def test_the_version_seen_is_held_to(play: Play) -> None:
    """if_version lets a command through only while nothing else has happened."""
    fits = envelope({"items": FIRST[:1]}, if_version=1)
    assert (await play.update("complete_items", fits))["version"] == 3
    late = envelope({"items": FIRST[1:]}, if_version=1)
    assert (await play.refused("complete_items", late)).type == "VersionConflict"
    # A repeat is no conflict: it comes before the version is looked at.
    assert (await play.update("complete_items", fits))["repeated"] is True


async def test_a_refused_command_may_come_again(play: Play) -> None:
    """The id of a refused update is not used up."""
    body = envelope({"step": "belangen"})
    assert (await play.refused("start_step", body)).type == "StepNotReady"
    await play.does("complete_items", items=FIRST)
    await play.does("complete_step", step="kennismaken")
    assert (await play.update("start_step", body))["recorded"]
    await play.is_sound()


async def test_any_client_starts_a_dialogue_with_the_first_command(
    engine: Engine,
) -> None:
    """Start and command go together; the command waits for the compiled forms."""
    stream = "gemeente-waterdam:update-with-start"
    start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
        "Dialogue",
        envelope(start_command()),
        id=stream,
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    answer = await engine.client.execute_update_with_start_workflow(
        "complete_items", envelope({"items": FIRST}), start_workflow_operation=start
    )
    assert (answer["version"], answer["recorded"]) == (3, True)
    play = Play(engine, engine.client.get_workflow_handle(stream), stream)
    assert await play.types() == ["dialogue_started", "step_started", "items_completed"]
    await play.is_sound()


async def test_a_dialogue_that_is_archived_ends_its_workflow(play: Play) -> None:
    """The archiver is answered, the workflow gives its head, and takes no more."""
    await play.does("cancel_dialogue", reason=commitment("gone"))
    answer = await play.does("archive_dialogue")

    assert answer["recorded"]
    result = await play.handle.result()
    assert result == {"version": 3, "hash": answer["events"][0]["hash"]}
    assert await play.types() == [
        "dialogue_started",
        "dialogue_cancelled",
        "dialogue_archived",
    ]
    await play.is_sound()


async def test_a_stopped_run_tells_its_callers_why(engine: Engine) -> None:
    """Where the id is on record already, start and waiting callers hear just that."""
    first = await engine.start()
    await first.handle.terminate("its Temporal database was lost")
    second = await engine.client.start_workflow(
        "Dialogue", envelope(start_command()), id=first.stream, task_queue=TASK_QUEUE
    )
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await second.execute_update("complete_items", envelope({"items": FIRST}))
    assert getattr(refused.value.cause, "type", None) == "DialogueExists"
    assert len(await first.events()) == 1

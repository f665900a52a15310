"""Nothing that arrives disappears, and nothing that arrives can wedge the workflow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from typing import Any

import pytest
from temporalio.client import (
    WorkflowFailureError,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from domain.commands import COMMANDS, AnyCommand, NoteSignal
from domain.decide import decide
from domain.errors import DomainError
from domain.facts import Cause
from domain.state import Dialogue
from tests.services import until
from tests.workflows.hostile import GOOD, NAMES, PAYLOADS, STRANGE, members, raw, said
from tests.workflows.playing import (
    DIRECTOR,
    FIRST,
    Engine,
    Play,
    broken,
    envelope,
    together,
)
from workflows import standing as standings
from workflows.standing import Standing


@pytest.fixture
async def play(engine: Engine) -> Play:
    """A dialogue that has just started."""
    return await engine.start()


async def still_works(play: Play) -> None:
    """The next command is obeyed, all is on record, and no task ever failed."""
    answer = await play.does("complete_items", items=FIRST[1:])
    assert answer["recorded"]
    await play.settled()
    await play.is_sound()


async def outcome(play: Play, name: str, args: tuple[Any, ...]) -> str:
    """Send an update; give the type of its refusal, or what it did."""
    try:
        answer = await play.handle.execute_update(name, args=args)
    except WorkflowUpdateFailedError as error:
        return str(getattr(error.cause, "type", error.cause))
    play.answers.append(answer)
    return "repeated" if answer.get("repeated") else "obeyed"


async def test_every_hostile_update_is_refused_with_a_reason(play: Play) -> None:
    """Each is refused as one of our own errors, and leaves no trace."""
    before = len(await play.history())
    for what, args in PAYLOADS.items():
        found = await outcome(play, "complete_items", args)
        assert found in DomainError.kinds, (what, found)
    for name in NAMES[1:]:
        found = await outcome(play, name, (raw(said(GOOD)),))
        assert found in DomainError.kinds, (name, found)

    assert len(await play.history()) == before
    await still_works(play)


async def test_every_hostile_signal_is_refused_on_record(play: Play) -> None:
    """Each becomes one command_refused with a name and an error, never the payload."""
    for args in PAYLOADS.values():
        await play.handle.signal("complete_items", args=args)
    for name in NAMES[1:]:
        await play.handle.signal(name, args=(raw(said(GOOD)),))
    sent = len(PAYLOADS) + len(NAMES) - 1
    await until(lambda: refusals(play, sent))
    events = await play.events()
    refused = [e["data"] for e in events if e["type"] == "command_refused"]

    assert [e["type"] for e in events][1:] == ["command_refused"] * sent
    for data in refused:
        assert {*data} - {"digest"} == {"name", "command", "error"}
        assert data["error"] in DomainError.kinds
        assert data["name"] is None or data["name"] in NAMES
        assert data["command"] in {None, "hostile-1"}
    await still_works(play)


async def refusals(play: Play, sent: int) -> bool:
    """Whether so many refusals are on record."""
    return (await play.types()).count("command_refused") >= sent


async def test_every_member_takes_only_what_it_is_for(play: Play) -> None:
    """A strange value in any member is refused, or means what it says."""
    outcomes = set[str]()
    for what, argument in members().items():
        found = await outcome(play, "complete_items", (argument,))
        known = found in DomainError.kinds or found in {"obeyed", "repeated"}
        assert known, (what, found)
        outcomes.add(found)

    assert {"MalformedEnvelope", "MalformedCommand", "obeyed"} <= outcomes
    signals = [play.handle.signal("complete_items", m) for m in members().values()]
    assert await together(*signals) == [None] * len(signals)
    await still_works(play)


@pytest.mark.parametrize("kind", COMMANDS)
async def test_every_command_takes_only_what_it_is_for(
    engine: Engine, target: Play, kind: str
) -> None:
    """No strange value in a member of any command fails a workflow task."""
    signals = [
        target.handle.signal(kind, raw(said(body))) for body in strange_bodies(kind)
    ]
    assert await together(*signals) == [None] * len(signals)
    assert await target.handle.query("head")


def strange_bodies(kind: str) -> Iterator[dict[str, Any]]:
    """Give envelopes whose command has one strange value in all members."""
    for number, value in enumerate(STRANGE):
        command = dict.fromkeys(COMMANDS[kind].model_fields, value)
        name = f"s-{kind}-{number}"
        yield {"id": name, "actor": DIRECTOR, "command": command}


async def test_no_member_of_any_command_raises_anything_else(engine: Engine) -> None:
    """Each strange value in each member is obeyed, or refused as one of our own."""
    play = await engine.start()
    carried = Dialogue.model_validate(await play.state())
    standing = Standing(play.stream, lambda: carried.started, lambda: None)
    standing.state = carried
    tried = 0
    for kind, model in COMMANDS.items():
        for name in (*model.model_fields, "unknown"):
            for value in STRANGE:
                body = {"id": "x", "actor": DIRECTOR, "command": {name: value}}
                with suppress(DomainError):
                    standing.decide(kind, [raw(said(body))], "signal")
                tried += 1
    assert tried > 1_000


@pytest.fixture(scope="module")
async def target(engine: Engine) -> AsyncGenerator[Play]:
    """A dialogue that gets them all, and has to stand at the end."""
    play = await engine.start()
    yield play
    await until(lambda: all_recorded(play), within=60)
    await play.is_sound()


async def all_recorded(play: Play) -> bool:
    """Whether nothing waits for the record."""
    head = await play.head()
    return head["seq"] == head["recordedSeq"]


@pytest.mark.parametrize("size", [1_100_000, 2_200_000, 4_193_000])
async def test_megabytes_are_kept_out_by_temporal(play: Play, size: int) -> None:
    """An update waits in vain, a signal is refused; the dialogue does not notice."""
    huge = raw(b'"' + b"x" * size + b'"')
    with pytest.raises(WorkflowUpdateRPCTimeoutOrCancelledError):
        await asyncio.wait_for(play.handle.execute_update("complete_items", huge), 2)
    if size > 2 * 1024 * 1024:
        with pytest.raises(RPCError):
            await play.handle.signal("complete_items", huge)
    await still_works(play)


async def test_hostile_queries_fail_alone(play: Play) -> None:
    """A query with anything but what it asks for fails, and nothing else does."""
    for name in ("state", "preview_revisit", "nope", "", "x" * 900):
        for args in PAYLOADS.values():
            try:
                await play.handle.query(name, args=args)
            except (WorkflowQueryFailedError, RPCError):
                continue
    await still_works(play)


@pytest.mark.parametrize("what", [*PAYLOADS, *(f"member {m}" for m in GOOD)])
async def test_a_start_with_anything_else_fails_with_a_reason(
    engine: Engine, what: str
) -> None:
    """The workflow ends as failed, with one of our errors, after one task."""
    name = what.removeprefix("member ")
    args = PAYLOADS.get(what) or (raw(said({**GOOD, name: 7})),)
    args = () if what == "no argument" else args
    play = await engine.begin(*args)
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(play.handle.result(), 20)

    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type in DomainError.kinds, what
    assert "hush" not in cause.message
    history = await play.history()
    assert broken(history) == []
    assert await play.events() == []


@pytest.mark.parametrize("stream", ["parkzicht", "Org:x", "org:x", "polder:log", "a:b"])
async def test_a_workflow_id_that_is_no_dialogue_fails(
    engine: Engine, stream: str
) -> None:
    """Only organisation:slug is a dialogue; the reserved organisations are not."""
    handle = await engine.client.start_workflow(
        "Dialogue", GOOD, id=stream, task_queue="polder"
    )
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(handle.result(), 20)
    assert "organisation:slug" in str(failed.value.cause)


async def test_a_fault_of_ours_refuses_one_message(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update hears of it, a signal's refusal is on record, and no task fails."""

    def faulty(state: Dialogue | None, command: AnyCommand, by: Cause) -> object:
        if isinstance(command, NoteSignal):
            raise ZeroDivisionError
        return decide(state, command, by)

    monkeypatch.setattr(standings, "decide", faulty)
    note = {"type": "note", "source": "zaaksysteem"}
    assert (await play.refused("note_signal", envelope(note))).type == "Fault"
    await play.handle.signal("note_signal", envelope(note, "faulty"))
    await until(lambda: refusals(play, 1))

    told = (await play.events())[-1]["data"]
    assert told["error"] == "Fault"
    assert told["command"] == "faulty"
    await still_works(play)


async def test_temporals_own_cancel_is_refused_on_record(play: Play) -> None:
    """A cancel has no actor and no reason: the dialogue goes on, and shows it."""
    await play.handle.cancel()
    await until(lambda: refusals(play, 1))

    assert (await play.events())[-1]["data"]["name"] == "temporal_cancel"
    await play.handle.cancel()
    await still_works(play)

"""What many dialogues have in common is held once, and decided on once."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio.common import RawValue
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.state import Dialogue
from tests.workflows.playing import compiled, envelope, start_command
from workflows.beginning import Start, read_start, started
from workflows.standing import Standing

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def raw(value: object) -> RawValue:
    """Give a value as it arrives in a workflow."""
    (payload,) = pydantic_data_converter.payload_converter.to_payloads([value])
    return RawValue(payload)


async def begun(stream: str) -> Standing:
    """Start a dialogue as the workflow does, without Temporal."""
    message = envelope(start_command(compiled=await compiled()))
    start = read_start(stream, [raw(message)])
    assert isinstance(start, Start)
    standing = Standing(stream, lambda: NOW, lambda: None)
    standing.begin(*started(stream, start, None, NOW))
    return standing


def state(standing: Standing) -> Dialogue:
    """Give the state, which is there."""
    assert standing.state is not None
    return standing.state


async def test_dialogues_of_one_method_share_it() -> None:
    """Method and calendar are in memory once, however many dialogues have them."""
    one, other = await begun("waterdam:one"), await begun("waterdam:other")
    assert state(one).plan is state(other).plan
    assert state(one).calendar is state(other).calendar


async def test_a_start_keeps_no_second_copy_of_what_was_compiled() -> None:
    """The text of the compiled forms goes once they are read."""
    message = envelope(start_command(compiled=await compiled()))
    start = read_start("waterdam:one", [raw(message)])
    assert isinstance(start, Start)
    assert "compiled" not in start.envelope.command
    assert start.command.compiled is not None


async def test_a_message_is_decided_on_once() -> None:
    """What the validator decided is what the handler takes; afterwards it is gone."""
    standing = await begun("waterdam:one")
    message = envelope({"items": ["kennismaken.open-agenda"]})

    first = standing.decide("complete_items", [raw(message)], "update")
    assert standing.decide("complete_items", [raw(message)], "update") is first
    standing.take(first)

    again = standing.decide("complete_items", [raw(message)], "update")
    assert again.events == (), "a repeat now"


async def test_another_message_gets_a_decision_of_its_own() -> None:
    """Neither another name, nor another body, nor another state gets an old answer."""
    standing = await begun("waterdam:one")
    message = envelope({"items": ["kennismaken.open-agenda"]})
    other = envelope({"items": ["kennismaken.tijd-nemen"]})
    first = standing.decide("complete_items", [raw(message)], "update")
    second = standing.decide("complete_items", [raw(other)], "update")
    assert first.events != second.events

    standing.take(second)
    third = standing.decide("complete_items", [raw(message)], "update")
    assert third.events[0].seq > first.events[0].seq

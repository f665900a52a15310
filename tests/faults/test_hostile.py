"""Nothing that arrives, by any way, ends a dialogue, blocks it or leaves its words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.contracts import TASK_QUEUE
from desk.desk import Sender
from desk.errors import DeskError, Refused
from tests.faults.oracle import holds, record_of
from tests.faults.rig import Rig
from tests.faults.telling import METHOD, begin, envelope, fresh, items, noted
from tests.services import until

pytestmark = pytest.mark.faults

DEEP: Final = 20_000


def written(reference: str) -> bytes:
    """Write a command whose reference is this JSON text."""
    told = json.dumps(envelope(fresh("hostile"), noted("REFERENCE")))
    return told.replace('"REFERENCE"', reference).encode()


RAW: Final[Mapping[str, bytes]] = {
    "a megabyte": written(json.dumps("x" * 1_000_000)),
    "deeply nested": written("[" * DEEP + "]" * DEEP),
    "deep, and no end": b"[" * DEEP,
    "not a number": written("NaN"),
    "without end": written("-Infinity"),
    "a lone surrogate": written('"\\ud800"'),
    "NUL": written('"a\\u0000b"'),
    "a number of a thousand digits": written("1" * 10_000),
    "a name twice": b'{"id":"a","id":"b"}',
    "not UTF-8": written('"?"').replace(b"?", b"\xff\xfe"),
    "not JSON": b"<xml/>",
    "nothing": b"",
}
MUCH: Final = written(json.dumps("x" * 1_900_000))
TOO_MUCH: Final = written(json.dumps("x" * (2 * 1024 * 1024 + 1)))

KEPT_OUT: Final = (
    RPCError,
    TimeoutError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)

VALUES: Final[Mapping[str, Any]] = {
    "two megabytes": "x" * 2_000_000,
    "deeply nested": json.loads("[" * 900 + "]" * 900),
    "not a number": float("nan"),
    "a lone surrogate": "a\ud800b",
    "NUL": "a\0b",
    "a number beyond canonical JSON": 2**64,
    "bytes": b"\xff",
}


def payload(data: bytes) -> RawValue:
    """Give bytes as they are, said to be JSON."""
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))


async def test_hostile_messages(steady: Rig) -> None:
    """By update: refused, and no event. By signal: one `command_refused` each."""
    told = await begin(steady.client)
    for data in RAW.values():
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await told.handle.execute_update("note_signal", payload(data))
        assert isinstance(refused.value.cause, ApplicationError)
        assert refused.value.cause.non_retryable
    assert (await told.head())["seq"] == 1
    for data in RAW.values():
        await told.handle.signal("note_signal", payload(data))
    await told.handle.signal("note_signal", payload(MUCH))
    with pytest.raises(RPCError):
        await told.handle.signal("note_signal", payload(TOO_MUCH))
    await until(lambda: refusals(steady, told.stream, len(RAW) + 1))
    await told.does("complete_items", items=items("kennismaken"))
    record = await holds(steady.database, told)
    turned_away = [e for e in record if e.members["type"] == "command_refused"]
    assert len(turned_away) == len(RAW) + 1
    assert "xxxx" not in str(turned_away)


@pytest.mark.slow
async def test_an_update_over_the_limit(rig: Rig) -> None:
    """The server keeps it out, or can't carry its refusal: the dialogue goes on."""
    async with rig.worker():
        told = await begin(rig.client)
        for data in (MUCH, TOO_MUCH):
            with pytest.raises(KEPT_OUT):
                async with asyncio.timeout(5):
                    await told.handle.execute_update("note_signal", payload(data))
        name = fresh()
        await told.insist("update", "note_signal", noted(name), name)
        await holds(rig.database, told, expected="TMPRL1103")


async def refusals(rig: Rig, stream: str, count: int) -> bool:
    """Whether so many refused signals are on record."""
    record = await record_of(rig.database, stream)
    return len([e for e in record if e.members["type"] == "command_refused"]) >= count


async def test_hostile_starts(steady: Rig) -> None:
    """A start that can't be read ends at once, with a reason and without a stream."""
    for name, data in RAW.items():
        stream = f"gemeente-waterdam:{fresh('h')}"
        with pytest.raises(WorkflowFailureError) as failed:
            await started(steady.client, stream, data)
        cause = failed.value.cause
        assert isinstance(cause, ApplicationError), name
        assert await record_of(steady.database, stream) == []


async def started(client: Client, stream: str, data: bytes) -> None:
    """Start a workflow with these bytes, and wait for its end."""
    await client.execute_workflow(
        "Dialogue", payload(data), id=stream, task_queue=TASK_QUEUE
    )


@pytest.mark.parametrize("name", VALUES)
async def test_hostile_words_at_the_desk(steady: Rig, name: str) -> None:
    """In public and private fields, ids and names: refused, and nothing is left."""
    value = VALUES[name]
    async with steady.desk() as desk:
        told = await begin(steady.client, desk)
        for kind, command in (
            ("note_signal", {**noted("x"), "reference": value}),
            ("complete_items", {"items": items("kennismaken"), "note": value}),
            ("complete_items", {"items": [value]}),
            ("note_signal", {**noted("x"), "unknown": value}),
        ):
            ended = await told.tell("desk", kind, command)
            assert ended.outcome == "refused", (kind, ended.outcome)
        if isinstance(value, str):
            for sender, command_id in ((value, fresh()), ("p-1", value)):
                with pytest.raises(DeskError):
                    await desk.send(
                        told.stream,
                        "note_signal",
                        noted("x"),
                        Sender(sender, "process_director"),
                        command_id=command_id,
                    )
            with pytest.raises(DeskError):
                await desk.send(value, "note_signal", noted("x"), Sender("p-1"))
        with pytest.raises(Refused):
            await desk.start(
                f"gemeente-waterdam:{fresh('h')}",
                {"method": METHOD, "title": value},
                Sender("p-1"),
            )
        assert (await told.head())["seq"] == 1
        await holds(steady.database, told)

"""What Temporal still holds of a dialogue: heads of live ones, events of all runs.

The workflow hashes and chains its own events, and every batch that it sent to the
record is the input of an activity in its history. So for as long as Temporal keeps the
runs (its retention), events that the record lost can be got back, and their hashes say
whether they are the true ones.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple

from pydantic import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import APPEND, Appended, AppendRequest
from desk.errors import Unreachable
from desk.reachable import one_line
from desk.restoring import SILENT
from evidence.event import ZERO_HASH, event_hash
from storage.batch import Content
from storage.returning import Found
from workflows.beginning import Carried
from workflows.ledger import LedgerState

_PATIENCE: Final = timedelta(seconds=10)
_SCHEDULED: Final = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
_COMPLETED: Final = EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
_STARTED: Final = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED

Life = Literal["running", "ended", "none", "silent"]


class Told(NamedTuple):
    """What Temporal says of a dialogue.

    ``life``: it runs; it came to its end; no run of it goes on or ended well; or it
    runs, and no worker could be asked. ``seq`` and ``hash`` are its head; ``ledger``
    is that of a live one, with what is not on record yet.
    """

    life: Life
    seq: int = 0
    hash: str = ZERO_HASH
    ledger: LedgerState | None = None

    @property
    def recorded_seq(self) -> int:
        """The last event that it holds as recorded."""
        return self.ledger.recorded_seq if self.ledger else self.seq

    @property
    def recorded_hash(self) -> str:
        """The hash of that event."""
        return self.ledger.recorded_hash if self.ledger else self.hash

    @property
    def waits(self) -> bool:
        """Whether it has events that are not on record yet."""
        return self.seq > self.recorded_seq

    def hash_at(self, seq: int) -> str | None:
        """Give the hash of its last recorded event, or of one that waits."""
        if seq == self.recorded_seq:
            return self.recorded_hash
        if self.ledger is None or not self.recorded_seq < seq <= self.seq:
            return None
        return self.ledger.hashes[seq - self.recorded_seq - 1]


@dataclass
class Held:
    """Events of a dialogue by their hash, as all its runs together hold them."""

    events: dict[str, Found] = field(default_factory=dict[str, Found])
    contents: dict[str, Content] = field(default_factory=dict[str, Content])
    last: tuple[int, str] = (0, ZERO_HASH)
    """The last event that a run was told is on record."""
    runs: int = 0

    def back_from(self, seq: int, digest: str, *, to: int) -> list[Found]:
        """Give the events up to ``seq``, whose hash is ``digest``, after event ``to``.

        In order, and only as far back as they hang together: where one is missing the
        list begins after it.
        """
        chain: list[Found] = []
        while seq > to and (found := self.events.get(digest)) is not None:
            chain.append(found)
            seq, digest = found.seq - 1, found.prev
        return chain[::-1]

    def on_from(self, digest: str) -> list[Found]:
        """Give the events that follow one, for as long as there is no doubt."""
        following: dict[str, list[Found]] = {}
        for found in self.events.values():
            following.setdefault(found.prev, []).append(found)
        chain: list[Found] = []
        while len(nexts := following.get(digest, [])) == 1:
            chain.append(nexts[0])
            digest = nexts[0].hash
        return chain


async def streams(client: Client) -> AsyncIterator[tuple[str, bool]]:
    """Give the dialogues that Temporal knows, open or ended, and whether each is open.

    A dialogue comes once for each of its runs. What is very new may be lacking.
    """
    try:
        async for found in client.list_workflows("WorkflowType = 'Dialogue'"):
            yield found.id, found.status is WorkflowExecutionStatus.RUNNING
    except RPCError as error:
        raise Unreachable(SILENT, problem=one_line(error)) from error


async def ask(client: Client, stream: str) -> Told:
    """Ask Temporal for the head of a dialogue. Raises `Unreachable`."""
    handle = client.get_workflow_handle(stream)
    try:
        described = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return Told("none")
        raise Unreachable(SILENT, problem=one_line(error)) from error
    match described.status:
        case WorkflowExecutionStatus.RUNNING:
            return await _asked(client, stream)
        case WorkflowExecutionStatus.COMPLETED:
            return await _ended(client, stream, described.run_id)
        case _:
            return Told("none")


async def _asked(client: Client, stream: str) -> Told:
    handle = client.get_workflow_handle(stream)
    try:
        said = await handle.query("outbox", rpc_timeout=_PATIENCE)
        ledger = LedgerState.model_validate(said)
    except (
        WorkflowQueryFailedError,
        WorkflowQueryRejectedError,
        RPCError,
        ValidationError,
    ):
        return Told("silent")
    return Told("running", ledger.seq, ledger.hash, ledger)


async def _ended(client: Client, stream: str, run: str) -> Told:
    try:
        said = await client.get_workflow_handle(stream, run_id=run).result()
        return Told("ended", int(said["version"]), str(said["hash"]))
    except (WorkflowFailureError, RPCError, LookupError, TypeError, ValueError):
        return Told("none")


async def runs_of(client: Client, stream: str) -> set[str]:
    """Give the runs that Temporal has of a dialogue, however they came about.

    What it lists, which may lag behind, and the last one for certain. Raises
    ``RPCError``.
    """
    query = f"WorkflowId = '{stream}'"
    found = {run.run_id async for run in client.list_workflows(query) if run.run_id}
    try:
        last = await client.get_workflow_handle(stream).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return found
        raise
    return {*found, last.run_id}


async def held(client: Client, stream: str) -> Held:
    """Read the histories of all runs of a dialogue. Raises `Unreachable`."""
    found = Held()
    try:
        for run in await runs_of(client, stream):
            await _read(client, stream, run, found)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return found
        raise Unreachable(SILENT, problem=one_line(error)) from error
    return found


async def _read(client: Client, stream: str, run: str, found: Held) -> None:
    handle = client.get_workflow_handle(stream, run_id=run)
    found.runs += 1
    offered: dict[int, AppendRequest] = {}
    async for event in handle.fetch_history_events():
        if event.event_type == _STARTED:
            _take_carried(event, found)
        elif event.event_type == _SCHEDULED:
            request = _request(event)
            if request is not None and request.stream == stream:
                offered[event.event_id] = request
                _take(request, found)
        elif event.event_type == _COMPLETED:
            done = event.activity_task_completed_event_attributes
            if done.scheduled_event_id in offered:
                _take_receipt(done.result.payloads, found)
        await asyncio.sleep(0)


def _request(event: HistoryEvent) -> AppendRequest | None:
    told = event.activity_task_scheduled_event_attributes
    if told.activity_type.name != APPEND or len(told.input.payloads) != 1:
        return None
    try:
        return AppendRequest.model_validate_json(told.input.payloads[0].data)
    except ValidationError:
        return None


def _take(request: AppendRequest, found: Held) -> None:
    for digest, content in request.contents.items():
        found.contents[digest] = Content(content.kind, content.text.encode())
    take_events(request.events, request.epoch, found)


def _take_carried(event: HistoryEvent, found: Held) -> None:
    """Take what a run was given to go on with: what was not on record by then."""
    payloads = event.workflow_execution_started_event_attributes.input.payloads
    if len(payloads) != 1 or not payloads[0].data.startswith(b'{"carried":'):
        return
    try:
        ledger = Carried.model_validate_json(payloads[0].data, extra="ignore").ledger
    except ValidationError:
        return
    for contents in ledger.contents.values():
        for digest, content in contents.items():
            found.contents[digest] = Content(content.kind, content.text.encode())
    take_events(ledger.outbox, ledger.epoch, found)


def take_events(bodies: Iterable[str], epoch: int, found: Held) -> None:
    """Take events; what can't be read is none, and so is missing later."""
    for text in bodies:
        try:
            body = text.encode()
            members: dict[str, Any] = json.loads(body)
            seq, prev = int(members["seq"]), str(members["prev"])
        except (LookupError, TypeError, ValueError):
            continue
        digest = event_hash(body)
        found.events.setdefault(digest, Found(seq, digest, prev, body, epoch))


def _take_receipt(payloads: Iterable[Payload], found: Held) -> None:
    for payload in payloads:
        try:
            receipt = Appended.model_validate_json(payload.data, extra="ignore")
        except ValidationError:
            continue
        found.last = max(found.last, (receipt.seq, receipt.hash))

"""One oracle for every fault: what may never be, whatever was broken.

Acknowledged is exactly one set of events, on record by then; refused is none, or one
`command_refused` for a signal; unanswered is none or one, and exactly one after a
retry with the same id. The chain is sound, folding the record gives the workflow's
state, projections are what a rebuild makes them, the vault holds what was committed
to, and no workflow task fails again and again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import psycopg
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.service import RPCError

from evidence.event import event_hash, event_id
from storage.folding import fold_stream
from storage.keys import Keys, beside
from storage.pool import connect
from storage.rebuild import rebuild
from storage.verify import verify_all
from tests.faults.telling import Sending, Told

_NO_FAULT: Final = ("UNHANDLED_COMMAND", "FORCE_CLOSE_COMMAND")
_FAILED: Final = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED


@dataclass(frozen=True)
class OnRecord:
    """An event as the record has it, and when it came there."""

    seq: int
    hash: str
    recorded_at: datetime
    members: Mapping[str, Any]

    @property
    def cause(self) -> str:
        """The id of the command that it follows from."""
        return self.members["cause"]


async def record_of(database: str, stream: str) -> list[OnRecord]:
    """Read the events of a dialogue, in order, from their bytes."""
    query = (
        b"SELECT seq, body, recorded_at FROM audit.event WHERE stream = %s ORDER BY seq"
    )
    async with await psycopg.AsyncConnection.connect(database) as conn:
        rows = await (await conn.execute(query, (stream,))).fetchall()
    return [
        OnRecord(seq, event_hash(bytes(body)), at, json.loads(bytes(body)))
        for seq, body, at in rows
    ]


async def holds(
    database: str, told: Told, *, expected: str | None = None
) -> list[OnRecord]:
    """Retry what was not answered, and hold everything to the oracle.

    Workflow tasks may have failed with ``expected``, where a test brought that about.
    Gives the record.
    """
    await answered(told)
    found = await verdict(database, told, expected=expected)
    assert found == [], "\n".join(found)
    return await record_of(database, told.stream)


async def answered(told: Told) -> None:
    """Send every command that was not answered again, with its id, until it is."""
    for sending in told.unanswered():
        await told.insist(sending.way, sending.kind, sending.command, sending.id)


async def verdict(
    database: str, told: Told, *, expected: str | None = None, patience: float = 30
) -> list[str]:
    """Say what is not as it has to be, after ``patience`` seconds; nothing if all is.

    Workflow tasks may have failed with ``expected``.
    """
    found: list[str] = []
    try:
        await told.settled(within=patience)
    except (TimeoutError, RPCError) as error:
        found.append(f"stuck: not settled ({type(error).__name__})")
    record = await record_of(database, told.stream)
    found += _answers(record, told.sheet)
    found += _causes(record)
    found += await _proof(database, told.stream)
    found += await _agreement(database, told, record)
    found += await _tasks(told, expected)
    return found


def _answers(record: Sequence[OnRecord], sheet: Sequence[Sending]) -> Iterator[str]:
    """Hold each command's outcomes against its events."""
    sendings: dict[str, list[Sending]] = defaultdict(list)
    for sending in sheet:
        sendings[sending.id].append(sending)
    for name, attempts in sendings.items():
        events = [event for event in record if event.cause == name]
        outcomes = {attempt.outcome for attempt in attempts}
        if outcomes & {"acknowledged", "accepted"}:
            if not events and not _refused_elsewhere(record, name):
                yield f"{name}: lost, though it was {sorted(outcomes)}"
        elif events and outcomes == {"refused"}:
            yield f"{name}: refused, and yet on record"
        for attempt in attempts:
            if attempt.outcome == "acknowledged":
                yield from _acknowledged(attempt, events)


def _refused_elsewhere(record: Sequence[OnRecord], name: str) -> bool:
    """Whether a signal was refused on record under another cause than its own."""
    return any(
        event.members["type"] == "command_refused"
        and event.members["data"]["command"] in {name, None}
        for event in record
    )


def _acknowledged(attempt: Sending, events: Sequence[OnRecord]) -> Iterator[str]:
    """What was acknowledged was on record by then, and is what was said."""
    answer = attempt.answer or {}
    if any(event.recorded_at > attempt.at for event in events):
        yield f"{attempt.id}: acknowledged before it was on record"
    said = [(e["seq"], e["type"], e["hash"]) for e in answer.get("events", ())]
    held = [(e.seq, e.members["type"], e.hash) for e in events]
    if said and said != held:
        yield f"{attempt.id}: answered {said}, and on record is {held}"


def _causes(record: Sequence[OnRecord]) -> Iterator[str]:
    """Every cause has one set of events: together, numbered, with ids of its own."""
    causes: dict[str, list[OnRecord]] = defaultdict(list)
    for event in record:
        causes[event.cause].append(event)
    for name, events in causes.items():
        if any(b.seq - a.seq != 1 for a, b in pairwise(events)):
            yield f"{name}: more than one set of events"
        for position, event in enumerate(events):
            members = event.members
            if members["id"] != event_id(members["stream"], name, position):
                yield f"{name}: event {event.seq} has not the id of its cause"
                break


async def _proof(database: str, stream: str) -> list[str]:
    """Verify everything, then rebuild everything and find no difference."""
    async with (
        Keys(beside(database)) as keys,
        await connect(database, role="polder_owner") as conn,
    ):
        report = await verify_all(conn, keys)
        rebuilt = await rebuild(conn)
    found = [*report.findings, *rebuilt.differences]
    said = [f"record: {finding}" for finding in found if finding.stream == stream]
    if stream in report.blocked:
        said.append("record: the stream is blocked")
    if not report.vault_checked:
        said.append("record: the vault was not checked")
    return said


async def _agreement(
    database: str, told: Told, record: Sequence[OnRecord]
) -> list[str]:
    """The workflow's head and state are those of the record."""
    try:
        head, state = await told.head(), await told.state()
    except RPCError as error:
        return [f"stuck: no query is answered ({error})"]
    found: list[str] = []
    last = (record[-1].seq, record[-1].hash)
    if (head["seq"], head["hash"]) != last:
        found.append(f"head: {head} in the workflow, {last} on record")
    async with await connect(database) as conn:
        try:
            folded = await fold_stream(conn, told.stream)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is a finding)
            return [*found, f"fold: {error!r}"]
    if folded.state.model_dump(mode="json") != state:
        found.append("fold: the record does not fold to the workflow's state")
    return found


async def _tasks(told: Told, expected: str | None) -> list[str]:
    """No workflow task fails, over all runs, or is being tried again and again."""
    failed = [
        str(event)
        for run in await runs(told)
        for event in run
        if event.event_type == _FAILED and not _asked_again(event)
    ]
    found = [text for text in failed if expected is None or expected not in text]
    described = await told.handle.describe()
    pending = described.raw_description.pending_workflow_task
    if pending.attempt > 2:
        found.append(
            f"stuck: a workflow task is tried for the {pending.attempt}th time"
        )
    return found


def _asked_again(event: HistoryEvent) -> bool:
    """Whether the server asks again for a reason that is no fault of the workflow's.

    A message came while a run handed over, or more came than the server keeps while
    a worker that is gone still had the task.
    """
    return any(cause in str(event) for cause in _NO_FAULT)


async def runs(told: Told) -> list[list[HistoryEvent]]:
    """Give the histories of every run of a dialogue, oldest first."""
    found = [await _history(told, None)]
    while True:
        started = found[0][0].workflow_execution_started_event_attributes
        before = started.continued_execution_run_id
        if not before:
            return found
        found.insert(0, await _history(told, before))


async def _history(told: Told, run_id: str | None) -> list[HistoryEvent]:
    handle = told.client.get_workflow_handle(told.stream, run_id=run_id)
    return [event async for event in handle.fetch_history_events()]

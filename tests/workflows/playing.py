"""A dialogue under test: driven from outside, and held to its record afterwards."""

# ruff: noqa: ANN401  (a test sends anything)

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count, zip_longest
from typing import Any, Final, cast

import psycopg
import pytest
from temporalio.api.enums.v1 import EventType, TimeoutType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper

from activities.contracts import TASK_QUEUE, CompileRequest
from desk.library import Library
from domain.calendar import Calendar
from domain.events import from_body
from domain.evolve import fold
from domain.method import Method
from evidence.chain import check_chain
from tests.services import until
from tests.workflows.letters import Letters

METHOD: Final = "belangen-op-tafel"
DIRECTOR: Final = {"id": "p-1", "role": "process_director"}
ROLES: Final = {"process_director": ["p-1"], "parties": ["k-1", "k-2"]}
WINDOW: Final = "belangen.klopt-het-beeld"
FIRST: Final = [
    f"kennismaken.{i}" for i in ("tijd-nemen", "open-agenda", "rollen-team")
]
SECOND: Final = [
    f"belangen.{item}"
    for item in (
        "ambities",
        "gemeente-apart",
        "doelen",
        "belangen-in-kaart",
        "prioriteiten",
        "open-blik",
    )
]
THIRD: Final = [
    f"samen-bepalen.{item}"
    for item in (
        "gezamenlijke-ambitie",
        "botsingen",
        "versterking",
        "wensen-wijkaanpak",
        "afspraken",
        "laatkomers",
    )
]
_COME_BACK: Final = frozenset(
    {
        RPCStatusCode.ABORTED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
    }
)
_CAUSE: Final = "WORKFLOW_TASK_FAILED_CAUSE_"
_HEARD: Final = frozenset(
    {
        "ACTIVITY_TASK_CANCELED",
        "ACTIVITY_TASK_COMPLETED",
        "ACTIVITY_TASK_FAILED",
        "ACTIVITY_TASK_TIMED_OUT",
        "TIMER_FIRED",
        "WORKFLOW_EXECUTION_CANCEL_REQUESTED",
        "WORKFLOW_EXECUTION_SIGNALED",
        "WORKFLOW_EXECUTION_STARTED",
    }
)
"""What a workflow task tells a dialogue; updates leave a trace, or were refused."""

_TRACES: Final = frozenset(
    {
        "ACTIVITY_TASK_CANCEL_REQUESTED",
        "ACTIVITY_TASK_SCHEDULED",
        "MARKER_RECORDED",
        "TIMER_CANCELED",
        "TIMER_STARTED",
        "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES",
        "WORKFLOW_EXECUTION_COMPLETED",
        "WORKFLOW_EXECUTION_CONTINUED_AS_NEW",
        "WORKFLOW_EXECUTION_FAILED",
        "WORKFLOW_EXECUTION_UPDATE_ACCEPTED",
        "WORKFLOW_EXECUTION_UPDATE_COMPLETED",
        "WORKFLOW_PROPERTIES_MODIFIED",
    }
)
_THE_SERVERS_OWN: Final = frozenset({"FORCE_CLOSE_COMMAND", "UNHANDLED_COMMAND"})
_numbers = count(1)


def commitment(text: str) -> dict[str, str]:
    """Stand in for a private text."""
    return {"commitment": sha256(text.encode()).hexdigest()}


def envelope(
    command: Mapping[str, Any], command_id: str | None = None, **more: Any
) -> dict[str, Any]:
    """Put a command in an envelope of the process director's."""
    name = command_id or f"c-{next(_numbers)}"
    return {"id": name, "actor": DIRECTOR, "command": dict(command), **more}


def _members(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _is_commitment(value: Any) -> bool:
    return set(_members(value)) == {"commitment"}


_DEPOSIT: Final = b"""
INSERT INTO vault.value (stream, command_id, path, subject, salt, value, key_id, nonce,
    commitment)
VALUES (%s, %s, %s, 'p-1', sha256('salt'), 'x', gen_random_uuid(), 'twelve bytes', %s)
ON CONFLICT DO NOTHING
"""


def start_command(**more: Any) -> dict[str, Any]:
    """Ask for a dialogue of the small method, without compiled forms."""
    return {"method": METHOD, "title": "Parkzicht", "roles": ROLES, **more}


BRIEF: Final = {"duration": {"working_days": 3}, "reason": commitment("a demo")}
"""Three days, for a dialogue whose days last a second."""


def fast_clock(day_ms: int = 1_000) -> dict[str, Any]:
    """Let a day of the dialogue last a second, beginning on a Monday morning."""
    now = datetime.now(UTC).isoformat()
    return {"real_start": now, "start": "2026-11-23T08:00:00Z", "day_ms": day_ms}


async def compiled() -> dict[str, Any]:
    """Give the compiled forms that a desk puts in."""
    request = CompileRequest(
        method=METHOD,
        method_hash=None,
        calendar="NL",
        zone="Europe/Amsterdam",
        first_year=2026,
    )
    return (await Library().compile(request)).model_dump(mode="json")


@dataclass(frozen=True)
class Engine:
    """Servers, a worker, and what it would have mailed."""

    client: Client
    skipper: TimeSkipper
    database: str
    letters: Letters

    async def start(self, *, skips: bool = False, **more: Any) -> Play:
        """Start a dialogue with compiled forms, and wait until it is on record."""
        command = start_command(**{"compiled": await compiled(), **more})
        play = await self.begin(envelope(command), skips=skips)
        await play.settled()
        return play

    async def begin(self, *arguments: Any, skips: bool = False) -> Play:
        """Start a workflow with these arguments, whatever they are.

        One that can be called is told the dialogue's name, and gives the argument.
        """
        client = self.skipper.client if skips else self.client
        stream = f"gemeente-waterdam:p{next(_numbers)}"
        arguments = tuple(a(stream) if callable(a) else a for a in arguments)
        handle: WorkflowHandle[Any, Any] = await client.start_workflow(
            "Dialogue", args=arguments, id=stream, task_queue=TASK_QUEUE
        )
        return Play(self, client.get_workflow_handle(handle.id), stream)


@dataclass
class Play:
    """One dialogue. Its handle follows it from run to run."""

    engine: Engine
    handle: WorkflowHandle[Any, Any]
    stream: str
    answers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def does(self, kind: str, **command: Any) -> dict[str, Any]:
        """Send a command as the process director; give the answer."""
        return await self.update(kind, envelope(command))

    async def update(
        self, kind: str, body: Any, update_id: str | None = None
    ) -> dict[str, Any]:
        """Send whatever body as an update; give the answer.

        Temporal takes ten at a time; who is one too many comes back, as the same.
        """
        name = update_id or f"u-{next(_numbers)}"
        await self.deposit(body)
        while True:
            try:
                answer = await self.handle.execute_update(kind, body, id=name)
            except RPCError as error:
                if error.status not in _COME_BACK:
                    raise
                await asyncio.sleep(0.2)
            else:
                self.answers.append(answer)
                return answer

    async def deposit(self, body: Any) -> None:
        """See to it that the vault has something for every commitment in a command."""
        given = _members(body)
        members = _members(given.get("command"))
        texts = {n: v for n, v in members.items() if _is_commitment(v)}
        if not texts:
            return
        where = self.engine.database
        async with await psycopg.AsyncConnection.connect(where) as conn:
            for field_, value in texts.items():
                made = bytes.fromhex(value["commitment"])
                row = (self.stream, given["id"], f"/{field_}", made)
                await conn.execute(_DEPOSIT, row)

    async def refused(self, kind: str, body: Any) -> ApplicationError:
        """Send an update that is refused; give the refusal."""
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await self.handle.execute_update(kind, body)
        assert isinstance(refused.value.cause, ApplicationError)
        return refused.value.cause

    async def reach_window(self, **more: Any) -> None:
        """Complete the first step and open the window of the second."""
        await self.does("complete_items", items=FIRST)
        await self.does("complete_step", step="kennismaken")
        await self.does("start_step", step="belangen")
        await self.does("open_window", window=WINDOW, **more)

    async def reach_third_step(self) -> None:
        """Close the window, complete the second step and start on the third."""
        reason = commitment("everybody has responded")
        await self.does("close_window", window=WINDOW, reason=reason)
        await self.does("complete_items", items=SECOND)
        await self.does("complete_step", step="belangen")
        await self.does("complete_items", items=THIRD[:1])

    async def head(self) -> dict[str, Any]:
        """Give the head of the chain."""
        return await self.handle.query("head")

    async def settled(self) -> dict[str, Any]:
        """Wait until all is on record and no message is owed; give the head."""
        await until(self._is_settled)
        return await self.head()

    async def _is_settled(self) -> bool:
        state = await self.state()
        effects = state.get("effects", {})  # there are none before it has begun
        if any(e["status"] == "pending" for e in effects.values()):
            return False
        head = await self.head()  # after the state, so that it covers that
        return 0 < head["seq"] == head["recordedSeq"]

    async def state(self) -> dict[str, Any]:
        """Give the whole state."""
        return await self.handle.query("state")

    async def bodies(self) -> list[bytes]:
        """Give the recorded events of this dialogue, in order."""
        query = b"SELECT body FROM audit.event WHERE stream = %s ORDER BY seq"
        async with await psycopg.AsyncConnection.connect(self.engine.database) as conn:
            rows = await (await conn.execute(query, (self.stream,))).fetchall()
        return [bytes(row[0]) for row in rows]

    async def events(self) -> list[dict[str, Any]]:
        """Give what the record says, in order."""
        return [json.loads(body) for body in await self.bodies()]

    async def types(self) -> list[str]:
        """Give the types of the recorded events, in order."""
        return [event["type"] for event in await self.events()]

    async def history(self) -> list[HistoryEvent]:
        """Give Temporal's events of the present run."""
        return [event async for event in self.handle.fetch_history_events()]

    async def histories(self) -> list[WorkflowHistory]:
        """Give the histories of every run, oldest first."""
        found: list[WorkflowHistory] = []
        run_id: str | None = ""
        while run_id is not None:
            handle = self.engine.client.get_workflow_handle(
                self.stream, run_id=run_id or None
            )
            history = await handle.fetch_history()
            found.insert(0, history)
            started = history.events[0].workflow_execution_started_event_attributes
            run_id = started.continued_execution_run_id or None
        return found

    async def runs(self) -> list[list[HistoryEvent]]:
        """Give Temporal's events of every run, oldest first."""
        return [list(history.events) for history in await self.histories()]

    async def is_sound(self, *, live: bool = True) -> None:
        """Hold the dialogue to its promises, once all is on record.

        The chain is sound, folding the record gives the state, what was answered is
        what was recorded, and no workflow task ever failed or timed out.
        """
        bodies = await self.bodies()
        assert list(check_chain(bodies, self.stream)) == []
        recorded = await self.events()
        hashes = {e["seq"]: e["prev"] for e in recorded}
        for answer in self.answers:
            for event in answer["events"]:
                assert recorded[event["seq"] - 1]["type"] == event["type"]
                assert hashes.get(event["seq"] + 1, event["hash"]) == event["hash"]
        if live:
            contents = await self._contents(recorded[0])
            folded = fold([from_body(e, contents) for e in recorded])
            assert folded is not None
            assert folded.model_dump(mode="json") == await self.state()
        for run in await self.runs():
            assert broken(run) == []
            assert traceless(run) == []

    async def _contents(self, started: dict[str, Any]) -> dict[str, Method | Calendar]:
        query = b"SELECT encode(sha256, 'hex'), kind, body FROM audit.content"
        async with await psycopg.AsyncConnection.connect(self.engine.database) as conn:
            rows = await (await conn.execute(query)).fetchall()
        wanted = {started["data"][name]["hash"] for name in ("method", "calendar")}
        readers = {"method": Method, "calendar": Calendar}
        return {
            digest: readers[kind].model_validate_json(bytes(body))
            for digest, kind, body in rows
            if digest in wanted
        }


def broken(history: list[HistoryEvent]) -> list[str]:
    """Say what went wrong with workflow tasks, if anything.

    A message that comes in while a run hands over makes the server ask again, and so
    does a burst of more than a hundred during one task; and where a worker has gone,
    nobody starts on what was meant for it: no failures of ours.
    """
    found: list[str] = []
    for event in history:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
            late = event.workflow_task_timed_out_event_attributes.timeout_type
            if late != TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START:
                found.append(f"timed out: {TimeoutType.Name(late)}")
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            failed = event.workflow_task_failed_event_attributes
            cause = WorkflowTaskFailedCause.Name(failed.cause)
            if cause.removeprefix(_CAUSE) not in _THE_SERVERS_OWN:
                found.append(f"{cause}: {failed.failure.message}")
    return found


def traceless(history: list[HistoryEvent]) -> list[int]:
    """Give the tasks that heard something and left no trace, which a replay may join.

    See `workflows.moments`. Each is told by the event with which it was completed.
    """
    found: list[int] = []
    heard = False
    for event, after in zip_longest(history, history[1:]):
        kind = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
        heard = heard or kind in _HEARD
        if kind == "WORKFLOW_TASK_COMPLETED":
            left = EventType.Name(after.event_type) if after else ""
            if heard and left.removeprefix("EVENT_TYPE_") not in _TRACES:
                found.append(event.event_id)
            heard = False
    return found


def counted(history: list[HistoryEvent]) -> Counter[str]:
    """Count Temporal's events by their type."""
    names = (EventType.Name(event.event_type) for event in history)
    return Counter(name.removeprefix("EVENT_TYPE_") for name in names)


async def together(*awaitables: Any) -> list[Any]:
    """Await all at once; give results and exceptions."""
    return await asyncio.gather(*awaitables, return_exceptions=True)

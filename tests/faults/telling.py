"""A dialogue under fault: what was sent to it, by which way, and what came back.

Every sending ends as acknowledged, accepted, refused or unanswered, with the instant
at which its sender knew; the oracle holds the record against that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, Final, Literal, NamedTuple

from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import TASK_QUEUE, CompileRequest
from desk.desk import Desk, Sender
from desk.errors import Refused, Unreachable
from desk.library import Library
from storage.errors import StorageError
from tests.services import until

METHOD: Final = "belangen-op-tafel"
DIRECTOR: Final = {"id": "p-1", "role": "process_director"}
ROLES: Final = {"process_director": ["p-1"], "parties": ["k-1", "k-2"]}
WINDOW: Final = "belangen.klopt-het-beeld"
ITEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "kennismaken": ("tijd-nemen", "open-agenda", "rollen-team"),
    "belangen": (
        *("ambities", "gemeente-apart", "doelen"),
        *("belangen-in-kaart", "prioriteiten", "open-blik"),
    ),
    "samen-bepalen": (
        *("botsingen", "versterking", "wensen-wijkaanpak"),
        *("gezamenlijke-ambitie", "afspraken", "laatkomers"),
    ),
}
SOON: Final = timedelta(seconds=2)
"""After this Temporal gives a workflow task of a worker that is gone to another."""

Way = Literal["desk", "update", "signal"]
Outcome = Literal["acknowledged", "accepted", "refused", "unanswered"]
_numbers = count(1)


class End(NamedTuple):
    """How an attempt to have a command obeyed ended."""

    outcome: Outcome
    answer: Mapping[str, Any] | None = None
    refusal: str | None = None


class Sending(NamedTuple):
    """One attempt to have a command obeyed, and how and when it ended."""

    id: str
    kind: str
    command: Mapping[str, Any]
    way: Way
    outcome: Outcome
    at: datetime
    answer: Mapping[str, Any] | None = None
    refusal: str | None = None


_UNANSWERED: Final = End("unanswered")


def fresh(prefix: str = "c") -> str:
    """Give a command id that was not used before."""
    return f"{prefix}-{next(_numbers)}"


def items(step: str) -> list[str]:
    """Name the items of a step in full."""
    return [f"{step}.{item}" for item in ITEMS[step]]


def commitment(text: str) -> dict[str, str]:
    """Stand in for a private text that the vault does not have."""
    return {"commitment": sha256(text.encode()).hexdigest()}


def noted(command_id: str) -> dict[str, Any]:
    """A command that can always be obeyed, and shows whose it was."""
    return {"type": "measured", "source": "load", "reference": command_id}


def envelope(
    command_id: str, command: Mapping[str, Any], **more: object
) -> dict[str, Any]:
    """Put a command in an envelope of the process director's."""
    return {"id": command_id, "actor": DIRECTOR, "command": dict(command), **more}


@dataclass
class Told:
    """One dialogue and all that was sent to it."""

    client: Client
    stream: str
    desk: Desk | None = None
    sheet: list[Sending] = field(default_factory=list[Sending])

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """A handle that follows the dialogue from run to run."""
        return self.client.get_workflow_handle(self.stream)

    async def tell(
        self,
        way: Way,
        kind: str,
        command: Mapping[str, Any],
        command_id: str | None = None,
        *,
        within: float = 60,
    ) -> Sending:
        """Send a command once, by one of three ways; never raises for its outcome."""
        name = command_id or fresh()
        ways = {"desk": self._desk, "update": self._update, "signal": self._signal}
        try:
            async with asyncio.timeout(within):
                end = await ways[way](kind, command, name)
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            end = _UNANSWERED
        now = datetime.now(UTC)
        sending = Sending(
            name, kind, command, way, end.outcome, now, end.answer, end.refusal
        )
        self.sheet.append(sending)
        return sending

    async def does(
        self, kind: str, command_id: str | None = None, /, **command: object
    ) -> Mapping[str, Any]:
        """Send an update that must be obeyed; give the answer."""
        ended = await self.tell("update", kind, command, command_id)
        assert ended.answer is not None, ended
        return ended.answer

    async def insist(
        self, way: Way, kind: str, command: Mapping[str, Any], command_id: str
    ) -> Sending:
        """Send a command with one id until it is answered, as a sender should."""
        async with asyncio.timeout(90):
            while True:
                ended = await self.tell(way, kind, command, command_id)
                if ended.outcome != "unanswered":
                    return ended
                await asyncio.sleep(0.2)

    def unanswered(self) -> list[Sending]:
        """Give one sending for each command that nobody heard of again."""
        known = {s.id for s in self.sheet if s.outcome != "unanswered"}
        open_ones = {s.id: s for s in self.sheet if s.id not in known}
        return list(open_ones.values())

    async def _update(self, kind: str, command: Mapping[str, Any], name: str) -> End:
        try:
            answer = await self.handle.execute_update(kind, envelope(name, command))
        except WorkflowUpdateFailedError as error:
            cause = error.cause
            assert isinstance(cause, ApplicationError), repr(cause)
            if cause.type == "AcceptedUpdateCompletedWorkflow":
                return _UNANSWERED
            return End("refused", refusal=cause.type)
        except RPCError:
            return _UNANSWERED
        return _answered(answer)

    async def _desk(self, kind: str, command: Mapping[str, Any], name: str) -> End:
        assert self.desk is not None
        sender = Sender("p-1", "process_director")
        try:
            answer = await self.desk.send(
                self.stream, kind, command, sender, command_id=name
            )
        except Refused as error:
            return End("refused", refusal=error.name)
        except (Unreachable, StorageError):
            return _UNANSWERED
        assert answer is not None
        return _answered(answer._asdict())

    async def _signal(self, kind: str, command: Mapping[str, Any], name: str) -> End:
        try:
            await self.handle.signal(kind, envelope(name, command))
        except RPCError:
            return _UNANSWERED
        return End("accepted")

    async def head(self) -> dict[str, Any]:
        """Give the head of the chain as the workflow has it."""
        return await self.handle.query("head")

    async def state(self) -> dict[str, Any]:
        """Give the whole state as the workflow has it."""
        return await self.handle.query("state")

    async def settled(self, within: float = 60) -> None:
        """Wait until all is on record and no message is owed."""

        async def is_settled() -> bool:
            try:
                state, head = await self.state(), await self.head()  # it covers that
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    raise
                return False
            owed = any(e["status"] == "pending" for e in state["effects"].values())
            return 0 < head["seq"] == head["recordedSeq"] and not owed

        await until(is_settled, within=within)

    async def run_id(self) -> str | None:
        """Give the id of the run that is on now."""
        return (await self.handle.describe()).run_id


def _answered(answer: Mapping[str, Any]) -> End:
    return End("acknowledged" if answer["recorded"] else "accepted", answer)


async def begin(
    client: Client,
    desk: Desk | None = None,
    *,
    patience: timedelta = SOON,
    **more: object,
) -> Told:
    """Start a dialogue of a small method; its first event is on record.

    ``patience`` is how long Temporal gives a workflow task before it asks again.
    """
    stream = f"gemeente-waterdam:f{next(_numbers)}"
    command = {"method": METHOD, "title": "Parkzicht", "roles": ROLES, **more}
    command.setdefault("compiled", await compiled())
    await client.start_workflow(
        "Dialogue",
        envelope(fresh("start"), command),
        id=stream,
        task_queue=TASK_QUEUE,
        task_timeout=patience,
    )
    told = Told(client, stream, desk)
    await told.settled()
    return told


_COMPILED: dict[str, Any] = {}


async def compiled() -> dict[str, Any]:
    """Give the compiled forms that a desk puts in."""
    if not _COMPILED:
        request = CompileRequest(
            method=METHOD,
            method_hash=None,
            calendar="NL",
            zone="Europe/Amsterdam",
            first_year=2026,
        )
        made = await Library().compile(request)
        _COMPILED.update(made.model_dump(mode="json"))
    return _COMPILED


def fast_clock(day_ms: int = 1_000) -> dict[str, Any]:
    """A demo clock that begins now, early on a day of the dialogue's."""
    now = datetime.now(UTC)
    start = now.replace(hour=6, minute=0, second=0, microsecond=0)
    return {
        "real_start": now.isoformat(),
        "start": start.isoformat(),
        "day_ms": day_ms,
    }


async def together(*awaitables: Awaitable[Any]) -> list[Any]:
    """Await all at once."""
    return list(await asyncio.gather(*awaitables))

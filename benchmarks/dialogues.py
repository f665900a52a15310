"""Dialogues to measure on, driven by a plain client as docs/integrators.md says.

The method is one that ships, with its 48 items. Items are completed and taken back in
turn, so that the state of a dialogue stays of one size.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any, Final, NamedTuple

import psycopg
from temporalio.client import Client, WorkflowHandle

from activities.contracts import TASK_QUEUE, CompileRequest
from benchmarks.bare import BARE_QUEUE, Bare
from benchmarks.ground import Ground
from desk.library import Library
from methods.load import shipped
from storage.vault import PrivateField, put

METHOD: Final = "stakeholderdialoog"
DIRECTOR: Final = {"id": "p-1", "role": "process_director"}
REASON: Final = PrivateField("/reason", DIRECTOR["id"], "Het verslag was niet rond.")
STOCK: Final = 40
"""How many reasons lie ready in the vault before a dialogue is measured."""
_AT_ONCE: Final = 20
_numbers = count(1)


@cache
def items() -> tuple[str, ...]:
    """Give the items of the method's first step."""
    every = shipped()[METHOD].method.items
    first = next(iter(every)).split(".")[0]
    return tuple(item for item in every if item.startswith(f"{first}."))


def envelope(command: dict[str, Any], name: str | None = None) -> dict[str, Any]:
    """Put a command in an envelope of its own."""
    name = name or f"c-{next(_numbers)}"
    return {"id": name, "actor": DIRECTOR, "command": command}


class Reason(NamedTuple):
    """A text in the vault, for the one command that it was put there for."""

    command_id: str
    commitment: str


async def reason(ground: Ground, stream: str) -> Reason:
    """Put a reason in the vault, as the desk does before it sends a command."""
    command_id = f"c-{next(_numbers)}"
    made = await put(ground.pool, ground.keys, stream, command_id, [REASON])
    return Reason(command_id, made[REASON.path])


@dataclass
class Driven:
    """One dialogue: some of its items are complete, the others open."""

    ground: Ground
    handle: WorkflowHandle[Any, Any]
    stream: str
    open: deque[str] = field(default_factory=lambda: deque(items()))
    complete: deque[str] = field(default_factory=deque[str])
    reasons: deque[Reason] = field(default_factory=deque[Reason])

    async def completes(self, number: int = 1) -> dict[str, Any]:
        """Complete the items that have been open longest; on record when answered."""
        message = envelope(self.taken(number))
        return await self.handle.execute_update("complete_items", message)

    def taken(self, number: int = 1) -> dict[str, Any]:
        """Move items from open to complete; give the command that does so."""
        return {"items": _moved(self.open, self.complete, number)}

    async def reopens(self, number: int = 1) -> dict[str, Any]:
        """Take back the items that have been complete longest."""
        if not self.reasons:
            await self.stock(1)
        message = self.taken_back(number)
        return await self.handle.execute_update("reopen_items", message)

    def taken_back(self, number: int = 1) -> dict[str, Any]:
        """Move items from complete to open; give the message that does so.

        Its reason is one that lies in stock.
        """
        command_id, committed = self.reasons.popleft()
        back = _moved(self.complete, self.open, number)
        command = {"items": back, "reason": {"commitment": committed}}
        return envelope(command, command_id)

    async def stock(self, number: int = STOCK) -> None:
        """Put reasons in the vault for commands to come."""
        for _ in range(number):
            self.reasons.append(await reason(self.ground, self.stream))

    async def turns(self) -> dict[str, Any]:
        """Complete an item, or take one back when half of them are complete."""
        if len(self.complete) < len(self.open):
            return await self.completes()
        return await self.reopens()

    async def ready(self) -> Driven:
        """Complete half of the items: any operation is possible now."""
        await self.completes(len(self.open) // 2)
        await self.stock()
        return self

    async def head(self) -> dict[str, Any]:
        """Give the head of the chain."""
        return await self.handle.query("head")

    async def history(self) -> tuple[str, int]:
        """Give the run, and how many events Temporal's history of it has."""
        described = await self.handle.describe()
        return described.run_id or "", described.history_length


def _moved(source: deque[str], target: deque[str], number: int) -> list[str]:
    names = [source.popleft() for _ in range(number)]
    target.extend(names)
    return names


async def start(ground: Ground, number: int = 1) -> list[Driven]:
    """Start dialogues and wait until each is on record."""
    compiled = await _compiled()
    gate = asyncio.Semaphore(_AT_ONCE)

    async def begin() -> Driven:
        stream = f"{ground.organisation}:d{next(_numbers)}"
        command = {
            "method": METHOD,
            "title": "Parkzicht",
            "roles": {DIRECTOR["role"]: [DIRECTOR["id"]]},
            "compiled": compiled,
        }
        async with gate:
            await ground.client.start_workflow(
                "Dialogue", envelope(command), id=stream, task_queue=TASK_QUEUE
            )
        return Driven(ground, ground.client.get_workflow_handle(stream), stream)

    started = await asyncio.gather(*(begin() for _ in range(number)))
    await _recorded(ground, [each.stream for each in started])
    return list(started)


async def _compiled() -> dict[str, Any]:
    request = CompileRequest(
        method=METHOD,
        method_hash=None,
        calendar="NL",
        zone="Europe/Amsterdam",
        first_year=datetime.now(UTC).year,
    )
    return (await Library().compile(request)).model_dump(mode="json")


async def _recorded(
    ground: Ground, streams: Sequence[str], within: float = 300
) -> None:
    query = "SELECT count(*) FROM audit.stream WHERE stream = ANY(%s)"
    async with asyncio.timeout(within), connected(ground) as conn:
        while True:
            row = await (await conn.execute(query, [list(streams)])).fetchone()
            if row is not None and row[0] == len(streams):
                return
            await asyncio.sleep(0.1)


@asynccontextmanager
async def connected(
    ground: Ground,
) -> AsyncGenerator[psycopg.AsyncConnection[tuple[Any, ...]]]:
    """Give a connection to the record, as its owner."""
    async with await psycopg.AsyncConnection.connect(
        ground.database, autocommit=True
    ) as conn:
        yield conn


async def bare(client: Client, number: int = 1) -> list[WorkflowHandle[Any, Any]]:
    """Start workflows that do nothing."""
    return [
        await client.start_workflow(
            Bare.run, id=f"bare-{next(_numbers)}-{id(client)}", task_queue=BARE_QUEUE
        )
        for _ in range(number)
    ]


async def all_of(waits: Iterable[Any]) -> list[Any]:
    """Await all at once; the first failure is raised."""
    return await asyncio.gather(*waits)

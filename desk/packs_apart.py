"""Packs are made where the log's key is, and fetched by whoever asked.

An API has no such key, and no login that may seal: it asks a worker, by way of
Temporal, and gets the pack by way of the database, encrypted for it alone. The worker
makes it in a thread with connections of its own: to check a pack takes a core, and the
sealer is not to wait for that. An organisation has one made at a time, so that those of
others go beside it.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from temporalio.client import WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    WorkflowAlreadyStartedError,
)
from temporalio.service import RPCError

from activities.contracts.log import PACKING, SEALING_QUEUE, PackMade, PackRequest
from desk.access.caller import Caller
from desk.desk import Desk, Sender, open_desk
from desk.errors import DeskError, NotFound, Refused, Unreachable
from desk.packs import make_pack
from desk.withholding import withheld_from
from language import mark
from storage import packs

PATIENCE: Final = timedelta(minutes=2)
"""How long a pack may take."""

NOT_IN_TIME: Final = mark(
    "No pack came in time. It is made by a worker that has the log's key: see polder "
    "doctor."
)


_UNDER_WAY: Final = mark(
    "A pack for {organisation} is being made already: ask again when it is there."
)
_THREADS: Final = ThreadPoolExecutor(4, "polder-pack")
"""Where packs are made: what else a worker does in threads does not wait for them."""


class PackUnderWay(DeskError):
    """A pack of this organisation is being made already."""


class Maker(NamedTuple):
    """What a worker makes packs with."""

    database: str
    keys: str | None
    """Where the keys of the vault are; beside the record if None."""
    log_key: Path

    async def make(self, request: PackRequest) -> PackMade:
        """Make a pack, and lay it ready. Fails for good with what the desk says."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_THREADS, asyncio.run, self._made(request))

    async def _made(self, request: PackRequest) -> PackMade:
        try:
            async with open_desk(self.database, "", keys=self.keys) as desk:
                made = await make_pack(
                    desk,
                    self.database,
                    self.log_key,
                    request.stream,
                    created_by=request.actor,
                    reader=Sender(request.actor),
                    withhold=request.withhold,
                )
                key = await packs.put(
                    desk.pool, request.id, request.stream, made.content, request.to
                )
        except DeskError as error:
            raise _told(error) from None
        return PackMade(size=len(made.content), key=key)


async def ask_pack(
    desk: Desk, caller: Caller, stream: str, withhold: Sequence[str] = ()
) -> tuple[int, AsyncGenerator[bytes]]:
    """Have a pack made for a caller, with what they may read: its size, and its bytes.

    A token without the scope ``private`` opens nothing, whoever it speaks for. Raises
    as `make_pack`, `PackUnderWay` where one is being made for this organisation, and
    `Unreachable` where nobody makes one in time.
    """
    closed = [*withhold] if "private" in caller.scopes else [*withhold, "all"]
    # What can't be asked for is told without troubling anybody.
    await withheld_from(desk, stream, Sender(caller.actor), closed)
    box = packs.Letterbox()
    request = PackRequest(
        id=str(uuid.uuid4()),
        stream=stream,
        actor=caller.actor,
        withhold=tuple(closed),
        to=box.address,
    )
    made = await _ask(desk, request)
    return made.size, _parts(desk, request.id, made, box)


async def _ask(desk: Desk, request: PackRequest) -> PackMade:
    client = await desk.client()
    organisation = request.stream.partition(":")[0]
    try:
        return await client.execute_workflow(
            PACKING,
            request,
            # One for an organisation at a time, whichever of its callers or servers.
            id=f"polder:pack:{organisation}",
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            task_queue=SEALING_QUEUE,
            execution_timeout=PATIENCE,
            result_type=PackMade,
        )
    except WorkflowAlreadyStartedError as error:
        raise PackUnderWay(_UNDER_WAY, organisation=organisation) from error
    except WorkflowFailureError as error:
        cause = error.cause.cause if isinstance(error.cause, ActivityError) else None
        if isinstance(cause, ApplicationError) and cause.details:
            raise _error(cause.details[0]) from error
        raise Unreachable(NOT_IN_TIME) from error
    except RPCError as error:
        raise Unreachable(NOT_IN_TIME) from error


async def _parts(
    desk: Desk, id: str, made: PackMade, box: packs.Letterbox
) -> AsyncGenerator[bytes]:
    cipher = box.cipher(made.key)
    try:
        for number in range(packs.count(made.size)):
            yield await packs.part(desk.pool, id, number, cipher)
    finally:
        await packs.away(desk.pool, id)


def _told(error: DeskError) -> ApplicationError:
    """Say an error of the desk so that the desk that asked can say it again."""
    name = error.name if isinstance(error, Refused) else type(error).__name__
    said = {"name": name, "template": error.template, "facts": dict(error.facts)}
    return ApplicationError(name, said, type=name, non_retryable=True)


def _error(said: Any) -> DeskError:  # noqa: ANN401 (any JSON)
    name, template, facts = said["name"], said["template"], said["facts"]
    for kind in (NotFound, Unreachable):
        if name == kind.__name__:
            return kind(template, **facts)
    return Refused(name, template.format_map(facts), facts, template=template)

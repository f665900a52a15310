"""The desk: what every interface uses to act on dialogues and to read about them.

It moves private text to the vault, sends commands with patience, translates every
error, and reads from projections, so that reading goes on while Temporal is down.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from desk.answer import PATIENCE, Answer
from desk.errors import Refused
from desk.reachable import reaching
from domain.errors import DomainError
from observing.tracing import OFF, Traces
from storage.keys import Keys, beside
from storage.pool import Pool, make_pool
from storage.walls import front_pool

if TYPE_CHECKING:
    from temporalio.client import Client

    from desk.library import Library
    from desk.signs import Signs
    from domain.facts import Mandate
    from domain.state import Dialogue


class Sender(NamedTuple):
    """Who sends a command. Without a role the desk finds the one they hold."""

    id: str
    role: str | None = None
    via: str = "desk"


class Wish(NamedTuple):
    """A command as somebody brings it to the desk, its private texts still in it."""

    stream: str
    kind: str
    body: Mapping[str, Any]
    sender: Sender
    id: str | None = None
    mandate: Mandate | None = None
    if_version: int | None = None


class Desk:
    """One facade over the record, the vault and Temporal."""

    def __init__(
        self,
        pool: Pool,
        keys: Keys,
        temporal: str,
        namespace: str = "default",
        patience: timedelta = PATIENCE,
        *,
        signer: Signs | None = None,
    ) -> None:
        """Use an open pool and the keys of its vault; sign with ``signer``, if given.

        The keys' database and Temporal are called only when something needs them.
        """
        self.signer = signer
        self.pool = pool
        self.keys = keys
        self.patience = patience
        self._temporal = temporal
        self._namespace = namespace
        self._client: Client | None = None
        self._traces: Traces = OFF
        self._first = self

    def within(self, source: Pool) -> Desk:
        """Give a desk on the same servers that sees the record through ``source``.

        They share one connection to Temporal.
        """
        other = copy(self)
        other.__dict__.pop("library", None)
        other.pool = source
        return other

    @cached_property
    def library(self) -> Library:
        """Where methods are found and compiled; who only reads needs none."""
        from desk.library import Library

        return Library(self.pool)

    # Acting. Only this needs Temporal, so only this loads it.

    async def client(self) -> Client:
        """Give the connection to Temporal. Raises `Unreachable`."""
        first = self._first
        if first._client is None:  # noqa: SLF001  (one for all desks made of it)
            from desk.acting import connect

            first._client = await connect(  # noqa: SLF001
                self._temporal,
                self._namespace,
                first._traces,  # noqa: SLF001
            )
        return first._client  # noqa: SLF001

    def trace_with(self, traces: Traces) -> None:
        """Have what goes to Temporal be part of these traces, from the first on."""
        self._first._traces = traces  # noqa: SLF001

    async def start(
        self,
        stream: str,
        body: Mapping[str, Any],
        sender: Sender,
        *,
        command_id: str | None = None,
        mandate: Mandate | None = None,
    ) -> Answer:
        """Start a dialogue, with the compiled method and calendar put in.

        ``body`` is a ``start_dialogue`` command. The same id again gives the same
        answer; a name that is taken is refused.
        """
        from desk.acting import start

        wish = Wish(stream, "start_dialogue", body, sender, command_id, mandate)
        return await start(self, wish)

    async def send(
        self,
        stream: str,
        kind: str,
        body: Mapping[str, Any],
        sender: Sender,
        *,
        command_id: str | None = None,
        if_version: int | None = None,
        mandate: Mandate | None = None,
        wait: bool = True,
    ) -> Answer | None:
        """Send a command; plain text in its private fields goes to the vault.

        Gives the answer once the events are on record; with ``wait=False`` nothing,
        once the command is accepted. A refusal leaves nothing behind.
        """
        from desk.acting import send

        wish = Wish(stream, kind, body, sender, command_id, mandate, if_version)
        return await send(self, wish, wait=wait)

    def signed(
        self, stream: str, kind: str, envelope: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Give an envelope as this desk sends it: signed, if it has a key."""
        if self.signer is None:
            return envelope
        return self.signer.signed(stream, kind, envelope)

    async def restore(self, stream: str, *, supersede: bool = False) -> Answer:
        """Start the workflow of a dialogue again from its record."""
        from desk.restoring import restore

        client = await self.client()
        return await restore(
            client, self.pool, stream, supersede=supersede, patience=self.patience
        )

    # Reading. Only the state of a dialogue needs all of the core.

    async def dialogue(self, stream: str) -> Dialogue:
        """Give a dialogue's state as the record has it. Raises `NotFound`."""
        from desk import reading
        from desk.gone import no_dialogue

        state = await reading.find(self.pool, stream)
        if state is None:
            raise await no_dialogue(self.pool, stream)
        return state

    async def preview_revisit(self, stream: str, step: str) -> dict[str, Any]:
        """Say what returning to a step would do. Raises `NotFound`, `Refused`."""
        from domain.clock import to_dialogue_time
        from domain.revisit import preview_revisit

        state = await self.dialogue(stream)
        try:
            now = to_dialogue_time(state.clock, datetime.now(UTC))
            found = preview_revisit(state, step, now)
            return found if found["possible"] else {**found, **_why_not(state, step)}
        except DomainError as error:
            raise Refused.of(error).about(state) from error


def _why_not(state: Dialogue, step: str) -> dict[str, Any]:
    """Name what keeps a step from being returned to, to say it in any language."""
    from domain.revisit import check_possible

    try:
        check_possible(state, step)
    except DomainError as error:
        return {"error": type(error).__name__, "facts": dict(error.facts)}
    return {}


@asynccontextmanager
async def open_desk(
    database: str,
    temporal: str,
    namespace: str = "default",
    patience: timedelta = PATIENCE,
    *,
    keys: str | None = None,
    signer: Signs | None = None,
    walled: bool = False,
) -> AsyncGenerator[Desk]:
    """Open a desk on these servers and close it afterwards.

    ``keys`` is where those of the vault are, by default beside the record; ``signer``
    is what it signs with (`desk.signs.found`). A ``walled`` one sees no organisation:
    desks made of it do, each its own (`Desk.within` and `storage.walls`). Inside, a
    record that can't be reached or used is `Unreachable`, and keys as well.
    """
    with reaching():
        where = keys or beside(database)
        ours = front_pool(database) if walled else make_pool(database)
        async with ours as pool, Keys(where) as held:
            yield Desk(pool, held, temporal, namespace, patience, signer=signer)


def fresh_id() -> str:
    """Give a fresh command id."""
    return str(uuid.uuid4())

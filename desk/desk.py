"""The desk: what every interface uses to act on dialogues and to read about them.

It moves private text to the vault, sends commands with patience, translates every
error, and reads from projections, so that reading goes on while Temporal is down.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.contracts import CompileRequest
from desk import form, private, reading, restoring, starting
from desk.completing import received, seen
from desk.errors import NotFound, Refused, Unreachable
from desk.gone import no_dialogue, refuse_destroyed
from desk.library import Library
from desk.migrating import with_method
from desk.sending import PATIENCE, Answer, accept, send
from desk.stopping import stop_new
from domain.clock import Clock, to_dialogue_time
from domain.commands import RecordResponse
from domain.errors import DomainError, IdReused
from domain.facts import Mandate
from domain.messages import kind_of
from domain.revisit import preview_revisit
from domain.rights import acting_role
from domain.state import Dialogue
from language import mark
from storage.errors import KeysUnavailable, SchemaMismatch, Unavailable
from storage.keys import Keys, beside
from storage.pool import Pool, make_pool
from storage.queries import events_of_cause
from storage.vault import destroy

NO_TEMPORAL: Final = mark(
    "Temporal at {address} does not answer. Start it with polder up, or set "
    "TEMPORAL_ADDRESS."
)
NO_RECORD: Final = mark(
    "The record does not answer: {problem}. Start it with polder up, or set "
    "DATABASE_URL. A command may have been carried out all the same: send it again "
    "with the same id to find out."
)
NO_KEYS: Final = mark(
    "The keys of private texts can't be reached: {problem}. Nothing was sent; set "
    "KEYS_DATABASE_URL if they are elsewhere, and try again."
)
NO_SCHEMA: Final = mark(
    "The database is not set up for this program: {problem}. Run polder db migrate."
)


_RESPONSE: Final = kind_of(RecordResponse)


class Sender(NamedTuple):
    """Who sends a command. Without a role the desk finds the one they hold."""

    id: str
    role: str | None = None
    via: str = "desk"


class Desk:
    """One facade over the record, the vault and Temporal."""

    def __init__(
        self,
        pool: Pool,
        keys: Keys,
        temporal: str,
        namespace: str = "default",
        patience: timedelta = PATIENCE,
    ) -> None:
        """Use an open pool and the keys of its vault.

        The keys' database and Temporal are called only when something needs them.
        """
        self.pool = pool
        self.keys = keys
        self.library = Library(pool)
        self.patience = patience
        self._temporal = temporal
        self._namespace = namespace
        self._client: Client | None = None

    async def client(self) -> Client:
        """Give the connection to Temporal. Raises `Unreachable`."""
        if self._client is None:
            try:
                self._client = await Client.connect(
                    self._temporal,
                    namespace=self._namespace,
                    data_converter=pydantic_data_converter,
                )
            except (RuntimeError, OSError) as error:
                raise Unreachable(NO_TEMPORAL, address=self._temporal) from error
        return self._client

    # Acting.

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
        name = command_id or fresh_id()
        wish = {"id": name, "actor": _actor(sender, sender.role or "any")}
        form.check_start(stream, {**wish, "command": dict(body)})
        await refuse_destroyed(self.pool, stream)
        client = await self.client()
        request = CompileRequest(
            method=body["method"],
            method_hash=body.get("method_hash"),
            calendar=body.get("calendar", "NL"),
            zone=body.get("zone", "Europe/Amsterdam"),
            first_year=_first_year(body),
        )
        try:
            compiled = await self.library.compile(request)
        except DomainError as error:
            raise Refused.of(error) from error
        role = sender.role or acting_role(compiled.method, {}, sender.id)
        envelope = {
            "id": name,
            "actor": _actor(sender, role),
            "mandate": mandate.model_dump(mode="json") if mandate else None,
            "command": {**body, "compiled": compiled.model_dump(mode="json")},
        }
        done = await starting.start(client, self.pool, stream, envelope, self.patience)
        await stop_new(client, self.pool, stream, self.patience)
        return done

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
        name = command_id or fresh_id()
        envelope: dict[str, Any] = {
            "id": name,
            "actor": _actor(sender, sender.role or "any"),
            "mandate": mandate.model_dump(mode="json") if mandate else None,
            "if_version": if_version,
            "command": dict(body),
        }
        form.check(stream, envelope)
        envelope |= await self._completed(stream, kind, body, sender)
        envelope["command"] = await with_method(self.library, kind, envelope["command"])
        envelope["command"] = await private.commit(
            self.pool,
            self.keys,
            stream,
            kind,
            envelope["command"],
            command_id=name,
            sender=sender.id,
        )
        try:
            form.check_size(kind, envelope)
            return await self._deliver(stream, kind, envelope, wait=wait)
        except Refused as error:
            known = await reading.find(self.pool, stream)
            error.zone = known.zone if known else None
            # Under an id that did something else, the words are that command's, and
            # its event may still be on its way to the record.
            if error.name != IdReused.__name__:
                await destroy(self.pool, stream, name)
            raise

    async def _completed(
        self, stream: str, kind: str, body: Mapping[str, Any], sender: Sender
    ) -> dict[str, Any]:
        """Give the actor with a role, and the command with the moment of a response.

        Only these need the dialogue's state. Raises `NotFound`.
        """
        body = await seen(self.pool, stream, kind, body)
        arrives = kind == _RESPONSE and "received_at" not in body
        if sender.role is not None and not arrives:
            return {"actor": _actor(sender, sender.role), "command": dict(body)}
        state = await self.dialogue(stream)
        role = sender.role or acting_role(state.plan, state.roles, sender.id)
        command = received(body, state) if arrives else dict(body)
        return {"actor": _actor(sender, role), "command": command}

    async def _deliver(
        self, stream: str, kind: str, envelope: Mapping[str, Any], *, wait: bool
    ) -> Answer | None:
        client = await self.client()
        try:
            if not wait:
                await accept(client, stream, kind, envelope, self.patience)
                return None
            answer = await send(client, stream, kind, envelope, self.patience)
        except NotFound as error:
            await starting.explain_absence(self.pool, stream, error)
            raise
        if not answer.repeated:
            return answer
        original = await events_of_cause(self.pool, stream, envelope["id"])
        return answer._replace(events=[event.named for event in original])

    async def restore(self, stream: str, *, supersede: bool = False) -> Answer:
        """Start the workflow of a dialogue again from its record."""
        client = await self.client()
        return await restoring.restore(
            client, self.pool, stream, supersede=supersede, patience=self.patience
        )

    # Reading.

    async def dialogue(self, stream: str) -> Dialogue:
        """Give a dialogue's state as the record has it. Raises `NotFound`."""
        state = await reading.find(self.pool, stream)
        if state is None:
            raise await no_dialogue(self.pool, stream)
        return state

    async def preview_revisit(self, stream: str, step: str) -> dict[str, Any]:
        """Say what returning to a step would do. Raises `NotFound`, `Refused`."""
        state = await self.dialogue(stream)
        try:
            now = to_dialogue_time(state.clock, datetime.now(UTC))
            return preview_revisit(state, step, now)
        except DomainError as error:
            raise Refused.of(error) from error


@asynccontextmanager
async def open_desk(
    database: str,
    temporal: str,
    namespace: str = "default",
    patience: timedelta = PATIENCE,
    *,
    keys: str | None = None,
) -> AsyncGenerator[Desk]:
    """Open a desk on these servers and close it afterwards.

    ``keys`` is where those of the vault are, by default beside the record. Inside, a
    record that can't be reached or used is `Unreachable`, and keys as well.
    """
    where = keys or beside(database)
    try:
        async with make_pool(database) as pool, Keys(where) as held:
            yield Desk(pool, held, temporal, namespace, patience)
    except KeysUnavailable as error:
        raise Unreachable(NO_KEYS, problem=one_line(error)) from error
    except Unavailable as error:
        raise Unreachable(NO_RECORD, problem=one_line(error)) from error
    except SchemaMismatch as error:
        raise Unreachable(NO_SCHEMA, problem=one_line(error)) from error


def fresh_id() -> str:
    """Give a fresh command id."""
    return str(uuid.uuid4())


def one_line(error: Exception) -> str:
    """Give an error's message on one line, without a full stop."""
    return " ".join(str(error).split()).rstrip(".")


def _actor(sender: Sender, role: str) -> dict[str, str]:
    return {"id": sender.id, "role": role, "via": sender.via}


def _first_year(body: Mapping[str, Any]) -> int:
    clock = body.get("clock")
    begin = Clock.model_validate(clock).start if clock else datetime.now(UTC)
    return begin.year

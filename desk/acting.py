"""Acting on a dialogue: what the desk does with a command before Temporal has it.

Private text goes to the vault first, and is taken away again where the command is
refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.contracts import APPEND, CompileRequest
from desk import form, private, reading, starting
from desk.answer import Answer
from desk.completing import received, seen
from desk.desk import fresh_id
from desk.errors import NotFound, Refused, Unreachable
from desk.gone import refuse_destroyed
from desk.migrating import with_method
from desk.reachable import NO_TEMPORAL
from desk.sending import accept
from desk.sending import send as sent
from desk.signing import brought
from desk.stopping import stop_new
from domain.clock import Clock
from domain.commands import RecordResponse
from domain.errors import DomainError, IdReused
from domain.messages import kind_of
from domain.rights import acting_role
from observing.tracing import OFF, Traces
from storage.queries import events_of_cause
from storage.vault import destroy

if TYPE_CHECKING:
    from desk.answer import Accepted
    from desk.desk import Desk, Sender, Wish

_RESPONSE: Final = kind_of(RecordResponse)
_T = TypeVar("_T")


async def connect(address: str, namespace: str, traces: Traces = OFF) -> Client:
    """Give a connection to Temporal. Raises `Unreachable`."""
    try:
        return await Client.connect(
            address,
            namespace=namespace,
            data_converter=pydantic_data_converter,
            interceptors=traces.interceptors(APPEND),
        )
    except (RuntimeError, OSError) as error:
        raise Unreachable(NO_TEMPORAL, address=address) from error


async def start(desk: Desk, wish: Wish) -> Answer:
    """Start a dialogue, with the compiled method and calendar put in."""
    done = await start_within(desk, wish, None)
    assert isinstance(done, Answer)  # noqa: S101  (without a limit it is waited for)
    return done


async def start_within(
    desk: Desk, wish: Wish, within: timedelta | None
) -> Answer | Accepted:
    """Start a dialogue; not on record ``within`` this time, it was accepted."""
    name, body = wish.id or fresh_id(), wish.body
    asked = {"id": name, "actor": _actor(wish.sender, wish.sender.role or "any")}
    form.check_start(wish.stream, {**asked, "command": dict(body)})
    await refuse_destroyed(desk.pool, wish.stream)
    client = await desk.client()
    request = CompileRequest(
        method=body["method"],
        method_hash=body.get("method_hash"),
        calendar=body.get("calendar", "NL"),
        zone=body.get("zone", "Europe/Amsterdam"),
        first_year=_first_year(body),
    )
    try:
        compiled = await desk.library.compile(request)
    except DomainError as error:
        raise Refused.of(error) from error
    role = wish.sender.role or acting_role(compiled.method, {}, wish.sender.id)
    command = {**body, "compiled": compiled.model_dump(mode="json")}
    if desk.signer is not None:
        command |= await brought(desk.pool, wish.stream, desk.signer)
    plain = {**_envelope(wish, name, role), "command": command}
    envelope = desk.signed(wish.stream, wish.kind, plain)
    done = await starting.start(
        client, desk.pool, wish.stream, envelope, desk.patience, within=within
    )
    await stop_new(desk, client, wish.stream)
    return done


async def send(desk: Desk, wish: Wish, *, wait: bool) -> Answer | None:
    """Send a command; plain text in its private fields goes to the vault."""

    async def to_end(client: Client, envelope: Mapping[str, Any]) -> Answer | None:
        if not wait:
            await accept(client, wish.stream, wish.kind, envelope, desk.patience)
            return None
        return await sent(client, wish.stream, wish.kind, envelope, desk.patience)

    answer = await carry(desk, wish, to_end)
    return None if answer is None else await as_first_told(desk, wish, answer)


async def as_first_told(desk: Desk, wish: Wish, answer: Answer) -> Answer:
    """Give an answer to a repeated command with the events that it put on record."""
    if not answer.repeated or wish.id is None:
        return answer
    original = await events_of_cause(desk.pool, wish.stream, wish.id)
    return answer._replace(events=[event.named for event in original])


async def carry(
    desk: Desk, wish: Wish, how: Callable[[Client, Mapping[str, Any]], Awaitable[_T]]
) -> _T:
    """Make a wish into an envelope, its private texts in the vault, and send it.

    ``how`` sends it. A refusal leaves nothing behind.
    """
    prepared = await _prepared(desk, wish)
    try:
        envelope = desk.signed(wish.stream, wish.kind, prepared)
        form.check_size(wish.kind, envelope)
        client = await desk.client()
        try:
            return await how(client, envelope)
        except NotFound as error:
            await starting.explain_absence(desk.pool, wish.stream, error)
            raise
    except Refused as error:
        known = await reading.find(desk.pool, wish.stream)
        error.about(known)
        # Under an id that did something else, the words are that command's, and
        # its event may still be on its way to the record.
        if error.name != IdReused.__name__:
            # So may be what somebody else put there for a command of their own.
            by = wish.sender.id
            await destroy(desk.pool, wish.stream, prepared["id"], by=by)
        raise


async def _prepared(desk: Desk, wish: Wish) -> dict[str, Any]:
    """Give the envelope of a wish: who, with commitments instead of texts."""
    name = wish.id or fresh_id()
    envelope = _envelope(wish, name, wish.sender.role or "any")
    envelope |= {"if_version": wish.if_version, "command": dict(wish.body)}
    form.check(wish.stream, envelope)
    envelope |= await _completed(desk, wish)
    command = await with_method(desk.library, wish.kind, envelope["command"])
    envelope["command"] = await private.commit(
        desk.pool,
        desk.keys,
        wish.stream,
        wish.kind,
        command,
        command_id=name,
        sender=wish.sender.id,
    )
    return envelope


async def _completed(desk: Desk, wish: Wish) -> dict[str, Any]:
    """Give the actor with a role, and the command with the moment of a response.

    Only these need the dialogue's state. Raises `NotFound`.
    """
    sender = wish.sender
    body = await seen(desk.pool, wish.stream, wish.kind, wish.body)
    arrives = wish.kind == _RESPONSE and "received_at" not in body
    if sender.role is not None and not arrives:
        return {"actor": _actor(sender, sender.role), "command": dict(body)}
    state = await desk.dialogue(wish.stream)
    role = sender.role or acting_role(state.plan, state.roles, sender.id)
    command = received(body, state) if arrives else dict(body)
    return {"actor": _actor(sender, role), "command": command}


def _envelope(wish: Wish, name: str, role: str) -> dict[str, Any]:
    mandate = wish.mandate.model_dump(mode="json") if wish.mandate else None
    return {"id": name, "actor": _actor(wish.sender, role), "mandate": mandate}


def _actor(sender: Sender, role: str) -> dict[str, str]:
    return {"id": sender.id, "role": role, "via": sender.via}


def _first_year(body: Mapping[str, Any]) -> int:
    clock = body.get("clock")
    begin = Clock.model_validate(clock).start if clock else datetime.now(UTC)
    return begin.year

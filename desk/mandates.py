"""Mandates at the desk: given, passed on, withdrawn, listed, and named with an act.

They are events in the organisation's own stream. The desk refuses what would give
nothing (a sub-mandate that is wider than what it comes from); an act outside its
mandate it does not refuse, because what was done has to be on record, but says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeVar

from pydantic import ValidationError

from desk import form
from desk.desk import Desk, Sender
from desk.errors import DeskError, NotFound, Refused
from desk.remarks import NO_PAST, REASONS
from domain.commands import COMMANDS
from domain.errors import IdReused, MalformedCommand, NothingToDo, UnknownCommand
from domain.facts import Mandate, written
from domain.mandate_facts import (
    EVERYTHING,
    AnyMandateEvent,
    MandateDelegated,
    MandateGranted,
    MandateRevoked,
    Scope,
)
from domain.mandates import Held, Mandates, Reason, flaw, stream_of
from domain.messages import kind_of
from evidence.chain import is_stream
from language import mark
from storage.errors import CauseTaken, PrivateValueDiffers
from storage.mandates import mandates
from storage.ownlog import append
from storage.queries import events_of_cause
from storage.vault import PrivateField, put

ROLE: Final = "director"
"""The role, in an organisation, of who names none."""

NO_MANDATE: Final = mark(
    "There is no mandate {name}. See polder mandate list {organisation}."
)
_NO_ORGANISATION: Final = mark(
    "{name} is no name of an organisation: lower-case letters, digits and hyphens."
)
_NO_NAMES: Final = frozenset({"org", "polder"})
_UNFIT: Final = mark("This mandate can't be given: {problem}.")

_Event = TypeVar("_Event", bound=AnyMandateEvent)


class Given(NamedTuple):
    """What is on record of a grant, a delegation or a revocation."""

    stream: str
    seq: int
    hash: str
    repeated: bool


class Listed(NamedTuple):
    """A mandate as it stands; ``problem`` says why it does not hold, if it does not."""

    held: Held
    problem: Reason | None


async def grant(
    desk: Desk,
    organisation: str,
    told: Mapping[str, Any],
    sender: Sender,
    *,
    command_id: str,
    reason: str | None = None,
) -> Given:
    """Give somebody a mandate; ``told`` has the fields of `MandateGranted`.

    Raises `Refused`. The same id again gives the same answer.
    """
    fact = _read(MandateGranted, told)
    _check_kinds(fact.scope)
    if not await _said_before(desk, organisation, command_id):
        _check_period(fact.scope)
    return await _record(
        desk, organisation, fact, sender, command_id=command_id, reason=reason
    )


async def delegate(
    desk: Desk,
    organisation: str,
    seq: int,
    told: Mapping[str, Any],
    sender: Sender,
    *,
    command_id: str,
    reason: str | None = None,
) -> Given:
    """Pass a mandate on; what ``told`` leaves out of its scope is as it is there.

    Raises `NotFound`, and `Refused` where it would give nothing.
    """
    parent = await held(desk, organisation, seq)
    scope = parent.scope.model_dump(mode="json") | dict(told.get("scope", {}))
    wish = {**told, "scope": scope, "mandate": pin(organisation, parent)}
    fact = _read(MandateDelegated, wish)
    _check_kinds(fact.scope)
    if not await _said_before(desk, organisation, command_id):
        wrong = flaw(parent, sender.id, fact.scope, datetime.now(UTC))
        if wrong is not None:
            raise _refused("OutsideMandate", wrong)
        _check_period(fact.scope)
    return await _record(
        desk, organisation, fact, sender, command_id=command_id, reason=reason
    )


async def revoke(
    desk: Desk,
    organisation: str,
    seq: int,
    sender: Sender,
    *,
    ends: datetime | None = None,
    command_id: str,
    reason: str | None = None,
) -> Given:
    """Withdraw a mandate, now or at ``ends``. Raises `NotFound` or `Refused`."""
    found = await held(desk, organisation, seq)
    fact = _read(MandateRevoked, {"mandate": pin(organisation, found), "ends": ends})
    if not await _said_before(desk, organisation, command_id):
        _check_stands(found, ends)
    return await _record(
        desk, organisation, fact, sender, command_id=command_id, reason=reason
    )


async def listed(desk: Desk, organisation: str) -> list[Listed]:
    """Give every mandate of an organisation, in the order of their events."""
    found = await mandates(desk.pool, organisation)
    now = datetime.now(UTC)
    return [Listed(each, standing(found, each, now)) for each in found.held.values()]


def standing(all_of_them: Mandates, each: Held, at: datetime) -> Reason | None:
    """Say why a mandate does not hold at an instant, itself or what it comes from."""
    own = each.flaw or each.spent(at)
    if own is not None:
        return own
    chain = [*all_of_them.chain(each.seq)]
    if any(link.flaw for link in chain[1:]):
        return "chain_broken"
    lost = any(link.spent(at) is not None for link in chain[1:])
    return "delegator_lost" if lost else None


async def held(desk: Desk, organisation: str, seq: int) -> Held:
    """Give one mandate. Raises `NotFound`."""
    found = (await mandates(desk.pool, organisation)).held.get(seq)
    if found is None:
        name = f"{organisation}/{seq}"
        raise NotFound(NO_MANDATE, name=name, organisation=organisation)
    return found


async def _record(
    desk: Desk,
    organisation: str,
    fact: AnyMandateEvent,
    sender: Sender,
    *,
    command_id: str,
    reason: str | None,
) -> Given:
    """Put the reason in the vault and the event on record. Raises `Refused`."""
    stream = own_stream(organisation)
    actor = {"id": sender.id, "role": sender.role or ROLE, "via": sender.via}
    form.check(stream, {"id": command_id, "actor": {**actor}, "command": {}})
    try:
        private = await _kept(desk, stream, command_id, sender.id, reason)
        done = await append(
            desk.pool,
            stream,
            kind_of(type(fact)),
            fact.model_dump(mode="json"),
            cause=command_id,
            actor=actor,
            private=private,
        )
    except (CauseTaken, PrivateValueDiffers) as error:
        raise Refused.of(IdReused(id=command_id)) from error
    return Given(stream, done.seq, done.hash, done.repeated)


def own_stream(organisation: str) -> str:
    """Name an organisation's own stream. Raises `DeskError` for what is no name."""
    if not is_stream(f"{organisation}:{organisation}") or organisation in _NO_NAMES:
        raise DeskError(_NO_ORGANISATION, name=organisation)
    return stream_of(organisation)


async def _kept(
    desk: Desk, stream: str, command_id: str, subject: str, reason: str | None
) -> dict[str, str]:
    if reason is None:
        return {}
    field = PrivateField("/reason", subject, reason)
    return await put(desk.pool, desk.keys, stream, command_id, [field])


async def _said_before(desk: Desk, organisation: str, command_id: str) -> bool:
    """Whether this command is on record: it is not judged twice."""
    stream = stream_of(organisation)
    return bool(await events_of_cause(desk.pool, stream, command_id))


def _read(kind: type[_Event], told: Mapping[str, Any]) -> _Event:
    """Read the fact; its reason, which is private, is put in apart."""
    absent = {"reference": None} if "reference" in kind.model_fields else {}
    try:
        return kind.model_validate({**absent, **told, "reason": None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = f"{place or 'it'}: {first['msg']}"
        raise Refused.of(
            MalformedCommand(kind=kind_of(kind), problem=problem)
        ) from error


def _check_kinds(scope: Scope) -> None:
    known = {name for name, each in COMMANDS.items() if not each.internal}
    if not {*scope.commands} <= known | {EVERYTHING}:
        raise Refused.of(UnknownCommand(known=", ".join(sorted(known))))


def _check_period(scope: Scope) -> None:
    if scope.valid_until is not None and scope.valid_until <= datetime.now(UTC):
        facts = {"problem": NO_PAST}
        raise Refused("MandateUnfit", _UNFIT.format(**facts), facts, template=_UNFIT)


def _check_stands(found: Held, ends: datetime | None) -> None:
    """Refuse to withdraw what has ended, or will have by then."""
    now = datetime.now(UTC)
    then = max(now, ends or now)
    if found.revoked is not None and found.revoked <= then:
        instant = written(found.revoked)
        because = f"this mandate was revoked already, from {instant}"
        raise Refused.of(NothingToDo(because=because))


def _refused(name: str, reason: Reason) -> Refused:
    facts = {"problem": REASONS[reason]}
    return Refused(name, _UNFIT.format(**facts), facts, template=_UNFIT)


def pin(organisation: str, found: Held) -> Mandate:
    """Give what names a mandate from elsewhere."""
    return Mandate(stream=stream_of(organisation), seq=found.seq, hash=found.hash)

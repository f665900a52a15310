"""Acts in an organisation's own stream: who may, what is private, and once is once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from desk import form
from desk.desk import Desk, Sender
from desk.errors import Refused
from domain.erasure_facts import HouseFact
from domain.erasures import RIGHTS, ROLE, Right, may
from domain.errors import IdReused, MalformedCommand, NotEntitled
from domain.facts import Actor, Fact, Mandate
from domain.messages import kind_of
from storage.errors import CauseTaken, PrivateValueDiffers
from storage.house import stream_of
from storage.ownlog import OwnEvent, append
from storage.pool import Source
from storage.vault import PrivateField, put

COMMITTED_LATER: Final = {"commitment": "0" * 64}
"""Stands in a fact for a private field until its text is in the vault."""


class Private(NamedTuple):
    """A private text of an act, and whom it is about."""

    subject: str
    text: str


def checked(
    organisation: str,
    sender: Sender,
    right: Right,
    *,
    name: str,
    subject: str | None = None,
) -> Actor:
    """Give who acts, with a role; ``name`` is the id under which they act.

    Raises `Refused` for who may not do this, or passes for a part of Polder.
    """
    actor = Actor(id=sender.id, role=sender.role or ROLE, via=sender.via)
    wish = {"id": name, "actor": actor.model_dump(), "command": {}}
    form.check(stream_of(organisation), wish)
    if not may(right, actor, subject):
        entitled = " or ".join(sorted(RIGHTS[right]))
        raise Refused.of(NotEntitled(role=actor.role, entitled=entitled))
    return actor


def read(kind: type[HouseFact], told: Mapping[str, Any]) -> HouseFact:
    """Read what is to be noted. Raises `Refused` naming the member that is off."""
    try:
        return kind.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = f"{place or 'it'}: {first['msg']}"
        known = kind_of(kind)
        raise Refused.of(MalformedCommand(kind=known, problem=problem)) from error


async def note(
    desk: Desk,
    organisation: str,
    fact: Fact,
    actor: Actor,
    *,
    cause: str,
    private: Mapping[str, Private] | None = None,
    mandate: Mandate | None = None,
    within: Source | None = None,
) -> OwnEvent:
    """Put the private texts in the vault and the event on record, once for a cause.

    ``within`` is a connection with a transaction to be part of. Raises `Refused` where
    the cause put something else on record.
    """
    stream = stream_of(organisation)
    texts = [
        PrivateField(f"/{name}", one.subject, one.text)
        for name, one in (private or {}).items()
    ]
    try:
        kept = await put(desk.pool, desk.keys, stream, cause, texts) if texts else {}
        return await append(
            within or desk.pool,
            stream,
            kind_of(type(fact)),
            _public(fact, kept),
            cause=cause,
            actor=actor.model_dump(),
            private=kept,
            mandate=mandate.model_dump() if mandate else None,
        )
    except (CauseTaken, PrivateValueDiffers) as error:
        raise Refused.of(IdReused(id=cause)) from error


def _public(fact: BaseModel, kept: Mapping[str, str]) -> dict[str, Any]:
    data = fact.model_dump(mode="json")
    return data | {pointer.removeprefix("/"): None for pointer in kept}

"""A token is shown once and known afterwards by its digest alone.

``pld_`` and 32 random bytes in base64url: the prefix lets scanners of leaked secrets
find it, and what follows can't be guessed.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from desk import form
from desk.access.caller import Caller
from desk.access.roles import ROLES
from desk.desk import Desk, Sender
from desk.errors import DeskError, NotFound, Refused
from desk.house import note
from desk.mandates import ROLE, own_stream
from domain.facts import Actor
from domain.token_facts import TokenCreated, TokenRevoked
from evidence.chain import is_stream
from language import mark
from storage import access
from storage.access import Token
from storage.pool import Source, connection

__all__ = [
    "DAYS",
    "Made",
    "Token",
    "authenticate",
    "create",
    "digest",
    "list_",
    "revoke",
]

DAYS: Final = 90
"""How long a token is good where nobody says otherwise."""

LONGEST: Final = 366
"""No token is good for longer than this many days."""

_FORM: Final = re.compile(r"pld_[A-Za-z0-9_-]{43}")
_BEFORE: Final = mark(
    "This made a token before. What it is was shown then, once. If it was not kept, "
    "revoke it and make another one."
)
_NO_ROLE: Final = mark("There is no role {role}: a token has one or more of {known}.")
_NO_SLUG: Final = mark("{dialogue} is no name of a dialogue of {organisation}.")
_DAYS: Final = mark("A token is good for 1 to {most} days, not {days}.")
_NO_ACTOR: Final = mark("{actor} is no id: letters, digits, '.', '_', ':' and '-'.")
NO_TOKEN: Final = mark("There is no token {id}. See polder token list.")
_ACTOR: Final = re.compile(r"(?!polder(:|$))[A-Za-z0-9._:-]{1,200}")


class Made(NamedTuple):
    """A token that was made. ``token`` is the secret itself: it is nowhere else."""

    id: str
    token: str
    organisation: str
    roles: tuple[str, ...]
    actor: str
    dialogue: str | None
    expires_at: datetime


async def create(
    desk: Desk,
    organisation: str,
    roles: Sequence[str],
    sender: Sender,
    *,
    actor: str | None = None,
    dialogue: str | None = None,
    days: int = DAYS,
    id: str | None = None,
) -> Made:
    """Make a token. Raises `DeskError` for what can't be one.

    ``id`` is a UUID that nobody else can have: with the same one again no other token
    is made, which raises `Refused`, for the secret of the first is nowhere.
    """
    own_stream(organisation)
    id = id or str(uuid.uuid4())
    named = actor or f"token:{id}"
    _check(organisation, roles, named, dialogue, days)
    by = _actor(organisation, sender)
    secret = f"pld_{secrets.token_urlsafe(32)}"
    expires = datetime.now(UTC) + timedelta(days=days)
    new = access.NewToken(
        id=id,
        digest=digest(secret),
        organisation=organisation,
        roles=tuple(dict.fromkeys(roles)),
        actor=named,
        dialogue=dialogue,
        created_by=sender.id,
        expires_at=expires,
    )
    fact = TokenCreated(
        token=id,
        roles=(*new.roles,),
        token_actor=named,
        dialogue=dialogue,
        expires=expires,
    )
    # Together or not at all: no token works of which the record does not say so.
    async with connection(desk.pool) as conn, conn.transaction():
        if not await access.put_token(conn, new):
            raise Refused("MadeBefore", _BEFORE, template=_BEFORE)
        cause = f"polder:token:{id}:created"
        await note(desk, organisation, fact, by, cause=cause, within=conn)
    return Made(id, secret, organisation, (*new.roles,), named, dialogue, expires)


async def list_(desk: Desk, organisation: str | None = None) -> list[Token]:
    """Give the tokens of an organisation, or of all; revoked ones too."""
    return await access.tokens(desk.pool, organisation)


async def revoke(desk: Desk, id: str, sender: Sender) -> Token:
    """Revoke a token; once more changes nothing. Raises `NotFound`."""
    found = await find(desk, id)
    by = _actor(found.organisation, sender)
    fact = TokenRevoked(token=found.id)
    async with connection(desk.pool) as conn, conn.transaction():
        if await access.revoke(conn, found.id):
            cause = f"polder:token:{found.id}:revoked"
            await note(desk, found.organisation, fact, by, cause=cause, within=conn)
    return await find(desk, id)


async def authenticate(source: Source, text: str) -> Caller | None:
    """Say who brings this token; None alike for one unknown, expired or revoked."""
    if not is_token(text):
        return None
    known = await access.token_of(source, digest(text))
    return None if known is None else caller_of(known)


def is_token(text: str) -> bool:
    """Whether a text has the form of a token."""
    return _FORM.fullmatch(text) is not None


def caller_of(known: access.Known) -> Caller:
    """Give the caller of whom a token is known to be."""
    return Caller(
        id=known.id,
        organisation=known.organisation,
        actor=known.actor,
        roles=frozenset(known.roles),
        dialogue=known.dialogue,
        badge=known.badge,
    )


def digest(secret: str) -> bytes:
    """Give what a secret is known by: the SHA-256 of its whole text."""
    return sha256(secret.encode()).digest()


def _actor(organisation: str, sender: Sender) -> Actor:
    actor = Actor(id=sender.id, role=sender.role or ROLE, via=sender.via)
    wish = {"id": "token", "actor": actor.model_dump(), "command": {}}
    form.check(own_stream(organisation), wish)
    return actor


async def find(desk: Desk, id: str) -> Token:
    """Give a token by its id. Raises `NotFound`."""
    try:
        name = str(uuid.UUID(id))
    except ValueError as error:
        raise NotFound(NO_TOKEN, id=id) from error
    found = await access.tokens(desk.pool, id=name)
    if not found:
        raise NotFound(NO_TOKEN, id=id)
    return found[0]


def _check(
    organisation: str,
    roles: Sequence[str],
    actor: str,
    dialogue: str | None,
    days: int,
) -> None:
    for role in roles or ("",):
        if role not in ROLES:
            raise DeskError(_NO_ROLE, role=role or "-", known=", ".join(ROLES))
    if dialogue is not None and not is_stream(f"{organisation}:{dialogue}"):
        raise DeskError(_NO_SLUG, dialogue=dialogue, organisation=organisation)
    if not 1 <= days <= LONGEST:
        raise DeskError(_DAYS, most=LONGEST, days=days)
    check_actor(actor)


def check_actor(actor: str) -> None:
    """Raise `DeskError` for what can't be the id of somebody who acts."""
    if not _ACTOR.fullmatch(actor):
        raise DeskError(_NO_ACTOR, actor=actor)

"""A participant's own way in: a link that is good once, and the session it becomes.

Looking at a link does not use it up, so that a mail program that looks ahead takes
nothing away. Swapping it does, and what it is swapped for is known to one browser only.
"""

from __future__ import annotations

import re
import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from desk.access.caller import Caller
from desk.access.tokens import check_actor, digest
from desk.desk import Desk, Sender
from desk.errors import DeskError, NotFound
from language import mark
from storage import links
from storage.links import Link
from storage.pool import Source

DAYS: Final = 14
"""How long a link is good where nobody says otherwise."""

LONGEST: Final = 90
SESSION_HOURS: Final = 7 * 24
"""How long somebody stays in after that."""

_LINK: Final = re.compile(r"plk_[A-Za-z0-9_-]{43}")
_SESSION: Final = re.compile(r"pls_[A-Za-z0-9_-]{43}")
_NO_LINK: Final = mark("There is no personal link {id}.")
_DAYS: Final = mark("A link is good for 1 to {most} days, not {days}.")


class MadeLink(NamedTuple):
    """A link that was made. ``secret`` is nowhere else; its path is /link/<secret>."""

    id: str
    secret: str
    stream: str
    actor: str
    expires_at: datetime


class Opened(NamedTuple):
    """A session that began; ``secret`` is for the cookie, and nowhere else."""

    secret: str
    stream: str
    expires_at: datetime


async def create(
    desk: Desk, stream: str, actor: str, sender: Sender, *, days: int = DAYS
) -> MadeLink:
    """Make a link for somebody to one dialogue. Raises `NotFound` and `DeskError`."""
    await desk.dialogue(stream)
    check_actor(actor)
    if not 1 <= days <= LONGEST:
        raise DeskError(_DAYS, most=LONGEST, days=days)
    secret = f"plk_{secrets.token_urlsafe(32)}"
    new = links.NewLink(
        id=str(uuid.uuid4()),
        digest=digest(secret),
        organisation=stream.partition(":")[0],
        stream=stream,
        actor=actor,
        created_by=sender.id,
        expires_at=datetime.now(UTC) + timedelta(days=days),
    )
    await links.put_link(desk.pool, new)
    return MadeLink(new.id, secret, stream, actor, new.expires_at)


async def listed(
    desk: Desk,
    organisation: str | None = None,
    *,
    stream: str | None = None,
    actor: str | None = None,
    before: str | None = None,
    limit: int = 100,
) -> list[Link]:
    """Give the links that were made for participants, the newest first.

    ``before`` is the id of one: those that were made earlier. Raises `NotFound` for
    what is no id.
    """
    return await links.links(
        desk.pool,
        limit,
        organisation=organisation,
        stream=stream,
        actor=actor,
        before=before and _id(before),
    )


async def take_back(desk: Desk, organisation: str | None, id: str) -> Link:
    """Make a link good for nothing, and end what it was swapped for.

    Once more changes nothing. ``organisation`` is None for whoever runs the house.
    Raises `NotFound`.
    """
    name = _id(id)
    found = await links.links(desk.pool, 1, organisation=organisation, id=name)
    if not found:
        raise NotFound(_NO_LINK, id=id)
    await links.take_back(desk.pool, name)
    [taken] = await links.links(desk.pool, 1, id=name)
    return taken


def _id(told: str) -> str:
    try:
        return str(uuid.UUID(told))
    except ValueError as error:
        raise NotFound(_NO_LINK, id=told) from error


async def is_good(source: Source, secret: str) -> bool:
    """Say whether a link would be taken; alike for whatever is wrong with it."""
    if not _LINK.fullmatch(secret):
        return False
    return await links.link_is_good(source, digest(secret))


async def open_session(source: Source, secret: str) -> Opened | None:
    """Swap a link for a session; None alike for whatever is wrong with the link."""
    if not _LINK.fullmatch(secret):
        return None
    session = f"pls_{secrets.token_urlsafe(32)}"
    found = await links.swap(source, digest(secret), digest(session), SESSION_HOURS)
    if found is None or found.stream is None:
        return None
    return Opened(session, found.stream, found.expires_at)


async def recognise(source: Source, secret: str) -> Caller | None:
    """Say who brings this session, of whichever kind; None for whatever is wrong."""
    if not _SESSION.fullmatch(secret):
        return None
    found = await links.session_of(source, digest(secret))
    if found is None:
        return None
    return Caller(
        id=None,
        organisation=found.organisation,
        actor=found.actor,
        roles=frozenset(found.roles),
        dialogue=found.stream and found.stream.partition(":")[2],
        badge=found.badge,
    )


async def close_session(source: Source, secret: str) -> bool:
    """End a session; False where it is none, or was ended before."""
    if not _SESSION.fullmatch(secret):
        return False
    return await links.end_session(source, digest(secret))


def known_by(secret: str) -> str:
    """Give by what a session is known, which lets nobody in; empty for what is none."""
    return digest(secret).hex() if _SESSION.fullmatch(secret) else ""


async def close_known(source: Source, known: str) -> bool:
    """End the session that is known by this; False where there is none."""
    return bool(known) and await links.end_session(source, bytes.fromhex(known))

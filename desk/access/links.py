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
from desk.errors import DeskError
from language import mark
from storage import links
from storage.pool import Source

DAYS: Final = 14
"""How long a link is good where nobody says otherwise."""

LONGEST: Final = 90
SESSION_HOURS: Final = 7 * 24
"""How long somebody stays in after that."""

_LINK: Final = re.compile(r"plk_[A-Za-z0-9_-]{43}")
_SESSION: Final = re.compile(r"pls_[A-Za-z0-9_-]{43}")
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
    return found and Opened(session, found.stream, found.expires_at)


async def recognise(source: Source, secret: str) -> Caller | None:
    """Say who brings this session; None alike for whatever is wrong with it."""
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
        dialogue=found.stream.partition(":")[2],
        badge=found.badge,
    )


async def close_session(source: Source, secret: str) -> bool:
    """End a session; False where it is none, or was ended before."""
    if not _SESSION.fullmatch(secret):
        return False
    return await links.end_session(source, digest(secret))

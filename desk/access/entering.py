"""How staff come in without a password: a link, good once and for some minutes.

It is for whoever starts a house on their own machine, and for the day on which the
provider of identities is out of reach. It is as the personal link of a participant
(`desk.access.links`), but to all dialogues of an organisation and in roles.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from desk.access.roles import ROLES
from desk.access.tokens import check_actor, digest
from desk.desk import Desk, Sender
from desk.errors import DeskError
from desk.mandates import own_stream
from language import mark
from storage import links
from storage.pool import Source

MINUTES: Final = 15
"""How long a link is good."""

SESSION_HOURS: Final = 12
"""How long somebody stays in after that: a day's work."""

STAFF: Final = tuple(
    role for role in ROLES if role not in {"participant", "integrator", "doorkeeper"}
)
"""The roles of people who work here."""

USUAL: Final = ("director", "operator")
"""The roles of who runs a house by themselves."""

FIRST: Final = "gemeente-waterdam"
_MOST: Final = 5
_LINK: Final = re.compile(r"pli_[A-Za-z0-9_-]{43}")
_NO_ROLE: Final = mark("There is no role {role} for staff. There are: {known}.")


class Entry(NamedTuple):
    """A link that was made. ``secret`` is nowhere else."""

    id: str
    secret: str
    organisation: str
    actor: str
    roles: tuple[str, ...]
    expires_at: datetime

    @property
    def path(self) -> str:
        """Where it leads to, behind the address of the house."""
        return f"/in/link/{self.secret}"


class Entered(NamedTuple):
    """A session that began; ``secret`` is for the cookie, and nowhere else."""

    secret: str
    expires_at: datetime


async def create(
    desk: Desk,
    organisation: str,
    actor: str,
    sender: Sender,
    *,
    roles: Sequence[str] = USUAL,
) -> Entry:
    """Make a link for somebody of the staff. Raises `DeskError`."""
    own_stream(organisation)
    check_actor(actor)
    for role in roles or ("",):
        if role not in STAFF:
            raise DeskError(_NO_ROLE, role=role or "-", known=", ".join(STAFF))
    secret = f"pli_{secrets.token_urlsafe(32)}"
    new = links.NewEntry(
        id=str(uuid.uuid4()),
        digest=digest(secret),
        organisation=organisation,
        roles=tuple(dict.fromkeys(roles)),
        actor=actor,
        created_by=sender.id,
        expires_at=datetime.now(UTC) + timedelta(minutes=MINUTES),
    )
    await links.put_entry(desk.pool, new)
    return Entry(new.id, secret, organisation, actor, (*new.roles,), new.expires_at)


async def for_the_house(desk: Desk, sender: Sender) -> list[Entry]:
    """Make links for who runs a house: one for each organisation, at most five.

    In a house without dialogues, for the organisation of the examples.
    """
    found = await links.organisations(desk.pool, _MOST)
    return [await create(desk, each, sender.id, sender) for each in found or (FIRST,)]


async def is_good(source: Source, secret: str) -> bool:
    """Say whether a link would be taken; alike for whatever is wrong with it."""
    if not _LINK.fullmatch(secret):
        return False
    return await links.link_is_good(source, digest(secret))


async def open_session(source: Source, secret: str) -> Entered | None:
    """Swap a link for a session; None alike for whatever is wrong with the link."""
    if not _LINK.fullmatch(secret):
        return None
    session = f"pls_{secrets.token_urlsafe(32)}"
    found = await links.swap(source, digest(secret), digest(session), SESSION_HOURS)
    return found and Entered(session, found.expires_at)

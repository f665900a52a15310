"""Staff who come in because their own provider of identities says who they are.

What the provider says is judged where it comes in. Here a session begins, and that
takes a token with the role ``doorkeeper``: of the organisation that lets its people in
like this, and good for nothing else. Once it is revoked, all its sessions have ended.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from desk.access.entering import SESSION_HOURS, STAFF, Entered
from desk.access.tokens import authenticate, check_actor, digest
from desk.desk import Desk
from desk.errors import DeskError
from storage import sessions
from storage.pool import Source
from storage.sessions import OpenSession

__all__ = [
    "IDLE_HOURS",
    "OpenSession",
    "end_all",
    "end_everybody",
    "is_actor",
    "is_provided",
    "listed",
    "open_for",
]

DOORKEEPER: Final = "doorkeeper"
IDLE_HOURS: Final = 2
"""After so many hours without use a session of staff has ended (migration 0041)."""


def is_actor(actor: str) -> bool:
    """Whether this can be the id of somebody who acts."""
    try:
        check_actor(actor)
    except DeskError:
        return False
    return True


async def open_for(
    source: Source,
    doorkeepers: Sequence[str],
    organisation: str,
    actor: str,
    roles: Sequence[str],
) -> Entered | None:
    """Begin a session for somebody; None where no doorkeeper is of their house."""
    if not roles or not {*roles} <= {*STAFF} or not is_actor(actor):
        return None
    for token in doorkeepers:
        known = await authenticate(source, token)
        if known is None or known.organisation != organisation:
            continue
        session = f"pls_{secrets.token_urlsafe(32)}"
        ends = await sessions.enter(
            source, digest(token), digest(session), actor, roles, SESSION_HOURS
        )
        if ends is not None:
            return Entered(session, ends)
    return None


async def is_provided(source: Source, session: str) -> bool:
    """Whether the provider let this session in, so that it can be left there too."""
    return await sessions.is_provided(source, digest(session))


async def listed(desk: Desk, organisation: str) -> list[OpenSession]:
    """Give who of the staff is in, last seen first; at most 200."""
    return await sessions.sessions(desk.pool, organisation)


async def end_all(desk: Desk, organisation: str, actor: str) -> int:
    """End all sessions of somebody in an organisation, a participant too.

    Links that were not used yet are good for nothing any more. Raises `DeskError`.
    """
    check_actor(actor)
    return await sessions.end_sessions(desk.pool, organisation, actor)


async def end_everybody(desk: Desk, organisation: str) -> int:
    """End all sessions in an organisation, and make its unused links useless."""
    return await sessions.end_sessions(desk.pool, organisation, None)

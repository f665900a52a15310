"""One's own sessions: since when somebody is in, by what, and the end of it elsewhere.

Both are asked with the secret of a session, so that nobody sees or ends what is
another's (OWASP ASVS 5, 7.5.2).
"""

from __future__ import annotations

import uuid

from desk.access.tokens import digest
from storage import sessions
from storage.pool import Source
from storage.sessions import OwnSession

__all__ = ["OwnSession", "end", "listed"]


async def listed(source: Source, secret: str) -> list[OwnSession]:
    """Give where whoever has this session is in, this one first; empty without one."""
    return await sessions.own_sessions(source, digest(secret))


async def end(source: Source, secret: str, only: str | None = None) -> int:
    """End one of them, or all but this one; give how many there were to end.

    What is no session of theirs, or ended before, is none. With all, links that were
    not used yet are good for nothing any more.
    """
    if only is not None:
        try:
            only = str(uuid.UUID(only))
        except ValueError:
            return 0
    return await sessions.end_own_sessions(source, digest(secret), only)

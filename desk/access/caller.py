"""A caller is who a token says it is, and `allow` is the one question asked of them.

What the caller may not know about is answered word for word as what does not exist:
a dialogue of another organisation, or another one than the token is for. What they may
know about and not do is `NotAllowed`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from desk.access.roles import ROLES, Scope, scopes_of
from desk.errors import DeskError, NotFound
from desk.gone import NO_DIALOGUE
from language import mark

_NOT_ALLOWED: Final = mark(
    "This needs a token with the scope {scope}, which these roles have: {roles}."
)


class NotAllowed(DeskError):
    """The caller may know of this, and may not do it."""


class Caller(NamedTuple):
    """Who calls: the token's word for it, never the message's.

    ``id`` is that of the token, None for a participant who came by a link. ``dialogue``
    is the slug of the only dialogue it is for. ``badge`` is what a connection shows to
    see anything of this organisation (`storage.walls`).
    """

    id: str | None
    organisation: str
    actor: str
    roles: frozenset[str]
    dialogue: str | None = None
    badge: str = ""

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the roles are for."""
        return scopes_of(self.roles)


def allow(caller: Caller, scope: Scope, stream: str | None = None) -> None:
    """Raise unless this caller may do this, with this stream where one is named.

    Raises `NotFound`, worded as for what is not there, where the stream is not theirs
    to know about, and `NotAllowed` where the scope is lacking.
    """
    if stream is not None and not knows(caller, stream):
        raise NotFound(NO_DIALOGUE, stream=stream)
    if scope not in caller.scopes:
        able = ", ".join(role for role, scopes in ROLES.items() if scope in scopes)
        raise NotAllowed(_NOT_ALLOWED, scope=scope, roles=able)


def knows(caller: Caller, stream: str) -> bool:
    """Whether a stream is one that the caller may know to be there."""
    organisation, _colon, slug = stream.partition(":")
    if organisation == "org":
        return slug == caller.organisation and caller.dialogue is None
    if organisation != caller.organisation:
        return False
    return caller.dialogue is None or slug == caller.dialogue

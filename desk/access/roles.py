"""What a token is for: a role gives scopes, and a route asks for one scope.

These are roles of an organisation's tokens. What somebody may do in one dialogue is
decided by the method's own roles (`domain.rights`), after this and never instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

Scope = Literal["read", "private", "act", "respond", "audit", "subscribe", "administer"]

SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

ROLES: Final[Mapping[str, frozenset[Scope]]] = MappingProxyType(
    {
        "director": frozenset(
            ("read", "private", "act", "respond", "audit", "subscribe")
        ),
        "member": frozenset(("read", "private", "act", "respond")),
        "participant": frozenset(("respond",)),
        "auditor": frozenset(("read", "audit")),
        "integrator": frozenset(("read", "act", "respond", "subscribe")),
        "operator": frozenset(("read", "audit", "subscribe", "administer")),
        "doorkeeper": frozenset[Scope](),
    }
)
"""Role → scopes. ``read``: dialogues and their events, nothing private. ``private``:
texts as well, where the dialogue lets this person. ``act``: commands. ``respond``: own
responses and what is asked of oneself. ``audit``: states of the past, packs, who read
what. ``subscribe``: events out. ``administer``: tokens and settings. A ``doorkeeper``
may nothing: with its token sessions begin of people who logged in elsewhere
(`desk.access.provided`)."""


def scopes_of(roles: Iterable[str]) -> frozenset[Scope]:
    """Give the scopes of these roles together; one that is unknown gives none."""
    found = (ROLES.get(role, frozenset[Scope]()) for role in roles)
    return frozenset[Scope]().union(*found)

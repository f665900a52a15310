"""Who has which role: wishes to give and take them, and what happened."""

from __future__ import annotations

from pydantic import Field

from domain.facts import Fact, OpaqueId, PartId, Private
from domain.messages import Command, TargetId


class AssignRole(Command):
    """Give a role to somebody; name and address go to the vault."""

    role: PartId
    actor: OpaqueId
    name: Private | None = None
    address: Private | None = None


class ReleaseRole(Command):
    """Take a role from somebody."""

    role: PartId
    actor: OpaqueId
    reason: Private | None = None


class RoleAssigned(Fact):
    """Somebody got a role, or a holder a name or address. Private: both of these.

    ``invited_to`` are the open windows that this actor is now sent word of,
    ``meetings`` the meetings still to come.
    """

    role: str
    actor: OpaqueId
    invited_to: tuple[TargetId, ...]
    name: Private | None
    address: Private | None
    meetings: tuple[PartId, ...] = Field(
        default=(), exclude_if=lambda meetings: not meetings
    )


class RoleReleased(Fact):
    """Somebody no longer has a role. Private: ``reason``."""

    role: str
    actor: OpaqueId
    reason: Private | None


RoleCommand = AssignRole | ReleaseRole
RoleEvent = RoleAssigned | RoleReleased

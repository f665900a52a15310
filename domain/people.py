"""Roles: who plays which part in this dialogue."""

from __future__ import annotations

from domain.commands import AssignRole, NoteSignal, ReleaseRole
from domain.draft import Draft
from domain.errors import NothingToDo, UnknownRole
from domain.events import RoleAssigned, RoleReleased, SignalNoted


def assign_role(draft: Draft, command: AssignRole) -> None:
    """Give somebody a role, or a holder a name or address that was not known."""
    _known_role(draft, command.role)
    holds = command.actor in draft.state.holders(command.role)
    if holds and command.name is None and command.address is None:
        raise NothingToDo(because="this actor holds the role already")
    draft.happen(
        RoleAssigned(
            role=command.role,
            actor=command.actor,
            name=command.name,
            address=command.address,
        )
    )


def release_role(draft: Draft, command: ReleaseRole) -> None:
    """Take a role from somebody who holds it."""
    _known_role(draft, command.role)
    if command.actor not in draft.state.holders(command.role):
        raise NothingToDo(because="this actor does not hold the role")
    draft.happen(
        RoleReleased(role=command.role, actor=command.actor, reason=command.reason)
    )


def _known_role(draft: Draft, role: str) -> None:
    roles = [known.id for known in draft.state.plan.roles]
    if role not in roles:
        raise UnknownRole(role=role, known=", ".join(roles))


def note_signal(draft: Draft, command: NoteSignal) -> None:
    """Note what another system reports."""
    draft.happen(
        SignalNoted(
            type=command.type, source=command.source, reference=command.reference
        )
    )

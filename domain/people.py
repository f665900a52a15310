"""Roles: who plays which part in this dialogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, assert_never

from domain.commands import AssignRole, NoteSignal, ReleaseRole
from domain.draft import Draft
from domain.errors import (
    LastHolder,
    NothingToDo,
    TooManyHolders,
    TooManyInvited,
    UnknownRole,
)
from domain.events import RoleAssigned, RoleReleased, SignalNoted
from domain.meetings_ahead import awaiting
from domain.role_facts import RoleCommand
from domain.state import Dialogue

MAX_HOLDERS: Final = 14_000
"""How many characters the ids of all holders may take, each with three for JSON.

Some 350 ids of 36 characters: an event that lists everybody stays below 32 kB.
"""

MAX_INVITED: Final = 2 * MAX_HOLDERS
"""The same for all who were ever invited to one opening of a window."""


def obey(draft: Draft, command: RoleCommand) -> None:
    """Obey a command about a role, or raise a `DomainError`."""
    match command:
        case AssignRole():
            assign_role(draft, command)
        case ReleaseRole():
            release_role(draft, command)
        case _:
            assert_never(command)


def assign_role(draft: Draft, command: AssignRole) -> None:
    """Give somebody a role, or a holder a name or address that was not known."""
    known_role(draft, command.role)
    state = draft.state
    holds = command.actor in state.holders(command.role)
    if holds and command.name is None and command.address is None:
        raise NothingToDo(because="this actor holds the role already")
    more = (*state.holders(command.role), command.actor)
    check_holders(state.roles | {command.role: tuple(dict.fromkeys(more))})
    check_invited(state, command)
    draft.happen(
        RoleAssigned(
            role=command.role,
            actor=command.actor,
            invited_to=invitations(state, command),
            name=command.name,
            address=command.address,
            meetings=awaiting(
                state,
                command.role,
                command.actor,
                draft.by.at,
                again=command.address is not None,
            ),
        )
    )


def invitations(state: Dialogue, command: AssignRole) -> tuple[str, ...]:
    """Give the open windows of which this actor is to be sent word.

    A holder who was invited gets word again only with a new address, since the first
    may have gone astray. While the dialogue is paused nobody is invited: when it
    resumes all hear until when the windows run.
    """
    if state.status == "paused":
        return ()
    return tuple(
        window
        for window, run in state.open_windows().items()
        if run.audience == command.role
        and command.actor not in run.responded
        and (command.address is not None or command.actor not in run.present)
    )


def check_invited(state: Dialogue, command: AssignRole) -> None:
    """Raise `TooManyInvited` where people come and go while a window is open."""
    for window, run in state.open_windows().items():
        if run.audience != command.role or command.actor in run.invited:
            continue
        size = sum(len(who) + 3 for who in (*run.invited, command.actor))
        if size > MAX_INVITED:
            raise TooManyInvited(window=window)


def check_holders(roles: Mapping[str, Iterable[str]]) -> None:
    """Raise `TooManyHolders` where the events that list them would grow too large."""
    size = sum(len(actor) + 3 for holders in roles.values() for actor in holders)
    if size > MAX_HOLDERS:
        raise TooManyHolders(limit=MAX_HOLDERS, size=size)


def release_role(draft: Draft, command: ReleaseRole) -> None:
    """Take a role from somebody who holds it; who runs the process is never nobody."""
    known_role(draft, command.role)
    holders = draft.state.holders(command.role)
    if command.actor not in holders:
        raise NothingToDo(because="this actor does not hold the role")
    if holders == (command.actor,) and "steer" in draft.state.plan.rights[command.role]:
        raise LastHolder(role=command.role)
    draft.happen(
        RoleReleased(role=command.role, actor=command.actor, reason=command.reason)
    )


def known_role(draft: Draft, role: str) -> None:
    """Raise `UnknownRole` for a role that the method does not have."""
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

"""Who may do what: a command takes a right, and a role of the method has rights.

Whoever steers may do everything. Items and steps can name the role that answers for
them. A role that somebody holds in this dialogue is that person's: nobody else acts
in it. Where a role has no holders the claim is accepted and is on record.
"""

from __future__ import annotations

from typing import Final

from domain.commands import (
    AnyCommand,
    CompleteItems,
    CompleteStep,
    NoteSignal,
    ReconfirmItems,
    RecordResponse,
    StartStep,
)
from domain.errors import NotEntitled, NotHolder, UnknownRole
from domain.facts import Actor
from domain.method import BUILT_IN_ROLES, Method
from domain.state import Dialogue

_COMPLETING: Final = (CompleteItems, ReconfirmItems, StartStep, CompleteStep)
_RESPONDING: Final = (RecordResponse, NoteSignal)


def check_rights(state: Dialogue, command: AnyCommand, actor: Actor) -> None:
    """Raise if this actor, in this role, may not send this command."""
    check_role(state.plan, state.roles, actor)
    rights = state.plan.rights[actor.role]
    if "steer" in rights or isinstance(command, _RESPONDING):
        return
    if not isinstance(command, _COMPLETING):
        raise NotEntitled(role=actor.role, entitled=_titles(state.plan, "steer"))
    if "complete" not in rights:
        raise NotEntitled(role=actor.role, entitled=_titles(state.plan, "complete"))
    for owner in _owners(state.plan, command):
        if owner is not None and owner != actor.role:
            raise NotEntitled(role=actor.role, entitled=owner)


def check_role(plan: Method, roles: dict[str, tuple[str, ...]], actor: Actor) -> None:
    """Raise if the role is no role here, or is somebody else's."""
    if actor.role not in plan.rights:
        raise UnknownRole(role=actor.role, known=", ".join(r.id for r in plan.roles))
    holders = roles.get(actor.role, ())
    if actor.role not in BUILT_IN_ROLES and holders and actor.id not in holders:
        raise NotHolder(role=actor.role)


def may_steer(state: Dialogue, actor: Actor) -> bool:
    """Whether this actor's role runs the process."""
    return "steer" in state.plan.rights[actor.role]


def _titles(plan: Method, right: str) -> str:
    return ", ".join(role.id for role in plan.roles if right in role.may)


def _owners(plan: Method, command: AnyCommand) -> tuple[str | None, ...]:
    match command:
        case StartStep() | CompleteStep():
            step = plan.steps.get(command.step)
            return (step.owner if step else None,)
        case CompleteItems() | ReconfirmItems():
            named = (plan.items.get(item) for item in command.items)
            return tuple(item.role for item in named if item)
        case _:
            return ()

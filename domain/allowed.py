"""Who may follow a piece of advice: nobody is told to do what would be refused them."""

from __future__ import annotations

from collections.abc import Callable

from domain.advice import Advice
from domain.commands import COMMANDS, AnyCommand
from domain.errors import DomainError
from domain.facts import Actor
from domain.rights import acting_role, check_rights
from domain.state import Dialogue

Allowed = Callable[[Advice], bool]
"""Whether advice is for the reader at hand."""


def anybody(advice: Advice) -> bool:
    """Leave nothing out: the reader is nobody in particular."""
    del advice
    return True


def for_reader(state: Dialogue, reader: str | None) -> Allowed:
    """Tell which advice this actor may follow; for None all of it."""
    if reader is None:
        return anybody
    return lambda advice: role_for(state, advice, reader) is not None


def role_for(state: Dialogue, advice: Advice, reader: str) -> str | None:
    """Give the role in which an actor may follow advice; None where they may not.

    The one in which they act when they name none goes first.
    """
    command = command_of(advice)
    for role in roles_of(state, reader):
        try:
            check_rights(state, command, Actor(id=reader, role=role))
        except DomainError:
            continue
        return role
    return None


def roles_of(state: Dialogue, reader: str) -> tuple[str, ...]:
    """Give the roles in which an actor can act, the usual one first."""
    usual = acting_role(state.plan, state.roles, reader)
    held = (r.id for r in state.plan.roles if reader in state.holders(r.id))
    return tuple(dict.fromkeys((usual, *held)))


def command_of(advice: Advice) -> AnyCommand:
    """Give the command that advice names, as far as rights look at it."""
    # What is blank is for the sender to fill in: rights look at nothing private.
    return COMMANDS[advice.kind].model_construct(None, **dict(advice.body))

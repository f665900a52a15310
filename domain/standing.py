"""Where something that is said belongs: its step and round, and who is told of it."""

from __future__ import annotations

from collections.abc import Iterable

from domain.errors import StepNotStarted, UnknownRole
from domain.state import Dialogue
from domain.steps import known_step


def placed(state: Dialogue, step: str | None) -> tuple[str | None, int | None]:
    """Give the step that something belongs to, and its round.

    Without a step that is the one under way, where there is just one. Raises
    `UnknownStep`, and `StepNotStarted` for one that has not begun or waits to be done
    again.
    """
    name = step or _under_way(state)
    if name is None:
        return None, None
    known_step(state, name)
    current = state.round(name)
    if current is None or current.status == "voided":
        raise StepNotStarted(step=name)
    return name, current.number


def _under_way(state: Dialogue) -> str | None:
    started = [s for s, rounds in state.steps.items() if rounds[-1].status == "started"]
    return started[0] if len(started) == 1 else None


def check_roles(state: Dialogue, roles: Iterable[str]) -> None:
    """Raise `UnknownRole` for what is no role of the method."""
    known = [role.id for role in state.plan.roles]
    for role in roles:
        if role not in known:
            raise UnknownRole(role=role, known=", ".join(known))


def told(state: Dialogue, roles: Iterable[str]) -> tuple[str, ...]:
    """Give everybody who holds one of these roles, once. Raises `UnknownRole`."""
    every = tuple(roles)
    check_roles(state, every)
    return tuple(dict.fromkeys(who for role in every for who in state.holders(role)))

"""What people call a part, made into its full id: only where there can be no doubt.

Interfaces for people use this; systems send full ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from desk import meeting_form, people_form
from desk.calendars import newest
from domain.method import Method
from domain.state import Dialogue


async def in_full(
    kind: str, fields: Mapping[str, Any], state: Dialogue
) -> dict[str, Any]:
    """Make a command's body of what somebody typed, with full ids of parts.

    ``renew_calendar`` gets the calendar.
    """
    body = dict(fields)
    plan = state.plan
    if "items" in body:
        body["items"] = [full_item(plan, name) for name in body["items"]]
    if "gate" in body:
        body["gate"] = _only(body["gate"], tuple(plan.gates), plan)
    if "step" in body:
        body["step"] = full_step(plan, body["step"])
    if "window" in body:
        body["window"] = full_window(plan, body["window"])
    body |= _roles(body, plan)
    body = meeting_form.in_full(kind, body, state)
    body = people_form.in_full(kind, body, state)
    for member in ("steps", "joins"):
        if isinstance(body.get(member), list):
            body[member] = [full_step(plan, name) for name in body[member]]
    if kind == "renew_calendar":
        body |= await newest(state)
    return body


_ROLE: Final = ("role", "watched_by")
_ROLES: Final = ("roles", "to", "readers")
"""Members that name a role, and those that name some."""


def _roles(body: Mapping[str, Any], plan: Method) -> dict[str, Any]:
    """Give roles by their ids, where they were named by a title of theirs."""
    ids = {text.casefold(): r.id for r in plan.roles for text in r.title.values()}
    known = {role.id for role in plan.roles}

    def full(named: str) -> str:
        return named if named in known else ids.get(named.strip().casefold(), named)

    one = {name: full(body[name]) for name in _ROLE if isinstance(body.get(name), str)}
    some = {name: body[name] for name in _ROLES if isinstance(body.get(name), list)}
    return one | {name: [full(each) for each in told] for name, told in some.items()}


def full_item(plan: Method, named: str) -> str:
    """Give an item's full id. What fits nothing, or more than one, stays as it is."""
    return _only(named, (*plan.items, *plan.sub_items), plan)


def full_window(plan: Method, named: str) -> str:
    """Give a window's full id; the step alone will do where it has one window."""
    if named not in plan.windows:
        whole = [name for name in plan.windows if name.count(".") == 1]
        step = full_step(plan, named)
        own = [name for name in whole if name.startswith(f"{step}.")]
        if step in plan.steps and len(own) == 1:
            return own[0]
    return _only(named, tuple(plan.windows), plan)


def full_step(plan: Method, named: str) -> str:
    """Give a step's id: by its id, or by its number in the source."""
    if named in plan.steps:
        return named
    found = [step.id for step in plan.all_steps() if step.number == named]
    return found[0] if len(found) == 1 else named


def _only(named: str, every: tuple[str, ...], plan: Method) -> str:
    first, dot, rest = named.partition(".")
    numbered = f"{full_step(plan, first)}.{rest}" if dot else named
    for wanted in (named, numbered):
        if wanted in every:
            return wanted
    tails = [name for name in every if name.partition(".")[2] == named]
    return tails[0] if len(tails) == 1 else named

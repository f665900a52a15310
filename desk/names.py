"""What people call a part, made into its full id: only where there can be no doubt.

Interfaces for people use this; systems send full ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desk.calendars import newest
from desk.desk import Desk
from desk.errors import Refused
from desk.sending import Answer
from domain.errors import NothingToDo
from domain.method import Method
from domain.state import Dialogue
from storage.queries import events_of_cause


async def in_full(
    kind: str, fields: Mapping[str, Any], state: Dialogue
) -> dict[str, Any]:
    """Make a command's body of what somebody typed, with full ids of parts.

    ``complete_items`` takes a ``step`` for all its open items, and
    ``renew_calendar`` gets the calendar. Raises `Refused` when nothing is left to do.
    """
    body = dict(fields)
    plan = state.plan
    if "items" in body:
        body["items"] = [full_item(plan, name) for name in body["items"]]
    if "step" in body:
        body["step"] = full_step(plan, body["step"])
    if "window" in body:
        body["window"] = full_window(plan, body["window"])
    if kind == "renew_calendar":
        body |= await newest(state)
    if kind == "complete_items" and body.get("step") in plan.steps:
        body["items"] = _with_open(state, body.pop("step"), body.get("items", ()))
    return body


def _with_open(state: Dialogue, step: str, named: Iterable[str]) -> list[str]:
    items = [*named, *open_items(state, step)]
    if not items:
        error = NothingToDo(because="these items are complete already")
        raise Refused("NothingToDo", str(error), error.facts)
    return items


def full_item(plan: Method, named: str) -> str:
    """Give an item's full id. What fits nothing, or more than one, stays as it is."""
    return _only(named, (*plan.items, *plan.sub_items), plan)


def full_window(plan: Method, named: str) -> str:
    """Give a window's full id; the step alone will do where it has one window."""
    if named not in plan.windows:
        step = full_step(plan, named)
        own = [name for name in plan.windows if name.startswith(f"{step}.")]
        if step in plan.steps and len(own) == 1:
            return own[0]
    return _only(named, tuple(plan.windows), plan)


def full_step(plan: Method, named: str) -> str:
    """Give a step's id: by its id, or by its number in the source."""
    if named in plan.steps:
        return named
    found = [step.id for step in plan.all_steps() if step.number == named]
    return found[0] if len(found) == 1 else named


def open_items(state: Dialogue, step: str) -> tuple[str, ...]:
    """Give the items of a step that nothing became of yet in its present round."""
    known = state.plan.steps.get(step)
    current = state.round(step)
    marks = current.marks if current else {}
    items = known.items if known else ()
    return tuple(f"{step}.{i.id}" for i in items if f"{step}.{i.id}" not in marks)


def _only(named: str, every: tuple[str, ...], plan: Method) -> str:
    first, dot, rest = named.partition(".")
    numbered = f"{full_step(plan, first)}.{rest}" if dot else named
    for wanted in (named, numbered):
        if wanted in every:
            return wanted
    tails = [name for name in every if name.partition(".")[2] == named]
    return tails[0] if len(tails) == 1 else named


async def completed_before(
    desk: Desk, stream: str, command_id: str, step: str
) -> Answer | None:
    """Give the answer to a completion of a whole step that was carried out already.

    The step has other open items by now, so the command can't be sent again as it
    was. None for an id that is new, or that stands for something else.
    """
    found = await events_of_cause(desk.pool, stream, command_id)
    items = [item for event in found for item in event.members["data"].get("items", ())]
    if not items or any(item.partition(".")[0] != step for item in items):
        return None
    events = [{"seq": e.seq, "type": e.members["type"], "hash": e.hash} for e in found]
    return Answer(found[-1].seq, recorded=True, events=events, repeated=True)

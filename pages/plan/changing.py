"""Changes of a plan as people fill them in, made into the changes of a command."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from starlette.datastructures import FormData

from desk.changes import changes_in
from desk.plan_weighing import weigh
from domain.errors import DomainError
from domain.method import Method
from domain.state import Dialogue
from language import mark
from pages.naming import slug
from pages.typing_in import Form, number_in

Change = dict[str, Any]

_LONGEST_ID: Final = 40
_MOST: Final = 50
_TITLE: Final = mark("Give it a title.")
_WHICH: Final = mark("Choose which one.")
_DAYS: Final = mark("Give a number of working days, from 1 to 365.")
_TOO_MANY: Final = mark("More than 50 changes do not fit at a time.")


class Unfit(Exception):
    """What was filled in is not whole; ``field`` is where."""

    def __init__(self, problem: str, field: str) -> None:
        """Keep a marked text and the name of a field."""
        self.problem = problem
        self.field = field
        super().__init__(problem)


def read(told: str) -> list[Change]:
    """Read the changes that a form took along; none for what no page of ours wrote."""
    try:
        found: object = json.loads(told or "[]")
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    rows = cast("list[object]", found)
    return [cast("Change", each) for each in rows if isinstance(each, dict)][:_MOST]


def added(state: Dialogue, changes: list[Change], form: Form) -> list[Change]:
    """Give the changes with the one that was filled in. Raises `Unfit`.

    Also `MethodInvalid` for a text of changes, with what is wrong at its lines. A later
    change sees what an earlier one did.
    """
    plan = _so_far(state, changes)
    kind = form["do"].removeprefix("add:")
    if kind == "text":
        more = changes_in(form["text"], "plan.yaml", state.but(plan=plan))["changes"]
    else:
        make = _MAKERS.get(kind)
        if make is None:
            raise Unfit(_WHICH, "changes")
        text = json.dumps([make(plan, form)], ensure_ascii=False)
        more = changes_in(text, "plan.yaml", state.but(plan=plan))["changes"]
    if len(changes) + len(more) > _MOST:
        raise Unfit(_TOO_MANY, "changes")
    return [*changes, *more]


def _so_far(state: Dialogue, changes: list[Change]) -> Method:
    try:
        return weigh(state, changes).plan
    except DomainError:
        return state.plan


def without(changes: list[Change], told: str) -> list[Change]:
    """Give the changes without the one of this number, counted from 1."""
    number = number_in(told)
    return [each for n, each in enumerate(changes, 1) if n != number]


def _title(form: Form, name: str) -> str:
    found = form.text(name)
    if found is None:
        raise Unfit(_TITLE, name)
    return found


def _chosen(form: Form, name: str) -> str:
    found = form.text(name)
    if found is None:
        raise Unfit(_WHICH, name)
    return found


def _add_step(plan: Method, form: Form) -> Change:
    title = _title(form, "step_title")
    after = _chosen(form, "step_after")
    lines = [line.strip(" -*\t") for line in form["step_items"].split("\n")]
    items: list[Change] = []
    for line in filter(None, lines):
        items.append({"id": _id(line, {each["id"] for each in items}), "title": line})
    step: Change = {"id": _id(title, plan.steps), "title": title, "items": items}
    if goal := form.text("step_goal"):
        step["goal"] = goal
    change: Change = {"change": "add_step", "after": after, "step": step}
    if form["step_then"]:
        waiting = (s.id for s in plan.all_steps() if after in (s.needs or ()))
        change["then"] = [*waiting]
    return change


def _move_step(plan: Method, form: Form) -> Change:  # noqa: ARG001 (as every maker)
    step = _chosen(form, "move_step")
    return {
        "change": "move_step",
        "step": step,
        "before": _chosen(form, "move_before"),
    }


def _drop_step(plan: Method, form: Form) -> Change:  # noqa: ARG001
    return {"change": "drop_step", "step": _chosen(form, "drop_step")}


def _add_item(plan: Method, form: Form) -> Change:
    step, title = _chosen(form, "item_step"), _title(form, "item_title")
    known = plan.steps.get(step)
    taken = {p.id for p in (*known.items, *known.windows)} if known else set[str]()
    item: Change = {"id": _id(title, taken), "title": title}
    if told := form.text("item_help"):
        item["help"] = told
    if form["item_optional"]:
        item["required"] = False
    return {"change": "add_item", "step": step, "item": item}


def _drop_item(plan: Method, form: Form) -> Change:  # noqa: ARG001
    return {"change": "drop_item", "item": _chosen(form, "drop_item")}


def _change_window(plan: Method, form: Form) -> Change:  # noqa: ARG001
    window, told = _chosen(form, "window"), form["window_days"].strip()
    days = number_in(told)
    if days is None or not 0 < days <= 365:  # noqa: PLR2004 (a year)
        raise Unfit(_DAYS, "window_days")
    to = {"duration": {"working_days": days}}
    return {"change": "change_window", "window": window, "to": to}


_MAKERS: Final[Mapping[str, Callable[[Method, Form], Change]]] = {
    "add_step": _add_step,
    "move_step": _move_step,
    "drop_step": _drop_step,
    "add_item": _add_item,
    "drop_item": _drop_item,
    "change_window": _change_window,
}
FIELDS: Final = frozenset(
    (
        *("step_title", "step_after", "step_items", "step_goal", "step_then"),
        *("move_step", "move_before", "drop_step"),
        *("item_step", "item_title", "item_help", "item_optional", "drop_item"),
        *("window", "window_days", "text"),
    )
)
"""Every field of a change, which is empty again once its change is among the others."""


def emptied(form: Form) -> Form:
    """Give a form whose change is among the others: its fields are empty again."""
    return Form(FormData({name: form[name] for name in form if name not in FIELDS}))


def _id(title: str, taken: Mapping[str, object] | set[str]) -> str:
    """Make an id of a title that nothing else has."""
    stem, number = slug(title, _LONGEST_ID) or "nieuw", 2
    name = stem
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name

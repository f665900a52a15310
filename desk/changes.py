"""A file of changes, as a person writes it, made into the body of a command."""

from __future__ import annotations

from typing import Any

from desk.names import full_item, full_step, full_window
from domain.method import Method
from domain.state import Dialogue
from methods.changes import load_changes
from methods.load import MethodInvalid
from methods.yaml_tree import read

__all__ = ["MethodInvalid", "changes_in", "reason_in"]


def changes_in(text: str, name: str, state: Dialogue) -> dict[str, Any]:
    """Read a file of changes: ``changes``, and ``reason`` where the file gives one.

    Steps may be named by their number. Raises ``methods.load.MethodInvalid``.
    """
    found = load_changes(text, name, state.plan)
    changes = [_in_full(state.plan, each) for each in found.changes]
    return {"changes": changes, **({"reason": found.reason} if found.reason else {})}


def _in_full(plan: Method, change: Any) -> Any:  # noqa: ANN401 (JSON)
    """Give a change with full ids, where it names parts as people do."""
    told = dict(change)
    kind = str(told.get("change"))
    if "item" in told and isinstance(told["item"], str):
        told["item"] = full_item(plan, told["item"])
    if "window" in told and isinstance(told["window"], str):
        told["window"] = full_window(plan, told["window"])
    beside = ("after", "before") if kind in {"add_step", "move_step"} else ()
    for member in ("step", *beside):
        if isinstance(told.get(member), str):
            told[member] = full_step(plan, told[member])
    if isinstance(told.get("then"), list):
        told["then"] = [full_step(plan, each) for each in told["then"]]
    return told


def reason_in(text: str) -> str | None:
    """Give the reason that a file of changes gives, if it gives one."""
    data = read(text).data
    found = data.get("reason") if isinstance(data, dict) else None
    return found if isinstance(found, str) else None

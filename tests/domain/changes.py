"""Changes of a plan as they stand in a command, for tests to wish."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from domain.plan_changes import Change
from domain.plan_facts import AmendPlan
from tests.domain.story import SAID

_CHANGES = TypeAdapter[tuple[Change, ...]](tuple[Change, ...])


def changes(*told: dict[str, Any]) -> tuple[Change, ...]:
    """Read changes as they stand in a command."""
    return _CHANGES.validate_python(told)


def amend(*told: dict[str, Any]) -> AmendPlan:
    """Give the command that makes these changes."""
    return AmendPlan(changes=changes(*told), reason=SAID)


def titled(name: str, **more: object) -> dict[str, Any]:
    """Give a part with an English title, which the method of the tests asks for."""
    return {"id": name, "title": {"en": name.capitalize()}, **more}


def a_step(name: str, **more: object) -> dict[str, Any]:
    """Give a step with nothing in it but what is given."""
    return titled(name, number="9", **more)


def add_item(step: str, name: str, **more: object) -> dict[str, Any]:
    """Give the change that adds an item."""
    return {"change": "add_item", "step": step, "item": titled(name, **more)}

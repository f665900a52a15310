"""What commands and events are made with: kind, targets, private fields."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, get_args

from pydantic import AfterValidator, Field, StringConstraints

from domain.facts import Fact, Private

TargetId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,190}$")]
"""Full id of an item or window: ``step.item``, ``step.item.sub``, ``step.window``."""

Targets = Annotated[tuple[TargetId, ...], Field(min_length=1, max_length=200)]


def kind_of(fact: type[Fact]) -> str:
    """Give the kind of a command, or the type of an event: its name in snake case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", fact.__name__).lower()


class Command(Fact):
    """A wish. ``internal`` kinds are Polder's own; nobody else may send them."""

    internal: ClassVar[bool] = False


def _a_day(value: str) -> str:
    date.fromisoformat(value)
    return value


Day = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"),
    AfterValidator(_a_day),
]
"""A day of the calendar, written ``2026-11-21``."""


@cache
def private_fields(fact: type[Fact]) -> tuple[str, ...]:
    """Name the fields of a command or event that hold a commitment."""
    return tuple(
        name
        for name, field in fact.model_fields.items()
        if _holds_private(field.annotation)
    )


def _holds_private(annotation: Any) -> bool:  # noqa: ANN401  (an annotation is anything)
    return annotation is Private or Private in get_args(annotation)


def kinds_in(area: UnionType | type) -> tuple[type, ...]:
    """Give the classes of an area's commands or events, of which there may be one."""
    return (area,) if isinstance(area, type) else get_args(area)

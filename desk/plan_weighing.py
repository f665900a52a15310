"""Changes of a plan that nobody has asked for yet: what they would make of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, cast

from domain.amending import weighed
from domain.method import Method
from domain.plan_facts import AmendPlan
from domain.planning import PREVIEWED, UNSAID, preview_plan
from domain.state import Dialogue

AMEND: Final = "amend_plan"


class Weighed(NamedTuple):
    """Changes so far: the plan they lead to, and what a dry run says of them.

    ``parts`` are titles of parts that they bring along, by language.
    """

    changes: list[dict[str, Any]]
    plan: Method
    found: dict[str, Any]
    parts: dict[str, Any]


def weigh(state: Dialogue, changes: Sequence[dict[str, Any]]) -> Weighed:
    """Say what changes would do. Raises a `DomainError` for what is no change."""
    if not changes:
        return Weighed([], state.plan, {}, {})
    found = preview_plan(state, AMEND, {"changes": changes})
    model = cast("type[AmendPlan]", PREVIEWED[AMEND])
    command = model.model_validate({"changes": changes, "reason": UNSAID})
    weight = weighed(state, command.changes)
    parts = {name: dict(text) for name, text in weight.parts.items()}
    return Weighed([*changes], weight.plan, found, parts)

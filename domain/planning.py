"""The plan changes by four commands; what each would do can be asked beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from domain.amending import amend_plan, preview_amendment
from domain.draft import Draft
from domain.errors import MalformedCommand, UnknownCommand
from domain.facts import Private
from domain.messages import kind_of
from domain.migrating import migrate_method, preview_migration
from domain.plan_facts import (
    AmendPlan,
    CloseTrack,
    MigrateMethod,
    OpenTrack,
    PlanCommand,
)
from domain.state import Dialogue
from domain.tracks import close_track, open_track, preview_track

UNSAID: Final = Private(commitment="0" * 64)
"""Stands for the reason, which need not be known yet when somebody only asks."""

PREVIEWED: Final = {
    kind_of(each): each for each in (AmendPlan, MigrateMethod, OpenTrack)
}
"""The commands of which can be asked what they would do."""


def obey(draft: Draft, command: PlanCommand) -> None:
    """Obey a command about the plan."""
    match command:
        case AmendPlan():
            amend_plan(draft, command)
        case MigrateMethod():
            migrate_method(draft, command)
        case OpenTrack():
            open_track(draft, command)
        case CloseTrack():
            close_track(draft, command)


def preview_plan(state: Dialogue, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Say what a command about the plan would do, without doing it.

    ``body`` is the command's, with or without a reason. Raises `UnknownCommand` for a
    kind that has no preview, `MalformedCommand` for a body that can't be read.
    """
    model = PREVIEWED.get(kind)
    if model is None:
        raise UnknownCommand(known=", ".join(PREVIEWED))
    try:
        command = model.model_validate({"reason": UNSAID, **body})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        known = model.model_fields
        places = (
            str(part) for part in first["loc"] if isinstance(part, int) or part in known
        )
        problem = f"{'.'.join(places) or 'a member'}: {first['msg']}"
        raise MalformedCommand(kind=kind, problem=problem) from error
    match command:
        case AmendPlan():
            return preview_amendment(state, command.changes)
        case MigrateMethod():
            return preview_migration(state, command)
        case OpenTrack():
            return preview_track(state, command)

"""Kinds, phases and levels as people call them, made into their ids.

By its id, or by its title in any language of the method; built-in levels in Dutch and
English. What fits nothing stays as it is, for the core to refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desk.people import LEVELS
from domain.method import Choice
from domain.people_register import phases
from domain.state import Dialogue
from language import translator


def in_full(kind: str, body: Mapping[str, Any], state: Dialogue) -> dict[str, Any]:
    """Give the body of a command about people with ids for what was said in words."""
    made = dict(body)
    if kind in {"register_stakeholder", "change_stakeholder"} and "kind" in made:
        made["kind"] = _id(made["kind"], _choices(state.plan.stakeholder_kinds))
    if kind == "plan_engagement" and isinstance(made.get("levels"), dict):
        made["levels"] = _levels(made["levels"], state)
    return made


def _levels(
    told: Mapping[str, Mapping[str, str | None]], state: Dialogue
) -> dict[str, dict[str, str | None]]:
    kinds = _choices(state.plan.stakeholder_kinds)
    levels = _choices(state.plan.engagement_levels) or _built_in()
    names = _phases(state)
    return {
        who if who in state.stakeholders else _id(who, kinds): {
            _id(phase, names): level and _id(level, levels)
            for phase, level in each.items()
        }
        for who, each in told.items()
    }


def _id(told: str, names: Mapping[str, str]) -> str:
    return names.get(told.strip().casefold(), told)


def _choices(choices: Iterable[Choice]) -> dict[str, str]:
    pairs = ((text, each.id) for each in choices for text in each.title.values())
    return {text.casefold(): name for text, name in pairs}


def _built_in() -> dict[str, str]:
    spoken = [translator(lang) for lang in ("nl", "en")]
    return {_(text).casefold(): name for name, text in LEVELS.items() for _ in spoken}


def _phases(state: Dialogue) -> dict[str, str]:
    every = {p.id: p.title.values() for p in state.plan.phases}
    known = phases(state)
    pairs = ((text, name) for name in known for text in every.get(name, ()))
    own = ((title, name) for name, title in state.project_phases.items())
    return {text.casefold(): name for text, name in (*pairs, *own)}

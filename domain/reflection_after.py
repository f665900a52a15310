"""The scores that hold, and how often anybody looked; a part of `evolve`."""

from __future__ import annotations

from typing import Any

from domain.events import Event
from domain.reflection_facts import ReflectionEvent, SelfAssessmentRecorded
from domain.state import Dialogue


def after(state: Dialogue, data: ReflectionEvent, _event: Event) -> Dialogue:
    """Keep the last scores, and count."""
    if isinstance(data, SelfAssessmentRecorded):
        changes: dict[str, Any] = {"assessments": data.number, "scores": data.scores}
    else:
        changes = {"evaluations": data.number}
    return state.but(reflection=state.reflection.model_copy(update=changes))

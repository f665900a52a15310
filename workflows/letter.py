"""What a message is about, from the state: titles and instants, never a person."""

from __future__ import annotations

from datetime import datetime

from activities.contracts import Notice
from domain.calendar import to_local
from domain.method import Text
from domain.notices import About
from domain.state import Dialogue, Effect


def notice(stream: str, state: Dialogue, effect: Effect) -> Notice:
    """Give the message that an effect asks for, in the dialogue's language."""
    common = {
        "stream": stream,
        "effect": effect.id,
        "notice": effect.notice,
        "attempt": effect.attempt,
        "recipients": effect.recipients,
        "language": state.language,
        "title": state.title,
        "question": state.question,
        "closes": effect.closes,
        "closes_local": _local(state, effect.closes),
        "zone": state.zone,
        "responses": _answered(effect),
    }
    about = effect.about
    more = _said(state, about) if about else _planned(state, effect)
    if effect.responses is not None:
        more |= _planned(state, effect)
    return Notice.model_validate({**common, **more})


def _answered(effect: Effect) -> dict[str, str] | None:
    """Give the responses that a message answers; who gave them is looked up later."""
    if effect.responses is None:
        return None
    return {"window": effect.target, "numbers": effect.responses}


def _planned(state: Dialogue, effect: Effect) -> dict[str, object]:
    """Give step and heading of a window or an item of the plan."""
    step_id, _, part = effect.target.partition(".")
    step = state.plan.steps[step_id]
    window = state.plan.window(effect.target)
    item = state.plan.items.get(effect.target)
    heading = window or item
    return {
        "step": _say(step.title, state),
        "heading": _say(heading.title, state) if heading else part,
    }


def _said(state: Dialogue, about: About) -> dict[str, object]:
    """Give what a message says that is about no part of the plan."""
    step = state.plan.steps.get(about.step or "")
    meeting = about.invitation
    return {
        "step": _say(step.title, state) if step else None,
        "heading": about.heading,
        "subject": about.subject,
        "facts": about.facts,
        "enclosed": about.enclosed,
        "invitation": meeting,
        "begins_local": _local(state, meeting.begins if meeting else None),
        "ends_local": _local(state, meeting.ends if meeting else None),
    }


def _local(state: Dialogue, moment: datetime | None) -> str | None:
    return to_local(state.calendar, moment).isoformat() if moment else None


def _say(text: Text, state: Dialogue) -> str:
    return text.get(state.language) or next(iter(text.values()))

"""What a message is about, from the state: titles and instants, never a person."""

from __future__ import annotations

from activities.contracts import Notice
from domain.calendar import to_local
from domain.method import Text
from domain.state import Dialogue, Effect


def notice(stream: str, state: Dialogue, effect: Effect) -> Notice:
    """Give the message that an effect asks for, in the dialogue's language."""
    step_id, _, part = effect.target.partition(".")
    step = state.plan.steps[step_id]
    window = state.plan.windows.get(effect.target)
    item = state.plan.items.get(effect.target)
    heading = window or item
    closes = effect.closes
    local = to_local(state.calendar, closes) if closes else None
    return Notice(
        stream=stream,
        effect=effect.id,
        notice=effect.notice,
        attempt=effect.attempt,
        recipients=effect.recipients,
        language=state.language,
        title=state.title,
        question=state.question,
        step=_say(step.title, state),
        heading=_say(heading.title, state) if heading else part,
        closes=closes,
        closes_local=local.isoformat() if local else None,
        zone=state.zone,
    )


def _say(text: Text, state: Dialogue) -> str:
    return text.get(state.language) or next(iter(text.values()))

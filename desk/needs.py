"""What somebody is needed for, by the names that people know it by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from desk import needs_meetings
from desk.needs_harvest import title_of
from desk.titles import Titles, first_of, told_of, unreached
from domain.people_register import missed, unbriefed
from domain.progress import Need
from domain.state import Dialogue

_TITLES: Final[Mapping[str, Callable[[Dialogue, Titles, str], str]]] = {
    "to_reconfirm": lambda _, titles, step: titles.step(step),
    "nobody_invited": lambda _, titles, window: titles.window(window),
    "unanswered": lambda _, titles, window: titles.window(window),
    "unreachable": unreached,
    "gate_in_doubt": lambda _, titles, gate: titles.gate(gate),
    "compensation_failed": lambda state, titles, name: told_of(
        titles, state.compensations[name]
    ),
    "message_failed": lambda state, titles, name: told_of(titles, state.effects[name]),
    "to_brief": lambda state, titles, _: first_of(titles, unbriefed(state)),
    "not_reached": lambda state, titles, _: first_of(titles, missed(state)),
}
"""How each kind of need is called, by its target."""


def title(state: Dialogue, titles: Titles, need: Need) -> str:
    """Give the title of what a need is about; its target where it has none."""
    named = _TITLES.get(need.kind)
    if named is not None:
        return named(state, titles, need.target)
    meeting = needs_meetings.title_of(state, need)
    return meeting or title_of(state, need) or need.target

"""What somebody is needed for, by the names that people know it by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from domain.harvest_help import title_of
from domain.meetings_help import title_of as title_of_meeting
from domain.need import Need
from domain.people_register import missed, unbriefed
from domain.state import Dialogue
from domain.titles import Titles, told_of, unreached


class Named(NamedTuple):
    """A title; of some people it names the first, and there are ``more`` of them."""

    text: str
    more: int = 0


_TITLES: Final[Mapping[str, Callable[[Dialogue, Titles, str], str]]] = {
    "to_reconfirm": lambda _, titles, step: titles.step(step),
    "nobody_invited": lambda _, titles, window: titles.window(window),
    "unanswered": lambda _, titles, window: titles.window(window),
    "unreachable": unreached,
    "answers_untold": lambda _, titles, window: titles.window(window),
    "gate_in_doubt": lambda _, titles, gate: titles.gate(gate),
    "compensation_failed": lambda state, titles, name: told_of(
        titles, state.compensations[name]
    ),
    "message_failed": lambda state, titles, name: told_of(titles, state.effects[name]),
}
"""How each kind of need is called, by its target."""

_PEOPLE: Final[Mapping[str, Callable[[Dialogue], tuple[str, ...]]]] = {
    "to_brief": unbriefed,
    "not_reached": missed,
}
"""The people whom a kind of need is about, the first of them being its target."""


def title(state: Dialogue, titles: Titles, need: Need) -> Named:
    """Give the title of what a need is about; its target where it has none."""
    if need.kind in _PEOPLE:
        people = _PEOPLE[need.kind](state)
        return Named("".join(people[:1]), max(0, len(people) - 1))
    named = _TITLES.get(need.kind)
    if named is not None:
        return Named(named(state, titles, need.target))
    meeting = title_of_meeting(state, need)
    return Named(meeting or title_of(state, need) or need.target)

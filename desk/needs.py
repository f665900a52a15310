"""What somebody is needed for, by the names that people know it by."""

from __future__ import annotations

from desk.needs_harvest import title_of
from desk.titles import Titles, first_of, told_of, unreached
from domain.people_register import missed, unbriefed
from domain.progress import Need
from domain.state import Dialogue


def title(state: Dialogue, titles: Titles, need: Need) -> str:
    """Give the title of what a need is about; its target where it has none."""
    match need.kind:
        case "to_reconfirm":
            return titles.step(need.target)
        case "nobody_invited":
            return titles.window(need.target)
        case "unreachable":
            return unreached(state, titles, need.target)
        case "compensation_failed":
            return titles.part(state.compensations[need.target].undoes)
        case "message_failed":
            return told_of(titles, state.effects[need.target])
        case "to_brief":
            return first_of(titles, unbriefed(state))
        case "not_reached":
            return first_of(titles, missed(state))
        case _:
            return title_of(state, need) or need.target

"""What the state keeps of the register of stakeholders after each event.

A part of `evolve`: it follows events, and decides nothing.
"""

from __future__ import annotations

from typing import assert_never

from domain import harvest_after, holders, meetings_after
from domain.declining_facts import ParticipationDeclined
from domain.events import Event
from domain.people_register_facts import (
    BriefingWaived,
    EngagementPlanned,
    LatecomerBriefed,
    PeopleEvent,
    RoleHandedOver,
    Stakeholder,
    StakeholderChanged,
    StakeholderRegistered,
    StakeholderReleased,
)
from domain.state import Dialogue


def after(state: Dialogue, data: PeopleEvent, _event: Event) -> Dialogue:
    """Give the state after an event about people."""
    match data:
        case StakeholderRegistered():
            new = Stakeholder(data.impact, data.influence, data.reached, data.late)
            return _with(_of_kind(state, data.kind), data.stakeholder, new)
        case StakeholderChanged():
            return _changed(state, data)
        case StakeholderReleased():
            kept = {
                w: s for w, s in state.stakeholders.items() if w != data.stakeholder
            }
            state = harvest_after.holder_left(state, data.stakeholder)
            return state.but(stakeholders=kept)
        case EngagementPlanned():
            named = {phase: str(title) for phase, title in data.phases.items()}
            return state.but(project_phases=state.project_phases | named)
        case LatecomerBriefed() | BriefingWaived():
            known = state.stakeholders[data.stakeholder]
            return _with(state, data.stakeholder, known._replace(unbriefed=False))
        case RoleHandedOver():
            state = holders.taken(state, data.role, data.actor)
            address = data.address is not None
            state = holders.given(state, data.role, data.successor, address=address)
            return meetings_after.welcome(state, data.meetings, data.successor)
        case ParticipationDeclined():
            return state
        case _:
            assert_never(data)


def _changed(state: Dialogue, data: StakeholderChanged) -> Dialogue:
    weights = {n: getattr(data, n) for n in ("impact", "influence", "reached")}
    told = {name: value for name, value in weights.items() if value is not None}
    known = state.stakeholders[data.stakeholder]
    return _with(_of_kind(state, data.kind), data.stakeholder, known._replace(**told))


def _of_kind(state: Dialogue, kind: str | None) -> Dialogue:
    """Remember a kind that stakeholders have, so that levels can be planned for it."""
    if kind is None or kind in state.kinds:
        return state
    return state.but(kinds=(*state.kinds, kind))


def _with(state: Dialogue, who: str, known: Stakeholder) -> Dialogue:
    return state.but(stakeholders=state.stakeholders | {who: known})

"""evolve: the state after an event. It never fails and never decides.

Each area follows its own events; `FOLLOWED` says which. What the world must do now
(`react`) becomes part of the state with the event that asks for it, so that a dialogue
restored from its events owes exactly the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from types import UnionType
from typing import Any, Final

from domain import (
    confidential_after,
    corrections_after,
    effect_after,
    gates_after,
    harvest_after,
    interests_after,
    ledger_after,
    life_after,
    meetings_after,
    people_register_after,
    plan_after,
    reflection_after,
    revisit_after,
    role_after,
    runs,
    signed_after,
    step_after,
    window_after,
)
from domain.confidential_facts import ConfidentialEvent
from domain.correction_facts import CorrectionEvent
from domain.effect_facts import EffectEvent
from domain.erasing_facts import ErasingEvent
from domain.errors import NotStarted
from domain.events import DialogueStarted, Event
from domain.gates_facts import GateEvent
from domain.harvest_facts import HarvestEvent
from domain.interest_facts import InterestEvent
from domain.ledger_facts import LedgerEvent
from domain.life_facts import LifeEvent
from domain.meeting_facts import MeetingEvent
from domain.messages import kinds_in
from domain.opening_facts import OpeningEvent
from domain.people_register_facts import PeopleEvent
from domain.plan_facts import PlanEvent
from domain.react import react
from domain.reflection_facts import ReflectionEvent
from domain.revisit_facts import RevisitEvent
from domain.role_facts import RoleEvent
from domain.signal_facts import SignalEvent, SignalNoted
from domain.signed_facts import SignedEvent
from domain.state import Dialogue
from domain.step_facts import StepEvent
from domain.suspension_facts import SuspensionEvent
from domain.window_facts import WindowEvent

After = Callable[[Dialogue, Any, Event], Dialogue]
"""What an area makes of the state and the data of one of its events."""


def evolve(state: Dialogue | None, event: Event) -> Dialogue:
    """Give the state after ``event``, with what the world now owes."""
    if isinstance(event.data, DialogueStarted):
        after = life_after.begun(event.data, event)
    elif state is None:
        raise NotStarted
    else:
        after = FOLLOWED[type(event.data)](state, event.data, event)
    after = _counted(after, event)
    owed = react(after, event)
    if owed:
        after = after.but(effects=after.effects | {e.id: e for e in owed})
    return after


def fold(events: Iterable[Event]) -> Dialogue | None:
    """Give the state after all ``events``, from nothing."""
    state: Dialogue | None = None
    for event in events:
        state = evolve(state, event)
    return state


def id_digest(command_id: str) -> bytes:
    """Give the eight bytes by which a command's id is remembered."""
    return sha256(command_id.encode()).digest()[:8]


def _counted(state: Dialogue, event: Event) -> Dialogue:
    if event.digest is None:
        return state.but(version=event.seq)
    handled = state.handled.adding(id_digest(event.cause), event.digest)
    return state.but(version=event.seq, handled=handled)


def _signals_counted(state: Dialogue, data: SignalEvent, _event: Event) -> Dialogue:
    if isinstance(data, SignalNoted):
        return state.but(signals=state.signals + 1)
    return state.but(refused=state.refused + 1)


def _as_it_was(state: Dialogue, _data: ErasingEvent, _event: Event) -> Dialogue:
    return state


AREAS: Final[tuple[tuple[UnionType | type, After], ...]] = (
    (LifeEvent, life_after.after),
    (StepEvent, step_after.after),
    (OpeningEvent | WindowEvent, window_after.after),
    (RevisitEvent, revisit_after.after),
    (EffectEvent, effect_after.after),
    (RoleEvent, role_after.after),
    (SignalEvent, _signals_counted),
    (ErasingEvent, _as_it_was),
    (SuspensionEvent, runs.suspension_changed),
    (LedgerEvent, ledger_after.after),
    (PeopleEvent, people_register_after.after),
    (InterestEvent, interests_after.after),
    (HarvestEvent, harvest_after.after),
    (PlanEvent, plan_after.after),
    (MeetingEvent, meetings_after.after),
    (GateEvent, gates_after.after),
    (CorrectionEvent, corrections_after.after),
    (ConfidentialEvent, confidential_after.after),
    (ReflectionEvent, reflection_after.after),
    (SignedEvent, signed_after.after),
)
"""Each area's events and what follows them; a test sees that none is left out."""

FOLLOWED: Final[dict[type, After]] = {
    kind: after for area, after in AREAS for kind in kinds_in(area)
}
"""Every kind of event by its class, and what follows it."""

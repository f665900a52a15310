"""What the state keeps of a dialogue's life after each event.

A part of `evolve`: it follows events, and decides nothing.
"""

from __future__ import annotations

from typing import assert_never

from domain import runs
from domain.deadline_facts import Deadline, DeadlineMoved
from domain.events import Event
from domain.life_facts import (
    CalendarRenewed,
    DialogueArchived,
    DialogueCancelled,
    DialogueCompleted,
    DialoguePaused,
    DialogueRestored,
    DialogueResumed,
    DialogueStarted,
    LifeEvent,
)
from domain.signed_facts import by_id
from domain.state import Dialogue


def begun(data: DialogueStarted, event: Event) -> Dialogue:
    """Give the first state of a dialogue."""
    if data.plan is None or data.days is None:
        message = "dialogue_started needs the compiled method and calendar at hand"
        raise LookupError(message)
    return Dialogue(
        organisation=data.organisation,
        title=data.title,
        question=data.question,
        language=data.language,
        zone=data.zone,
        status="running",
        started=event.at,
        method=data.method,
        plan=data.plan,
        calendar=data.days,
        clock=data.clock,
        roles=data.roles,
        deadlines=data.deadlines,
        desk_keys=by_id(data.desk_keys),
        unsigned=data.unsigned,
    )


def after(state: Dialogue, data: LifeEvent, event: Event) -> Dialogue:
    """Give the state after an event in the life of a dialogue."""
    match data:
        case DialoguePaused():
            return state.but(
                status="paused",
                paused_at=state.paused_at or event.at,
                paused_too=bool(state.suspended),
            )
        case DialogueResumed():
            return _resumed(state, data)
        case DialogueCompleted():
            return state.but(status="completed")
        case DialogueCancelled():
            return state.but(
                status="cancelled", paused_at=None, suspended=(), paused_too=False
            )
        case DialogueArchived():
            return state.but(status="archived")
        case CalendarRenewed():
            return state.but(calendar=data.days or state.calendar)
        case DeadlineMoved():
            return _moved(state, data)
        case DialogueStarted() | DialogueRestored():
            return state
        case _:
            assert_never(data)


def _resumed(state: Dialogue, data: DialogueResumed) -> Dialogue:
    if state.suspended:
        return state.but(paused_too=False)
    for resumed in data.windows:
        state = runs.resumed(state, resumed)
    return state.but(status="running", paused_at=None)


def _moved(state: Dialogue, data: DeadlineMoved) -> Dialogue:
    """Let the state hold the new date in the place of the old one."""
    first = Deadline(title=data.title, date=data.was)
    place = state.deadlines.index(first)
    new = Deadline(title=data.title, date=data.date)
    kept = state.deadlines
    return state.but(deadlines=(*kept[:place], new, *kept[place + 1 :]))

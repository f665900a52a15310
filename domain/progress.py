"""Where a dialogue stands, and what needs somebody: derived from the state alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from domain.alarms import next_alarm
from domain.method import PUBLIC, Step
from domain.state import Dialogue
from domain.steps import is_done, is_ready


class Need(NamedTuple):
    """Something that needs a person: what kind of thing, and which one."""

    kind: str
    target: str


def needs_attention(state: Dialogue) -> tuple[Need, ...]:
    """Give what has failed or can't go on by itself."""
    return tuple(_needs(state))


def _needs(state: Dialogue) -> Iterator[Need]:
    for compensation in state.compensations.values():
        if compensation.status == "failed":
            yield Need("compensation_failed", compensation.id)
    for effect in state.effects.values():
        if effect.status == "failed":
            yield Need("message_failed", effect.id)
    for name, run in state.open_windows().items():
        if run.audience != PUBLIC and not run.invited:
            yield Need("nobody_invited", name)
    for step in state.plan.steps:
        current = state.round(step)
        marks = current.marks.values() if current else ()
        if any(mark.status == "to_reconfirm" for mark in marks):
            yield Need("to_reconfirm", step)


def current_steps(state: Dialogue) -> tuple[str, ...]:
    """Give the steps that are under way."""
    rounds = ((step, state.round(step)) for step in state.plan.steps)
    return tuple(s for s, current in rounds if current and current.status == "started")


def ready_steps(state: Dialogue) -> tuple[str, ...]:
    """Give the steps that could start now."""
    return tuple(step for step in state.plan.steps if is_ready(state, step))


def current_phase(state: Dialogue) -> str:
    """Give the first phase with work to do; the last one when all is done."""
    for phase in state.plan.phases:
        if any(not is_done(state, step.id) for step in phase.steps):
            return phase.id
    return state.plan.phases[-1].id


def item_counts(state: Dialogue, step: Step) -> tuple[int, int]:
    """Give how many of a step's items are done in its current round, of how many."""
    current = state.round(step.id)
    marks = current.marks if current else {}
    names = [f"{step.id}.{item.id}" for item in step.items]
    done = [n for n in names if n in marks and marks[n].status != "to_reconfirm"]
    return len(done), len(names)


def progress(state: Dialogue) -> dict[str, Any]:
    """Give status, phase, steps, counts and the next deadline, as JSON."""
    counts = {step.id: item_counts(state, step) for step in state.plan.all_steps()}
    alarm = next_alarm(state)
    windows = [run.closes for run in state.open_windows().values()]
    closes = min(windows, default=None)
    return {
        "status": state.status,
        "version": state.version,
        "phase": current_phase(state),
        "steps": {
            "underWay": list(current_steps(state)),
            "ready": list(ready_steps(state)),
            "done": sum(is_done(state, step) for step in state.plan.steps),
            "total": len(state.plan.steps),
        },
        "items": {
            "done": sum(done for done, _ in counts.values()),
            "total": sum(total for _, total in counts.values()),
        },
        "openWindows": len(windows),
        "nextDeadline": closes.isoformat() if closes else None,
        "nextAlarm": alarm.isoformat() if alarm else None,
        "needsAttention": [need._asdict() for need in needs_attention(state)],
    }

"""Where a dialogue stands, and what needs somebody: derived from the state alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from domain.alarms import next_alarm
from domain.calendar import MIDNIGHT, Calendar, to_instant
from domain.coverage import unanswered
from domain.errors import CalendarExhausted
from domain.facts import written
from domain.gates_standing import in_doubt
from domain.harvest_needs import needs_now, needs_of
from domain.ledger_react import on_their_way
from domain.meetings_ahead import needs
from domain.method import PUBLIC, Step
from domain.need import Need, Span
from domain.people_register import most_missed, most_unbriefed
from domain.reflection import extra_attention
from domain.response_numbers import together
from domain.sameness import once_for
from domain.state import Compensation, Dialogue
from domain.steps import is_done, is_ready

_SOON: Final = 7
"""How many days before its date a deadline of the organisation begins to show."""


def needs_attention(state: Dialogue, now: datetime | None = None) -> tuple[Need, ...]:
    """Give what has failed or can't go on by itself.

    With ``now``, in dialogue time, also what time alone brings: the organisation's
    deadlines that have passed (``deadline_passed``) or come within a week
    (``deadline_soon``), by their title, and meetings.
    """
    if now is None:
        return (*(span.need for span in _needs(state)), *needs_now(state))
    return tuple(span.need for span in needs_in_time(state) if span.holds(now))


def needs_in_time(state: Dialogue) -> tuple[Span, ...]:
    """Give all that needs a person now or will in time, if nothing else happens."""
    return (*_needs(state), *_dates(state), *needs_of(state), *needs(state))


def _dates(state: Dialogue) -> Iterator[Span]:
    for deadline in state.deadlines if not state.ended else ():
        last = date.fromisoformat(deadline.date)
        soon, over = (_begin(state.calendar, last, days) for days in (-_SOON, 1))
        yield Span("deadline_soon", deadline.title, soon, over)
        yield Span("deadline_passed", deadline.title, over)


def _begin(calendar: Calendar, day: date, later: int) -> datetime:
    """Give when the day so many days later begins: in UTC where no calendar says."""
    ordinal = day.toordinal() + later
    moved = date.fromordinal(max(1, min(ordinal, date.max.toordinal())))
    try:
        return to_instant(calendar, moved)
    except CalendarExhausted:
        return datetime.combine(moved, MIDNIGHT, UTC)


@once_for(lambda state: (state,))
def _needs(state: Dialogue) -> tuple[Span, ...]:
    return tuple(_found(state))


def _found(state: Dialogue) -> Iterator[Span]:
    # In an order of their own: a state kept as JSON has its members in any order.
    for compensation in sorted(state.compensations.values(), key=_last_done_first):
        if compensation.status == "failed":
            yield Span("compensation_failed", compensation.id)
    for effect in sorted(state.effects.values(), key=lambda e: (e.seq, e.id)):
        if effect.status == "failed":
            yield Span("message_failed", effect.id)
    live = state.open_windows()
    for name in (*state.plan.windows, *sorted(live.keys() - state.plan.windows.keys())):
        if name in live and live[name].audience != PUBLIC and not live[name].present:
            yield Span("nobody_invited", name)
    for role in state.plan.roles if not state.ended else ():
        if not_reached(state, role.id):
            yield Span("unreachable", role.id)
    for name in sorted(state.ledgers) if state.status != "archived" else ():
        if unheard(state, name):
            yield Span("answers_untold", name)
    yield from _about_people(state)
    if state.status not in {"cancelled", "archived"}:
        for name in sorted(unanswered(state).keys() - live.keys()):
            yield Span("unanswered", name)
    for step in state.plan.steps:
        current = state.round(step)
        if current is not None and current.to_reconfirm and _is_open(state, step):
            yield Span("to_reconfirm", step)
    for gate in in_doubt(state):
        yield Span("gate_in_doubt", gate)


def _about_people(state: Dialogue) -> Iterator[Span]:
    """Give who is owed a briefing and who was not reached: the first of each."""
    owed = most_unbriefed(state)
    if owed is not None and state.status not in {"cancelled", "archived"}:
        yield Span("to_brief", owed)
    waiting = None if state.ended else most_missed(state)
    if waiting is not None:
        yield Span("not_reached", waiting)


def not_reached(state: Dialogue, role: str) -> tuple[str, ...]:
    """Give the holders of a role whom messages do not reach."""
    return tuple(who for who in state.holders(role) if who in state.unreachable)


def unheard(state: Dialogue, window: str) -> int:
    """Give the responses of people asked by name whom their answer did not reach.

    What is being sent again is none of them. Who is of the public need not have an
    address, so that they were not reached asks nothing of anybody.
    """
    asked = state.plan.window(window)
    if asked is None or asked.audience == PUBLIC:
        return 0
    missed = (each.numbers for each in state.ledgers[window].untold.values())
    return together(missed) & ~on_their_way(state, window)


def _last_done_first(compensation: Compensation) -> tuple[int, str]:
    """Order compensations as they are carried out."""
    return -compensation.undoes_seq, compensation.id


def _is_open(state: Dialogue, step: str) -> bool:
    """Whether a step can be worked on now: it is under way, or may start."""
    current = state.round(step)
    if state.ended:
        return False
    started = current is not None and current.status == "started"
    return started or (state.status != "paused" and is_ready(state, step))


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


def progress(state: Dialogue, now: datetime | None = None) -> dict[str, Any]:
    """Give status, phase, steps, counts and the next deadline, as JSON.

    ``nextDeadline`` is when the next window closes: null while the dialogue is
    paused. For ``now`` see `needs_attention`.
    """
    counts = {step.id: item_counts(state, step) for step in state.plan.all_steps()}
    alarm = next_alarm(state)
    running = (run.closes for run in state.running_windows().values())
    closes = min(running, default=None)
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
        "extraAttention": [s for s in extra_attention(state) if not is_done(state, s)],
        "openWindows": len(state.open_windows()),
        "nextDeadline": written(closes) if closes else None,
        "nextAlarm": written(alarm) if alarm else None,
        "needsAttention": [need._asdict() for need in needs_attention(state, now)],
    }

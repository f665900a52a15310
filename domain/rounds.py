"""Rounds: what work on items and steps leaves in the state, side by side.

A part of `evolve`: these functions follow events, and decide nothing.
"""

from __future__ import annotations

from typing import Any, Literal

from domain.events import Event, StepCompleted, StepSkipped, StepStarted
from domain.state import Dialogue, Mark, Outcome, Round


def step_of(target: str) -> str:
    """Give the step of an item's or window's full id."""
    return target.split(".", 1)[0]


def _round(state: Dialogue, step: str, **changes: Any) -> Dialogue:  # noqa: ANN401
    rounds = state.steps[step]
    current = rounds[-1].model_copy(update=changes)
    return state.but(steps=state.steps | {step: (*rounds[:-1], current)})


def marked(
    state: Dialogue, items: tuple[str, ...], status: Outcome, event: Event
) -> Dialogue:
    """Mark items of one step in its current round."""
    step = step_of(items[0])
    mark = Mark(status=status, by=event.actor.id, at=event.at, seq=event.seq)
    marks = state.steps[step][-1].marks | dict.fromkeys(items, mark)
    return _round(state, step, marks=marks)


def reconfirmed(state: Dialogue, items: tuple[str, ...], event: Event) -> Dialogue:
    """Let marks stand again as they were made, by whom and when."""
    step = step_of(items[0])
    marks = dict(state.steps[step][-1].marks)
    for item in items:
        mark = marks[item]
        again = {"status": mark.was, "was": None, "reconfirmed": event.seq}
        marks[item] = mark.model_copy(update=again)
    return _round(state, step, marks=marks)


def _doubted(mark: Mark) -> Mark:
    """Give the mark as a revisit leaves it: waiting to be reconfirmed."""
    if mark.status == "to_reconfirm":
        return mark
    return mark.model_copy(update={"status": "to_reconfirm", "was": mark.status})


def unmarked(state: Dialogue, items: tuple[str, ...]) -> Dialogue:
    """Take marks away from items of one step."""
    step = step_of(items[0])
    marks = state.steps[step][-1].marks
    kept = {item: mark for item, mark in marks.items() if item not in items}
    return _round(state, step, marks=kept)


def step_changed(
    state: Dialogue, data: StepStarted | StepCompleted | StepSkipped, event: Event
) -> Dialogue:
    """Give a step its first round, or its current round another status."""
    match data:
        case StepStarted() if data.step in state.steps:
            return _round(state, data.step, status="started")
        case StepStarted():
            first = Round(number=data.round, status="started", since=event.seq)
            return state.but(steps=state.steps | {data.step: (first,)})
        case StepCompleted():
            return _round(state, data.step, status="completed", ended=event.seq)
        case StepSkipped() if data.step in state.steps:
            return _round(state, data.step, status="skipped", ended=event.seq)
        case StepSkipped():
            only = Round(
                number=data.round, status="skipped", since=event.seq, ended=event.seq
            )
            return state.but(steps=state.steps | {data.step: (only,)})


def new_round(
    state: Dialogue, step: str, status: Literal["started", "voided"], event: Event
) -> Dialogue:
    """End a round by a revisit; the next begins with its marks in doubt."""
    rounds = state.steps[step]
    over = rounds[-1].model_copy(update={"voided_by": event.seq})
    following = Round(
        number=over.number + 1,
        status=status,
        marks={item: _doubted(mark) for item, mark in over.marks.items()},
        since=event.seq,
    )
    return state.but(steps=state.steps | {step: (*rounds[:-1], over, following)})

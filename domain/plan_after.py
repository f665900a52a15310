"""What becomes of plan and tracks, event by event.

A part of `evolve`: these functions follow events, and decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.events import Event
from domain.plan_applying import amended
from domain.plan_changes import CopySteps, PlanChange
from domain.plan_facts import (
    Amendment,
    MethodMigrated,
    PlanAmended,
    PlanEvent,
    Track,
    TrackClosed,
    TrackOpened,
)
from domain.state import Dialogue


def after(state: Dialogue, data: PlanEvent, event: Event) -> Dialogue:
    """Give the state after an event about the plan."""
    match data:
        case PlanAmended():
            return _changed(state, data.changes, event)
        case TrackOpened():
            return _opened(state, data, event)
        case TrackClosed():
            return _track(state, data.track, status=data.outcome, closed=event.at)
        case MethodMigrated():
            return _migrated(state, data, event)


def _changed(state: Dialogue, changes: Sequence[PlanChange], event: Event) -> Dialogue:
    amendment = Amendment(seq=event.seq, changes=tuple(changes))
    return state.but(
        plan=amended(state.plan, changes), amendments=(*state.amendments, amendment)
    )


def _opened(state: Dialogue, data: TrackOpened, event: Event) -> Dialogue:
    change = CopySteps(
        track=data.track, title=data.title, steps=data.steps, joins=data.joins
    )
    track = Track(title=data.title, steps=data.copies, opened=event.at, seq=event.seq)
    state = _changed(state, [change], event)
    return state.but(tracks=state.tracks | {data.track: track})


def _track(state: Dialogue, name: str, **changes: object) -> Dialogue:
    track = state.tracks[name].model_copy(update=changes)
    return state.but(tracks=state.tracks | {name: track})


def _migrated(state: Dialogue, data: MethodMigrated, event: Event) -> Dialogue:
    if data.plan is None:
        message = "method_migrated needs the compiled method at hand"
        raise LookupError(message)
    plan = amended(data.plan, data.changes)
    amendment = Amendment(seq=event.seq, changes=data.changes)
    tracks = {
        name: track.model_copy(
            update={"steps": tuple(s for s in track.steps if s in plan.steps)}
        )
        for name, track in state.tracks.items()
    }
    return state.but(
        method=data.method,
        plan=plan,
        amendments=(amendment,) if data.changes else (),
        tracks=tracks,
    )


def reopened(state: Dialogue, step: str) -> Dialogue:
    """Open the track again that a step, to which the dialogue went back, is in."""
    for name, track in state.tracks.items():
        if step in track.steps and track.status != "open":
            return _track(state, name, status="open", closed=None)
    return state

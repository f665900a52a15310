"""The plan of a dialogue at the desk: how it stands, and what a change would do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from desk.desk import Desk
from desk.entries import entries
from desk.errors import Refused
from desk.migrating import with_method
from desk.overview import Overview, PhaseView, StepView, local, seen
from domain.clock import to_dialogue_time
from domain.errors import DomainError
from domain.facts import Instant
from domain.plan_changes import (
    AddItem,
    AddPhase,
    AddStep,
    AddWindow,
    ChangeItem,
    ChangeStep,
    ChangeWindow,
    CopySteps,
    MoveStep,
    PlanChange,
)
from domain.planning import preview_plan
from domain.state import Dialogue
from domain.steps import is_done
from domain.tracks import in_order
from storage.queries import events_at


async def preview(
    desk: Desk, stream: str, kind: str, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Say what a command about the plan would do. Raises `NotFound`, `Refused`."""
    state = await desk.dialogue(stream)
    told = await with_method(desk.library, kind, body)
    unsaid = {name: value for name, value in told.items() if name != "reason"}
    try:
        return preview_plan(state, kind, unsaid)
    except DomainError as error:
        raise Refused.of(error) from error


class Origin(NamedTuple):
    """What an event did to a part of the plan: added, changed, moved or copied it."""

    how: str
    seq: int


class PlanStep(NamedTuple):
    """A step of the plan: how it stands, what it builds on, where it comes from."""

    view: StepView
    needs: tuple[str, ...]
    track: str | None
    origins: tuple[Origin, ...]
    parts: dict[str, tuple[Origin, ...]]
    """The same of its items and windows, by their full id."""


class PlanPhase(NamedTuple):
    """A phase of the plan with its steps."""

    id: str
    title: str
    steps: tuple[PlanStep, ...]


class TrackView(NamedTuple):
    """A track: how many of its steps are done."""

    id: str
    title: str
    status: str
    done: int
    total: int


class ChangeView(NamedTuple):
    """An event that changed the plan: when, by whom, and its members as recorded."""

    seq: int
    at: datetime
    """On the dialogue's wall clock."""
    by: str
    members: dict[str, Any]


class PlanView(NamedTuple):
    """The plan of a dialogue, to be looked at."""

    view: Overview
    phases: tuple[PlanPhase, ...]
    tracks: tuple[TrackView, ...]
    changes: tuple[ChangeView, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The plan as JSON."""
        return {
            "dialogue": self.view.stream,
            "method": self.view.state.method.model_dump(mode="json"),
            "phases": [
                {
                    "id": phase.id,
                    "title": phase.title,
                    "steps": [_step_document(step) for step in phase.steps],
                }
                for phase in self.phases
            ],
            "tracks": [track._asdict() for track in self.tracks],
            "changes": [
                {
                    "seq": each.seq,
                    "type": each.members["type"],
                    "at": each.members["at"],
                    "by": each.by,
                    "data": each.members["data"],
                }
                for each in self.changes
            ],
        }


def _step_document(step: PlanStep) -> dict[str, Any]:
    view = step.view
    return {
        "id": view.id,
        "number": view.number,
        "title": view.title,
        "status": view.status,
        "round": view.round,
        "needs": list(step.needs),
        "track": step.track,
        "origins": [each._asdict() for each in step.origins],
        "items": [
            {"id": item.id, "title": item.title, "status": item.status}
            for item in view.items
        ],
        "windows": [
            {"id": window.id, "title": window.title, "status": window.status}
            for window in view.windows
        ],
    }


async def plan_now(desk: Desk, stream: str, lang: str) -> PlanView:
    """Look at the plan of a dialogue as it is now. Raises `NotFound`."""
    state = await desk.dialogue(stream)
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    return await plan_of(desk, stream, now, lang)


async def plan_of(desk: Desk, stream: str, now: Instant, lang: str) -> PlanView:
    """Look at the plan of a dialogue, at a moment of its clock. Raises `NotFound`."""
    state = await desk.dialogue(stream)
    return await plan_seen(desk, seen(stream, state, now, lang))


async def plan_seen(desk: Desk, view: Overview) -> PlanView:
    """Look at the plan of a dialogue that was read already."""
    state = view.state
    changes = tuple(await _changes(desk, view.stream, state))
    moves = {c.seq for c in changes if c.members["type"] == "method_migrated"}
    origins = _origins(state, moves)
    return PlanView(
        view=view,
        phases=tuple(_phase(state, phase, origins) for phase in view.phases),
        tracks=tuple(_tracks(state)),
        changes=changes,
    )


def _phase(
    state: Dialogue, phase: PhaseView, origins: Mapping[str, tuple[Origin, ...]]
) -> PlanPhase:
    steps = tuple(_step(state, step, origins) for step in phase.steps)
    return PlanPhase(phase.id, phase.title, steps)


def _step(
    state: Dialogue, step: StepView, origins: Mapping[str, tuple[Origin, ...]]
) -> PlanStep:
    tracks = (name for name, t in state.tracks.items() if step.id in t.steps)
    inside = (part.id for part in (*step.items, *step.windows))
    return PlanStep(
        view=step,
        needs=tuple(state.plan.steps[step.id].needs or ()),
        track=next(tracks, None),
        origins=origins.get(step.id, ()),
        parts={name: origins[name] for name in inside if name in origins},
    )


def _origins(state: Dialogue, moves: Collection[int]) -> dict[str, tuple[Origin, ...]]:
    """Give where parts come from; with a migration they were taken along."""
    found: dict[str, tuple[Origin, ...]] = {}
    for amendment in state.amendments:
        for change in amendment.changes:
            for part, how in _about(change):
                came = how == "added" and amendment.seq in moves
                origin = Origin("along" if came else how, amendment.seq)
                found[part] = (*found.get(part, ()), origin)
    return found


def _about(change: PlanChange) -> Iterator[tuple[str, str]]:
    """Give the parts that a change is about, and what it does to them."""
    match change:
        case AddStep():
            yield change.step.id, "added"
        case AddPhase():
            yield from ((step.id, "added") for step in change.phase.steps)
        case AddItem():
            yield f"{change.step}.{change.item.id}", "added"
        case AddWindow():
            yield f"{change.step}.{change.window.id}", "added"
        case ChangeStep():
            yield change.step, "changed"
        case MoveStep():
            yield change.step, "moved"
        case ChangeItem():
            yield change.item, "changed"
        case ChangeWindow():
            yield change.window, "changed"
        case CopySteps():
            yield from ((f"{step}--{change.track}", "copied") for step in change.steps)
        case _:
            return


def _tracks(state: Dialogue) -> Iterator[TrackView]:
    for name, track in in_order(state).items():
        done = sum(is_done(state, step) for step in track.steps)
        yield TrackView(name, track.title, track.status, done, len(track.steps))


async def _changes(desk: Desk, stream: str, state: Dialogue) -> list[ChangeView]:
    """Give the events that changed the plan, as recorded."""
    rows = await entries(desk, stream, "amendment")
    if not rows:
        return []
    found = await events_at(desk.pool, stream, (row.seq for row in rows))
    return [_change(state, event.seq, event.members) for event in found]


def _change(state: Dialogue, seq: int, members: dict[str, Any]) -> ChangeView:
    at = local(state, datetime.fromisoformat(members["at"]))
    return ChangeView(seq, at, members["actor"]["id"], members)

"""Tracks: chosen steps of the plan run side by side, each track with its own copies.

What comes after waits for every track that it joins. A track closes when its steps are
done, or stops with a reason: what was not done in it is left out then, and what it
asked people is closed. A gate that was left to the tracks can't get lost with the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from domain.amending import Obstacle, obstructing, placed_in, too_much
from domain.draft import Draft
from domain.errors import DomainError, ReasonMissing, UnknownStep
from domain.events import StepSkipped
from domain.gates_tracks import gates_lost
from domain.method_check import first_problem
from domain.plan_changes import CopySteps
from domain.plan_comparing import differences, shown
from domain.plan_copies import copy_of, with_copies
from domain.plan_errors import (
    CopyOfCopy,
    DoneStays,
    GateWouldBeLost,
    NameTooLong,
    PlanUnfit,
    TakenId,
    TrackExists,
    TrackIncomplete,
    TrackNotOpen,
    UnknownTrack,
)
from domain.plan_facts import CloseTrack, OpenTrack, Track, TrackClosed, TrackOpened
from domain.state import Dialogue
from domain.steps import is_done, listed
from domain.windows import closed

LONGEST_NAME: Final = 63
"""Characters that the id of a step may have."""


def open_track(draft: Draft, command: OpenTrack) -> None:
    """Open a track with copies of the chosen steps."""
    for error in _obstacles(draft.state, command):
        raise error
    change = _copying(draft.state, command)
    leaving = _left_to_tracks(draft.state, command)
    draft.happen(
        TrackOpened(
            track=change.track,
            title=change.title,
            steps=change.steps,
            copies=tuple(copy_of(step, change.track) for step in change.steps),
            joins=change.joins,
            reason=command.reason,
        )
    )
    for step in leaving:
        _leave_out(draft, step, command)


def _leave_out(draft: Draft, step: str, command: OpenTrack | CloseTrack) -> None:
    """Leave a step out, with the reason that was given for the whole."""
    if command.reason is None:
        raise ReasonMissing(because="steps are left out")
    current = draft.state.round(step)
    number = current.number if current else 1
    draft.happen(StepSkipped(step=step, round=number, reason=command.reason))


def _copying(state: Dialogue, command: OpenTrack) -> CopySteps:
    """Say which steps are copied, in the order of the plan, and who waits for them."""
    chosen = tuple(step for step in state.plan.steps if step in command.steps)
    joins = _joining(state, chosen) if command.joins is None else command.joins
    return CopySteps(
        track=command.track, title=command.title, steps=chosen, joins=joins
    )


def _left_to_tracks(state: Dialogue, command: OpenTrack) -> tuple[str, ...]:
    """Give the chosen steps that are left out, since they run in tracks only."""
    chosen = (step for step in state.plan.steps if step in command.steps)
    return tuple(s for s in chosen if command.instead and _not_begun(state, s))


def _joining(state: Dialogue, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Give the steps outside that build on a chosen one and are not done."""
    copies = {name for track in state.tracks.values() for name in track.steps}
    return tuple(
        step.id
        for step in state.plan.all_steps()
        if step.id not in chosen
        and step.id not in copies
        and {*(step.needs or ())} & {*chosen}
        and not is_done(state, step.id)
    )


def _obstacles(state: Dialogue, command: OpenTrack) -> Iterator[DomainError]:
    """Give all that stands in the way of a track."""
    named = tuple(_misnamed(state, command))
    yield from named
    if named:
        return
    if command.reason is None and _left_to_tracks(state, command):
        yield ReasonMissing(because="steps are left out")
    change = _copying(state, command)
    plan = with_copies(state.plan, change)
    if found := first_problem(plan):
        where = placed_in(plan, found.path)
        yield PlanUnfit.of(where, found.message, found.remedy)
    yield from too_much(state, [change])


def _misnamed(state: Dialogue, command: OpenTrack) -> Iterator[DomainError]:
    """Give what is wrong with the steps that are named, and with the track's id."""
    steps = state.plan.steps
    if command.track in state.tracks:
        yield TrackExists(track=command.track)
    copies = {name for track in state.tracks.values() for name in track.steps}
    for step in (*command.steps, *(command.joins or ())):
        if step not in steps:
            yield UnknownStep(step=step, known=", ".join(steps))
    for step in command.steps:
        name = copy_of(step, command.track)
        if step in copies:
            yield CopyOfCopy(step=step)
        if len(name) > LONGEST_NAME:
            yield NameTooLong(name=name, limit=LONGEST_NAME)
        if name in steps and command.track not in state.tracks:
            yield TakenId(kind="step", part=name)
    for step in command.joins or ():
        current = state.round(step)
        if current is not None and is_done(state, step):
            yield DoneStays(part=step, step=step, status=current.status)


def _not_begun(state: Dialogue, step: str) -> bool:
    current = state.round(step)
    return current is None or current.status == "voided"


def preview_track(state: Dialogue, command: OpenTrack) -> dict[str, Any]:
    """Say what opening a track would do, without doing it.

    Gives ``possible`` and ``obstacles``, what is ``added`` and who ``waits`` for it,
    the steps it ``leaves`` out, and the steps that are done already, which would have
    to be returned to if they should wait for the track (``revisit``).
    """
    against = tuple(_obstacles(state, command))
    named = not any(_misnamed(state, command))
    plan = with_copies(state.plan, _copying(state, command)) if named else state.plan
    chosen = {*command.steps} & {*state.plan.steps}
    behind = (
        step.id
        for step in state.plan.all_steps()
        if chosen & {*(step.needs or ())} and is_done(state, step.id)
    )
    return {
        "possible": not against,
        "obstacles": [obstructing(Obstacle(0, error)) for error in against],
        **shown(differences(state.plan, plan), state.plan, plan),
        "leaves": list(_left_to_tracks(state, command)),
        "revisit": [step for step in behind if step not in chosen],
    }


def known_track(state: Dialogue, track: str) -> Track:
    """Give a track, or say which there are."""
    if track not in state.tracks:
        raise UnknownTrack(track=track, known=", ".join(in_order(state)) or "none")
    return state.tracks[track]


def in_order(state: Dialogue) -> dict[str, Track]:
    """Give the tracks in the order in which they were opened."""
    # A state kept as JSON has its members in any order.
    return dict(sorted(state.tracks.items(), key=lambda pair: pair[1].seq))


def close_track(draft: Draft, command: CloseTrack) -> None:
    """Close a track that is complete, or stop one with a reason."""
    track = known_track(draft.state, command.track)
    if track.status != "open":
        raise TrackNotOpen(track=command.track, status=track.status)
    live = _asking(draft.state, track)
    # A copy that was dropped from the plan is nothing to be done any more.
    there = (step for step in track.steps if step in draft.state.plan.steps)
    undone = tuple(step for step in there if not is_done(draft.state, step))
    if (undone or live) and command.reason is None:
        raise TrackIncomplete(track=command.track, missing=listed((*undone, *live)))
    _check_gates(draft.state, command.track, undone)
    for name in live:
        run = draft.state.open_windows()[name]
        early = draft.state.paused_at is not None or draft.by.at < run.closes
        draft.happen(closed(name, run, early=early))
    for step in undone:
        _leave_out(draft, step, command)
    draft.happen(
        TrackClosed(
            track=command.track,
            outcome="stopped" if undone or live else "complete",
            reason=command.reason,
        )
    )


def _asking(state: Dialogue, track: Track) -> tuple[str, ...]:
    """Give the windows that a track has open."""
    live = state.open_windows()
    return tuple(name for name in live if name.split(".", 1)[0] in track.steps)


def _check_gates(state: Dialogue, stopping: str, undone: tuple[str, ...]) -> None:
    """Raise where a gate would be passed nowhere, its step being left to the tracks."""
    for copy in undone:
        original = copy.removesuffix(copy_of("", stopping))
        current = state.round(original)
        if current is None or current.status != "skipped":
            continue
        for item in state.plan.steps[copy].items:
            others = (
                copy_of(original, name)
                for name, track in state.tracks.items()
                if name != stopping and copy_of(original, name) in track.steps
            )
            if item.gate and not any(_may_pass(state, o, item.id) for o in others):
                raise GateWouldBeLost(item=f"{copy}.{item.id}")
        lost = gates_lost(state, original, stopping)
        if lost:
            raise GateWouldBeLost(item=f"{copy}.{lost[0]}")


def _may_pass(state: Dialogue, step: str, item: str) -> bool:
    """Whether a gate was passed in a step, or can be yet."""
    current = state.round(step)
    mark = current.marks.get(f"{step}.{item}") if current else None
    return not is_done(state, step) or (mark is not None and mark.status == "completed")

"""Changes of the plan and tracks as rows: what was changed when, how a track stands."""

from __future__ import annotations

from collections.abc import Iterator

from domain.entry import Entry, said
from domain.events import AnyEvent, Event, StepRevisited, StepVoided
from domain.facts import written
from domain.plan_facts import MethodMigrated, PlanAmended, TrackClosed, TrackOpened
from domain.state import Dialogue


def entries_of(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give rows of kind ``amendment``, one for each event, and ``track``."""
    match data:
        case PlanAmended() | MethodMigrated():
            return (_changed(event), *_steps(after))
        case TrackOpened():
            told = {
                **said(event, "title", "joins", "reason"),
                "steps": list(data.copies),
                "of": list(data.steps),
                "status": "open",
                "opened": written(event.at),
                "closed": None,
            }
            return (_changed(event), Entry("track", data.track, told))
        case TrackClosed():
            ended = {"status": data.outcome, "closed": written(event.at)}
            told = {**ended, **said(event, "reason")}
            return (_changed(event), Entry("track", data.track, told))
        case StepRevisited(step=step) | StepVoided(step=step):
            return tuple(
                Entry("track", name, {"status": track.status, "closed": None})
                for name, track in after.tracks.items()
                if step in track.steps
            )
        case _:
            return ()


def _changed(event: Event) -> Entry:
    """Give the row of an event that changed the plan; what it did, the event says."""
    told = {"type": event.type, "at": written(event.at), "by": event.actor.id}
    return Entry("amendment", f"a{event.seq}", told)


def _steps(after: Dialogue) -> Iterator[Entry]:
    """Give the steps that each track has left."""
    for name, track in after.tracks.items():
        yield Entry("track", name, {"steps": list(track.steps)})

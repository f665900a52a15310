"""Each method that Polder ships can be carried out, to the end and back again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from calendars.compilation import compile_calendar
from domain.commands import (
    AnyCommand,
    CloseWindow,
    CompleteDialogue,
    CompleteItems,
    CompleteStep,
    OpenWindow,
    RevisitStep,
    SkipStep,
    StartDialogue,
    StartStep,
)
from domain.decide import decide
from domain.evolve import fold
from domain.facts import Actor, Cause, Private
from domain.method import CLOCK, Step
from domain.state import Dialogue
from evidence.canonical import content_hash
from methods.load import LoadedMethod, shipped

BECAUSE = Private(commitment="0" * 64)
DIRECTOR = Actor(id="p-1", role="process_director")
THE_CLOCK = Actor(id="polder", role=CLOCK, via="timer")


class Run:
    """A dialogue that is carried out by its process director, a day per command."""

    def __init__(self, loaded: LoadedMethod) -> None:
        """Start the dialogue, with one person in every other role that responds."""
        self.method = loaded.method
        self._numbers = count(1)
        self._events = decide(None, self._start(loaded), self._by(DIRECTOR))

    @property
    def state(self) -> Dialogue:
        """The dialogue as its events make it."""
        state = fold(self._events)
        assert state
        return state

    def do(self, command: AnyCommand, who: Actor = DIRECTOR) -> None:
        """Send a command; a refusal fails the test."""
        self._events += decide(self.state, command, self._by(who))

    def carry_out(self, step: Step) -> None:
        """Do all that the step asks for, and complete it."""
        if step.undescribed:
            self.do(SkipStep(step=step.id, reason=BECAUSE))
            return
        self.do(StartStep(step=step.id))
        self.do(CompleteItems(items=tuple(f"{step.id}.{i.id}" for i in step.items)))
        for window in (f"{step.id}.{w.id}" for w in step.windows):
            self.do(OpenWindow(window=window))
            while self.state.windows[window][-1].closes > self._now():
                next(self._numbers)
            self.do(CloseWindow(window=window), THE_CLOCK)
        self.do(CompleteStep(step=step.id))

    def _start(self, loaded: LoadedMethod) -> StartDialogue:
        days = compile_calendar("NL", "Europe/Amsterdam", 2026, 3)
        compiled = {
            "method": loaded.method,
            "method_hash": loaded.hash,
            "calendar": days,
            "calendar_hash": content_hash(days.model_dump(mode="json")),
        }
        others = (r.id for r in loaded.method.roles if "steer" not in r.may)
        start = {
            "method": loaded.method.id,
            "title": "Parkzicht",
            "roles": {role: [f"p-{role}"] for role in others},
            "compiled": compiled,
        }
        return StartDialogue.model_validate(start)

    def _by(self, who: Actor) -> Cause:
        number = next(self._numbers)
        at = datetime(2026, 11, 21, 9, tzinfo=UTC) + timedelta(days=number)
        return Cause(stream="waterdam:parkzicht", id=f"c-{number}", actor=who, at=at)

    def _now(self) -> datetime:
        return self._by(DIRECTOR).at


@pytest.mark.parametrize("name", shipped())
def test_every_step_can_be_completed_and_then_the_dialogue(name: str) -> None:
    """From the first step to the last, with every window held, all goes well."""
    run = Run(shipped()[name])
    for step in run.method.all_steps():
        run.carry_out(step)
    run.do(CompleteDialogue())
    assert run.state.status == "completed"


@pytest.mark.parametrize("name", shipped())
def test_going_back_to_the_start_undoes_all_that_went_outside(name: str) -> None:
    """A return to the first step plans every compensation of the method, last first."""
    run = Run(shipped()[name])
    steps = [*run.method.all_steps()]
    for step in steps:
        run.carry_out(step)
    run.do(RevisitStep(step=steps[0].id, reason=BECAUSE))
    rules = [
        f"{step.id}.{rule.undoes}"
        for step in steps
        for rule in step.revisit.compensations
    ]
    planned = run.state.compensations
    assert sorted(c.undoes for c in planned.values()) == sorted(rules)
    assert all(c.recipients for c in planned.values())

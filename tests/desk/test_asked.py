"""What is kept of what needs whom says at every moment what the whole states say."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant

from domain.alarms import CLOCK_ACTOR
from domain.asked import Asked, asked
from domain.commands import ReportEffect
from domain.state import Dialogue
from examples.acts import FAILED, Do, Organisation
from examples.scenario import Scenario, cases, shipped
from tests.desk.listed import tasks
from tests.desk.test_advice import STORIES
from tests.desk.whole_states import whole_tasks
from tests.domain.machine import DialogueMachine
from tests.domain.story import STREAM
from tests.domain.test_machine import LONG
from tests.examples.rehearsing import Rehearsal

TICK = timedelta(microseconds=1)


def moments(whole: Asked, now: datetime, most: int) -> set[datetime]:
    """Give now, and moments around what time alone brings, the nearest ones first."""
    found = {at for a in whole.asks.values() for at in (a.since, a.until) if at}
    near = sorted(found, key=lambda at: (at < now, abs(at - now)))[:most]
    later = now + timedelta(days=8)
    return {now, later, *near, *(at - TICK for at in near)}


def compare(state: Dialogue, now: datetime, most: int = 1_000) -> None:
    """Ask both for everybody's list at several moments."""
    whole = asked(state)
    readers = {None, *(who for held in state.roles.values() for who in held)}
    for at in moments(whole, now, most):
        for reader in readers:
            kept = tasks(STREAM, state, at, "nl", reader, whole=whole)
            said = [*whole_tasks(STREAM, state, at, "nl", reader)]
            assert sorted(kept, key=repr) == sorted(said, key=repr), (at, reader)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_asks_what_its_state_says(name: str) -> None:
    """Of everybody, now and in time."""
    compare(STORIES[name].state, STORIES[name].now)


class Watched(Rehearsal):
    """A case that is compared all along, and in which each compensation fails once."""

    compared = 0

    def _do(self, number: int, act: Do) -> None:
        if act.body.get("compensation") == FAILED:
            assert self.state is not None
            owed = next(e for e in self.state.effects.values() if e.compensation)
            report = ReportEffect(
                effect=owed.id,
                attempt=owed.attempt,
                succeeded=False,
                problem="no_answer",
            )
            self._send(report, CLOCK_ACTOR)
            compare(self.state, self.now)
            act = act.model_copy(update={"body": {"compensation": owed.compensation}})
        super()._do(number, act)
        if number % 4 == 0 and self.state is not None:
            compare(self.state, self.now, 2)
            self.compared += 1

    def _suspend(self, act: Organisation) -> None:
        super()._suspend(act)
        assert self.state is not None
        compare(self.state, self.now)


@pytest.mark.parametrize("one", [*cases(), *shipped()], ids=lambda one: one.id)
def test_a_dialogue_that_comes_along_asks_what_its_state_says(one: Scenario) -> None:
    """All along its way: of everybody, now and in time."""
    watched = Watched(one)
    watched.run()
    assert watched.state is not None
    assert watched.compared
    compare(watched.state, watched.now)


class AskedMachine(DialogueMachine):
    """Whatever comes to a dialogue, what is kept is what the whole state says."""

    steps = 0

    @invariant()
    def asks_the_same(self) -> None:
        """Of everybody, now and around what is next to come."""
        self.steps += 1
        if self.held is not None and (LONG or self.steps % 5 == 0):
            compare(self.held, self.now, 2)

    def teardown(self) -> None:
        """At the end around all that is to come."""
        super().teardown()
        if self.held is not None:
            compare(self.held, self.now)


TestAsked = AskedMachine.TestCase
TestAsked.settings = settings(
    max_examples=1_000 if LONG else 40,
    stateful_step_count=60 if LONG else 25,
)

"""However often a plan is amended, moved and run in tracks: what was done stays.

``HYPOTHESIS_PROFILE=long`` looks for minutes instead of seconds.
"""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.commands import AnyCommand, CompleteItems, CompleteStep, OpenWindow
from domain.facts import Private
from domain.plan_facts import AmendPlan, MigrateMethod, OpenTrack
from domain.planning import preview_plan
from domain.steps import is_done, is_ready
from tests.domain import wishes_plans
from tests.domain.changes import changes
from tests.domain.machine import DialogueMachine
from tests.domain.story import SAID, SYSTEM

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"


class PlanMachine(DialogueMachine):
    """A dialogue whose plan keeps changing, on top of everything else."""

    @property
    def ready(self) -> list[str]:
        """The steps that could start now."""
        return [s for s in self.state.plan.steps if is_ready(self.state, s)]

    def ask_first(self, kind: str, command: AnyCommand) -> None:
        """Send a command about the plan; the preview tells whether it is obeyed."""
        body = command.model_dump(mode="json")
        body["reason"] = Private(commitment="0" * 64)
        preview = preview_plan(self.state, kind, body)
        obeyed = self.send(command, SYSTEM)
        may = self.state.status in {"running", "paused"} or obeyed
        assert obeyed == (preview["possible"] and may), "the preview tells the truth"

    @rule(wish=wishes_plans.amendments)
    def amend(self, wish: AmendPlan) -> None:
        """The system amends the plan."""
        self.ask_first("amend_plan", wish)

    @rule(data=st.data(), number=st.integers(1, 99))
    def amend_what_there_is(self, data: st.DataObject, number: int) -> None:
        """The system changes parts that the plan has, most of them not done yet."""
        steps = [s for s in self.state.plan.steps if not is_done(self.state, s)]
        told = wishes_plans.about(self.state.plan, steps or ["brief"], number)
        some = data.draw(st.lists(told, min_size=1, max_size=2))
        wish = AmendPlan(changes=changes(*some), reason=SAID)
        self.ask_first("amend_plan", wish)

    @rule(wish=wishes_plans.tracks)
    def open_track(self, wish: OpenTrack) -> None:
        """The system opens a track."""
        self.ask_first("open_track", wish)

    @rule(wish=wishes_plans.migrations)
    def migrate(self, wish: MigrateMethod) -> None:
        """The system goes over to another version."""
        self.ask_first("migrate_method", wish)

    @rule(wish=wishes_plans.closings)
    def close(self, wish: AnyCommand) -> None:
        """The system closes a track, or stops it."""
        self.send(wish, SYSTEM)

    @precondition(lambda self: self.ready)
    @rule(data=st.data(), ends=st.booleans())
    def work_anywhere(self, data: st.DataObject, *, ends: bool) -> None:
        """The system works on a step that is ready, whichever plan it came from."""
        step = data.draw(st.sampled_from(self.ready))
        self.send(CompleteItems(step=step), SYSTEM)
        for window in self.state.plan.steps[step].windows:
            self.send(OpenWindow(window=f"{step}.{window.id}"), SYSTEM)
            self.until_closed(f"{step}.{window.id}")
        if ends:
            self.send(CompleteStep(step=step, note=SAID), SYSTEM)


TestPlan = PlanMachine.TestCase
TestPlan.settings = settings(
    max_examples=2000 if LONG else 60,
    stateful_step_count=80 if LONG else 30,
)

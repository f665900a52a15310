"""A witness watches every event and keeps account apart from the core.

What it counts, it counts from commands and events alone, so that a core that miscounts
is found out. `docs/invariants.md` says in words what is checked here; each invariant
has its name there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.agreement_facts import RemindAgreement
from domain.alarms import due
from domain.calendar import Calendar
from domain.commands import AnyCommand, RecordResponse
from domain.events import (
    AudienceReminded,
    CompensationCompleted,
    CompensationFailed,
    CompensationPlanned,
    CompensationStarted,
    CompensationWaived,
    DialoguePaused,
    DialogueResumed,
    EffectCompleted,
    EffectWaived,
    Event,
    ItemsCompleted,
    ResponseRecorded,
    StepCompleted,
    StepRevisited,
    StepVoided,
    WindowOpened,
    WindowVoided,
    from_body,
    to_data,
)
from domain.evolve import evolve, fold
from domain.facts import written
from domain.interest_facts import paired
from domain.method import Method
from domain.plan_facts import MethodMigrated, PlanEvent
from domain.react import react
from domain.rights import may_steer
from domain.state import Dialogue, Round, thick, thin
from domain.suspension_facts import DialogueSuspended, SuspensionLifted
from tests.domain.gate_witness import GateWitness
from tests.domain.harvest_witness import HarvestWitness
from tests.domain.ledger_witness import LedgerWitness
from tests.domain.story import start

MAX_EVENT_BYTES = 32 * 1024


class Witness:
    """The account so far."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._gates = GateWitness()
        self.bodies: dict[str, str] = {}
        self.ledger = LedgerWitness()
        self.harvest = HarvestWitness()
        self._owed: set[str] = set()
        self._planned: dict[str, CompensationPlanned] = {}
        self._done: set[tuple[str, int | None, int]] = set()
        self._waiting: set[str] = set()
        self._busy: set[str] = set()
        self._counted: Counter[tuple[str, int, bool]] = Counter()
        self._answered: set[tuple[str, int, str]] = set()
        self._over: dict[tuple[str, int], Round] = {}
        self._left: dict[str, timedelta] = {}
        self._moved: dict[tuple[str, int], tuple[int, datetime]] = {}
        self._state: Dialogue | None = None
        self._folded = 0

    def sees(self, before: Dialogue | None, event: Event, after: Dialogue) -> None:
        """Take one event into account, and check what must hold of it."""
        self.events.append(event)
        self.ledger.sees(event.data, before)
        self.harvest.sees(event.data, before)
        assert event.seq == len(self.events) == after.version, "gapless"
        data, _ = to_data(event)
        assert len(json.dumps(data).encode()) <= MAX_EVENT_BYTES, "small events"
        self._gates.sees(event)
        self._of_effects(event, after)
        self._of_compensations(event)
        if before is not None:
            self._of_windows(before, event, after)
            self._of_steps(before, event, after)
            self._of_plan(before, event, after)

    def hears(self, command: AnyCommand, event: Event, before: Dialogue) -> None:
        """Check an event against the wish it follows from."""
        match event.data, command:
            case ResponseRecorded() as data, RecordResponse():
                received = data.received_at
                if received != (command.received_at or event.at):
                    assert received == event.at, "late is what was received late"
                    assert not may_steer(before, event.actor), (
                        "late is what was received late"
                    )
                runs = before.windows[data.window]
                run = next(each for each in runs if each.run == data.run)
                still = run.status == "open" and before.status == "paused"
                late = received >= run.closes and not still
                assert data.late == late, "late is what was received late"
                assert run.opened <= received, "a response has its opening"
            case _:
                pass

    def _of_effects(self, event: Event, after: Dialogue) -> None:
        self._owed |= {effect.id for effect in react(after, event)}
        match event.data:
            case EffectCompleted() | EffectWaived() as data:
                self._owed.discard(data.effect)
            case CompensationCompleted() | CompensationFailed() as data:
                self._owed.discard(data.compensation)
            case _:
                pass
        assert self._owed == set(after.effects), "owed is what was asked, not yet done"

    def _of_compensations(self, event: Event) -> None:
        match event.data:
            case CompensationPlanned() as data:
                act = (data.undoes, data.run, data.undoes_seq)
                assert act not in self._done, "nothing is planned twice"
                self._done.add(act)
                self._planned[data.compensation] = data
                self._waiting.add(data.compensation)
            case CompensationStarted(attempt=1) as data:
                last = max(self._planned[c].undoes_seq for c in self._waiting)
                mine = self._planned[data.compensation].undoes_seq
                assert mine == last, "what was done last is undone first"
                self._waiting.remove(data.compensation)
                self._busy.add(data.compensation)
            case CompensationCompleted() | CompensationWaived() as data:
                self._busy.remove(data.compensation)
            case _:
                pass
        assert len(self._busy) <= 1, "one compensation at a time"

    def _of_windows(self, before: Dialogue, event: Event, after: Dialogue) -> None:
        match event.data:
            case WindowOpened():
                assert before.status == "running", "no window opens in a pause"
            case ResponseRecorded() as data:
                self._counted[data.window, data.run, data.late] += 1
                self._answered.add((data.window, data.run, data.respondent))
            case AudienceReminded() as data:
                for who in data.silent:
                    answered = (data.window, data.run, who) in self._answered
                    assert not answered, "only the silent are reminded"
            case DialoguePaused() | DialogueSuspended() if before.status == "running":
                self._left = {
                    name: run.closes - event.at
                    for name, run in after.open_windows().items()
                }
            case DialogueResumed() | SuspensionLifted() if after.status == "running":
                left = {
                    name: run.closes - event.at
                    for name, run in after.open_windows().items()
                }
                if isinstance(event.data, DialogueResumed):
                    assert left == self._left, "a pause takes nothing and gives nothing"
                less = [n for n, span in left.items() if span < self._left[n]]
                assert not less, "a suspension takes nothing"
            case _:
                pass

    def _of_steps(self, before: Dialogue, event: Event, after: Dialogue) -> None:
        match event.data:
            case StepVoided(step=step) | StepRevisited(step=step):
                old, new = after.steps[step][-2:]
                assert old.marks.keys() == new.marks.keys(), "marks live on"
                assert old.voided_by == event.seq, "marks live on"
                self._over[step, old.number] = old
            case ItemsCompleted() as data:
                step = data.items[0].split(".")[0]
                current = after.steps[step][-1]
                assert current.number == data.round, "an item has its round"
                for item in data.items:
                    assert current.marks[item].seq == event.seq, "an item has its mark"
            case StepCompleted(step=step):
                self._check_complete(before, step)
            case WindowVoided() as data:
                runs = after.windows[data.window]
                run = next(each for each in runs if each.run == data.run)
                assert run.status == "voided", "a voided step has no open window"
            case _:
                pass

    def _of_plan(self, before: Dialogue, event: Event, after: Dialogue) -> None:
        if isinstance(event.data, PlanEvent):
            for name in ("steps", "windows", "roles", "effects", "compensations"):
                same = getattr(before, name) == getattr(after, name)
                assert same, "a change of the plan changes nothing that was done"

    def _check_complete(self, before: Dialogue, step: str) -> None:
        current = before.round(step)
        marks = current.marks if current else {}
        for item in before.plan.steps[step].items:
            mark = marks.get(f"{step}.{item.id}")
            done = mark is not None and mark.status != "to_reconfirm"
            assert done or not item.required, "a step completes when it is done"

    def looks_at(self, state: Dialogue) -> None:
        """Check what must hold of a state between two commands."""
        self._look_at_windows(state)
        self._look_at_plan(state)
        self.ledger.looks_at(state)
        self.harvest.looks_at(state)
        for (step, number), then in self._over.items():
            assert state.steps[step][number - 1] == then, "rounds lie side by side"
        if state.status == "paused":
            last = datetime.max.replace(tzinfo=state.started.tzinfo)
            asked = [command for _, command in due(state, last)]
            of_windows = [c for c in asked if not isinstance(c, RemindAgreement)]
            assert of_windows == [], "a pause has no alarm of a window"
        for name in state.relations:
            both = {*paired(name)}
            assert both <= state.interests.keys(), "a relation has two interests"
        causes = {event.cause for event in self.events}
        assert len(state.handled) == len(causes), "every cause is remembered"

    def _look_at_plan(self, state: Dialogue) -> None:
        plan = state.plan
        for step, rounds in state.steps.items():
            assert step in plan.steps, "what was done has its part in the plan"
            for item in (name for each in rounds for name in each.marks):
                known = item in plan.items or item in plan.sub_items
                assert known, "what was done has its part in the plan"
        for window in state.windows:
            assert plan.window(window), "what was done has its part in the plan"

    def _look_at_windows(self, state: Dialogue) -> None:
        for window, runs in state.windows.items():
            owner = state.round(window.split(".")[0])
            assert owner is not None
            for run in runs:
                if run.status == "open":
                    assert owner.status in {"started", "completed"}, (
                        "a voided step has no open window"
                    )
                    assert run.round == owner.number, "a voided step has no open window"
                if run.status == "open":
                    self._look_at_run(window, run.run, run.generation, run.closes)
                for late, count in ((False, run.on_time), (True, run.late)):
                    counted = self._counted[window, run.run, late]
                    assert count == counted, "every response counts once"

    def _look_at_run(
        self, window: str, run: int, generation: int, closes: datetime
    ) -> None:
        before = self._moved.get((window, run))
        if before is not None:
            assert generation >= before[0], "a closing moves with its generation"
            moved_later = closes > before[1]
            assert not moved_later or generation > before[0], (
                "a closing moves with its generation"
            )
        self._moved[window, run] = (generation, closes)

    def rebuilds(self, state: Dialogue) -> None:
        """Check that the record alone gives the state, and that JSON loses nothing."""
        contents = self._contents(state)
        self._is_record(fold(_read(self.events, contents)), state)
        self._survives_json(state, contents)

    def carries(self, state: Dialogue) -> Dialogue:
        """Check the same between two runs; give the state that the next goes on from.

        What was folded at an earlier one is not folded again before the end.
        """
        contents = self._contents(state)
        for event in _read(self.events[self._folded :], contents):
            self._state = evolve(self._state, event)
        self._folded = len(self.events)
        self._is_record(self._state, state)
        return self._survives_json(state, contents)

    def _contents(self, state: Dialogue) -> dict[str, Method | Calendar]:
        compiled = start().compiled
        assert compiled is not None
        return {
            compiled.method_hash: compiled.method,
            compiled.calendar_hash: compiled.calendar,
            "0" * 64: state.calendar,
            **{
                event.data.method.hash: event.data.plan
                for event in self.events
                if isinstance(event.data, MethodMigrated) and event.data.plan
            },
        }

    def _is_record(self, again: Dialogue | None, state: Dialogue) -> None:
        assert again is not None
        renewed = again.model_copy(update={"calendar": state.calendar})
        assert renewed == state, "the record alone gives the state"

    def _survives_json(
        self, state: Dialogue, contents: Mapping[str, Method | Calendar]
    ) -> Dialogue:
        whole = Dialogue.model_validate_json(state.model_dump_json())
        assert whole == state, "JSON loses nothing"
        small = json.loads(json.dumps(thin(state)))
        base = contents[state.method.hash]
        assert isinstance(base, Method)
        held = thick(small, base, state.calendar, state.handled)
        assert held == state, "JSON loses nothing"
        return whole


def _read(
    events: Sequence[Event], contents: Mapping[str, Method | Calendar]
) -> list[Event]:
    return [from_body(_body(event), contents) for event in events]


def _body(event: Event) -> dict[str, object]:
    data, private = to_data(event)
    text = json.dumps(data)
    return {
        "seq": event.seq,
        "type": event.type,
        "at": written(event.at),
        "actor": event.actor.model_dump(),
        "mandate": None,
        "cause": event.cause,
        "data": json.loads(text),
        "private": private,
    }

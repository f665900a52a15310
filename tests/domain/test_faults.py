"""A fault that is planted in the core is noticed, by the machine or by a named test.

Without this a suite that passes says little: it might pass whatever the core does.
"""

# ruff: noqa: SLF001 (a fault is planted inside)
# pyright: reportPrivateUsage=false, reportUnknownLambdaType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from domain import (
    alarms,
    consequences,
    coverage,
    debts,
    decide,
    draft,
    harvest_after,
    life,
    people,
    responses,
    revisit,
    rounds,
    runs,
    steps,
    suspending,
)
from domain.draft import Draft
from domain.errors import DomainError
from domain.events import (
    CompensationStarted,
    Event,
    ResponseRecorded,
)
from domain.harvest_state import Harvest, Report
from domain.harvest_undone import Questioned
from domain.ledger_facts import Ledger
from domain.reporting_facts import ReportPublished
from domain.state import Dialogue, WindowRun
from tests.domain import (
    test_agreements,
    test_checklist,
    test_harvest,
    test_ledger,
    test_revisit,
    test_windows,
)
from tests.domain.machine import DialogueMachine

SMALL = settings(
    max_examples=120,
    stateful_step_count=30,
    phases=[Phase.generate],
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Enough to find each of these, and the same every time."""

Plant = Callable[[pytest.MonkeyPatch], None]
Test = Callable[[], None]
FAULTS: dict[str, tuple[Plant, str | Test]] = {}


def fault(notices: str | Test) -> Callable[[Plant], Plant]:
    """Keep a fault under its name, with the invariant or the test that notices it."""

    def keep(plant: Plant) -> Plant:
        FAULTS[plant.__name__] = (plant, notices)
        return plant

    return keep


@fault("a voided step has no open window")
def a_revisit_forgets_the_windows(patch: pytest.MonkeyPatch) -> None:
    """Windows of voided steps stay open."""
    patch.setattr(consequences, "_windows", lambda *_: iter(()))


@fault("what was done last is undone first")
def compensations_run_forward(patch: pytest.MonkeyPatch) -> None:
    """What was done first is undone first."""

    def advance(story: Draft) -> None:
        queue = story.state.compensations.values()
        planned = [c for c in queue if c.status == "planned"]
        if planned and not any(c.status in {"started", "failed"} for c in queue):
            first = min(planned, key=lambda c: c.undoes_seq)
            story.happen(CompensationStarted(compensation=first.id, attempt=1))

    patch.setattr(revisit, "advance", advance)


@fault("one compensation at a time")
def compensations_run_all_at_once(patch: pytest.MonkeyPatch) -> None:
    """None waits for the one before."""

    def advance(story: Draft) -> None:
        for each in sorted(
            (c for c in story.state.compensations.values() if c.status == "planned"),
            key=lambda c: -c.undoes_seq,
        ):
            story.happen(CompensationStarted(compensation=each.id, attempt=1))

    patch.setattr(revisit, "advance", advance)


@fault("nothing is planned twice")
def a_queued_compensation_is_planned_again(patch: pytest.MonkeyPatch) -> None:
    """A second revisit looks at windows that the first has voided already."""

    def windows(state: Dialogue, step: str) -> Any:  # noqa: ANN401 (an iterator)
        for window in state.plan.steps[step].windows:
            for run in state.windows.get(f"{step}.{window.id}", ()):
                yield consequences.VoidedWindow(f"{step}.{window.id}", run)

    patch.setattr(consequences, "_windows", windows)


@fault("once is once")
def an_id_works_twice(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether an id was handled."""
    patch.setattr(decide, "was_handled", lambda *_: False)


@fault("every cause is remembered")
def digests_are_dropped(patch: pytest.MonkeyPatch) -> None:
    """The first event of a command does not carry the digest of its body."""

    class Forgetful(draft.Draft):
        def happen(self, *facts: Any) -> None:  # noqa: ANN401 (any event)
            self.by = self.by.model_copy(update={"digest": "0" * 16})
            super().happen(*facts)
            self.events[:] = [
                event.model_copy(update={"digest": None}) for event in self.events
            ]

    patch.setattr(decide, "Draft", Forgetful)


@fault("late is what was received late")
def late_is_judged_when_it_is_processed(patch: pytest.MonkeyPatch) -> None:
    """An outage makes people late."""

    def received(story: Draft, *_: Any) -> Any:  # noqa: ANN401
        return story.by.at

    patch.setattr(responses, "_received", received)


@fault("a pause has no alarm")
def a_pause_keeps_the_clock_running(patch: pytest.MonkeyPatch) -> None:
    """Windows close while the dialogue stands still."""
    ask = alarms._alarms

    def always(state: Dialogue) -> Any:  # noqa: ANN401 (an iterator)
        return ask(state.model_copy(update={"status": "running"}))

    patch.setattr(alarms, "_alarms", always)


@fault("a pause takes nothing and gives nothing")
def a_pause_takes_the_time_it_lasts(patch: pytest.MonkeyPatch) -> None:
    """Resuming leaves the closing where it was."""
    patch.setattr(suspending, "_later", lambda moment, _pause: moment)


@fault("every response counts once")
def a_response_counts_twice(patch: pytest.MonkeyPatch) -> None:
    """Counts run ahead of the record."""
    count = runs.responded

    def twice(state: Dialogue, data: ResponseRecorded) -> Dialogue:
        return count(count(state, data), data)

    patch.setattr(runs, "responded", twice)


@fault(test_windows.test_reminders_go_to_the_silent_only)
def everybody_is_reminded(patch: pytest.MonkeyPatch) -> None:
    """Also who has responded."""
    patch.setattr(WindowRun, "silent", WindowRun.present)


@fault("a closing moves with its generation")
def an_extension_keeps_the_old_alarm(patch: pytest.MonkeyPatch) -> None:
    """The generation stays, so that an old alarm closes the window."""
    change = runs.run_changed

    def without(state: Dialogue, window: str, **changes: Any) -> Dialogue:  # noqa: ANN401
        changes.pop("generation", None)
        return change(state, window, **changes)

    patch.setattr(runs, "run_changed", without)


@fault("owed is what was asked, not yet done")
def what_went_out_is_owed_for_ever(patch: pytest.MonkeyPatch) -> None:
    """A message that was sent stays in the state."""
    patch.setattr(debts, "without_effect", lambda state, _effect: state)


@fault("marks live on")
def a_revisit_forgets_what_was_completed(patch: pytest.MonkeyPatch) -> None:
    """The new round begins empty."""
    begin = rounds.new_round

    def empty(state: Dialogue, step: str, status: Any, event: Event) -> Dialogue:  # noqa: ANN401
        after = begin(state, step, status, event)
        *before, new = after.steps[step]
        blank = new.model_copy(update={"marks": {}})
        begun = {**after.steps, step: (*before, blank)}
        return after.model_copy(update={"steps": begun})

    patch.setattr(rounds, "new_round", empty)


@fault(test_revisit.test_what_is_taken_back_later_stays_in_the_round_before)
def reopening_reaches_into_the_round_before(patch: pytest.MonkeyPatch) -> None:
    """Taking an item back takes it out of history."""

    def everywhere(state: Dialogue, items: tuple[str, ...]) -> Dialogue:
        step = rounds.step_of(items[0])
        kept = [
            {i: mark for i, mark in each.marks.items() if i not in items}
            for each in state.steps[step]
        ]
        less = tuple(
            each.model_copy(update={"marks": marks})
            for each, marks in zip(state.steps[step], kept, strict=True)
        )
        return state.model_copy(update={"steps": {**state.steps, step: less}})

    patch.setattr(rounds, "unmarked", everywhere)


@fault(test_checklist.test_a_step_completes_when_items_are_done_and_windows_held)
def a_step_completes_with_doubtful_items(patch: pytest.MonkeyPatch) -> None:
    """What has to be reconfirmed passes for done."""
    patch.setattr(steps, "missing_for_completion", lambda *_: ())


@fault(test_ledger.test_a_dialogue_completes_only_when_every_response_was_answered)
def completing_asks_for_no_answers(patch: pytest.MonkeyPatch) -> None:
    """Whatever waits is passed over."""
    patch.setattr(life, "check_answered", lambda *_: None)


@fault(test_ledger.test_identical_responses_are_answered_as_one_and_each_is_counted)
def the_answer_of_a_group_is_for_its_first(patch: pytest.MonkeyPatch) -> None:
    """The others of the group are left waiting."""
    whole = coverage.outcomes

    def first(ledger: Ledger) -> coverage.Outcomes:
        groups = {
            name: each.model_copy(update={"numbers": each.numbers & -each.numbers})
            for name, each in ledger.groups.items()
        }
        return whole(ledger.model_copy(update={"groups": groups}))

    patch.setattr(coverage, "outcomes", first)


@fault("a refused command changes nothing")
def a_refusal_leaves_a_trace(patch: pytest.MonkeyPatch) -> None:
    """Deciding writes into the state it was shown."""
    check = decide.check_gate

    def scribbling(state: Dialogue, *rest: Any) -> None:  # noqa: ANN401
        try:
            check(state, *rest)
        except DomainError:
            state.roles["panel"] = (*state.holders("panel"), "k-0")
            raise

    patch.setattr(decide, "check_gate", scribbling)


@fault("small events")
def an_event_grows_without_end(patch: pytest.MonkeyPatch) -> None:
    """Everybody is invited a thousand times over."""

    def many(state: Dialogue, role: str) -> tuple[str, ...]:
        known = state.roles.get(role, ())
        return tuple(f"{who}-{n}" for who in known for n in range(5000))

    patch.setattr(Dialogue, "holders", many)
    patch.setattr(people, "check_holders", lambda _roles: None)


@fault(test_harvest.test_retracting_tells_those_who_were_told)
def who_was_told_of_a_report_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """It is on record whom it was sent to, and nobody looks."""

    def published(harvest: Harvest, data: ReportPublished, _event: Event) -> Harvest:
        made = Report(status=data.status, title="Verslag", seq=1, step=data.step)
        return harvest.model_copy(
            update={"reports": harvest.reports | {data.report: made}}
        )

    patch.setattr(harvest_after, "_published", published)


@fault(test_harvest.test_going_back_retracts_the_reports_of_what_no_longer_stands)
def a_return_forgets_the_reports(patch: pytest.MonkeyPatch) -> None:
    """What was reported of voided steps stands."""
    patch.setattr(consequences, "questioned", lambda *_: Questioned())


@fault(test_agreements.test_an_agreement_outlives_the_dialogue)
def promises_are_watched_while_it_runs(patch: pytest.MonkeyPatch) -> None:
    """A pause, or the end, stops their clock."""
    own = alarms.agreement_alarms
    patch.setattr(
        alarms,
        "agreement_alarms",
        lambda state: own(state) if state.status == "running" else iter(()),
    )


def test_the_machine_finds_nothing_where_nothing_is_planted() -> None:
    """The same small run passes on the core as it is."""
    run_state_machine_as_test(DialogueMachine, settings=SMALL)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the invariant or the test that is meant to notice it."""
    plant, notices = FAULTS[name]
    plant(monkeypatch)
    with pytest.raises(AssertionError) as noticed:
        _look(notices)
    assert callable(notices) or notices in "".join(_said(noticed.value))


def _look(notices: str | Test) -> None:
    if callable(notices):
        notices()
    else:
        run_state_machine_as_test(DialogueMachine, settings=SMALL)


def _said(error: BaseException | None) -> Iterator[str]:
    """Give what an error said, and the one it came on top of at the teardown."""
    while error is not None:
        yield str(error)
        error = error.__context__

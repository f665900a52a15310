"""A machine drives one dialogue at random: people, time, the clock and the world.

After every command a `Witness` checks the invariants of `docs/invariants.md`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from domain.alarms import CLOCK_ACTOR, due, next_alarm
from domain.commands import (
    AnyCommand,
    ArchiveDialogue,
    CancelDialogue,
    CloseWindow,
    CompleteDialogue,
    CompleteItems,
    CompleteStep,
    ExtendWindow,
    OpenWindow,
    PauseDialogue,
    ReconfirmItems,
    RecordResponse,
    ReportEffect,
    ResumeDialogue,
    RetryCompensation,
    RevisitStep,
    ShortenWindow,
    StartDialogue,
    StartStep,
    WaiveCompensation,
)
from domain.coverage import unanswered
from domain.deadline_facts import Deadline
from domain.decide import decide, refuse
from domain.errors import DomainError, IdReused, VersionConflict
from domain.events import StepVoided
from domain.evolve import evolve
from domain.facts import Actor, Cause
from domain.harvest_facts import HarvestCommand
from domain.ledger_facts import (
    AnswerOutcome as Outcome,
)
from domain.ledger_facts import (
    AnswerResponse,
    GroupResponses,
    LeaveUnanswered,
)
from domain.meeting_facts import MeetingVoided
from domain.messages import Command
from domain.progress import needs_attention, progress
from domain.response_numbers import each, written
from domain.revisit import preview_revisit
from domain.state import Dialogue
from domain.steps import is_done
from domain.suspension_facts import LiftSuspension
from domain.terms import Duration
from tests.domain import wishes
from tests.domain.story import (
    DIRECTOR,
    SAID,
    START,
    STREAM,
    SYSTEM,
    digest_of,
    start,
)
from tests.domain.wishes_harvest import harvest
from tests.domain.witness import Witness

COUNCIL = Deadline(title="The council", date="2027-03-01")
MOMENTS = timedelta(microseconds=1)


class DialogueMachine(RuleBasedStateMachine):
    """One dialogue, from its start, with everything that may come to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = START
        self.witness = Witness()
        self.held: Dialogue | None = None
        self.sent: list[tuple[AnyCommand, Cause]] = []
        self.voided: list[str] = []
        self.called_off: list[str] = []

    @property
    def state(self) -> Dialogue:
        """The dialogue as it stands."""
        assert self.held is not None
        return self.held

    @initialize(done=st.integers(0, len(wishes.STEPS)), busy=st.booleans())
    def begin(self, done: int, *, busy: bool) -> None:
        """The dialogue is started, and has come so far."""
        self.send(start(deadlines=(COUNCIL,)), DIRECTOR)
        for step in wishes.STEPS[:done]:
            self.finish(step)
        if busy:
            self.ask(wishes.STEPS[done % len(wishes.STEPS)])

    @rule(step=st.sampled_from(wishes.STEPS))
    def ask(self, step: str) -> None:
        """The system starts a step and opens all its windows."""
        self.send(StartStep(step=step), SYSTEM)
        for window in _windows_of(step):
            self.send(OpenWindow(window=window), SYSTEM)

    def cause(self, command: Command, by: Actor, name: str | None = None) -> Cause:
        """Give the cause under which a command is sent now."""
        return Cause(
            stream=STREAM,
            id=name or f"c-{len(self.sent)}",
            actor=by,
            at=self.now,
            digest=digest_of(command),
            signed="desk",  # so that keys come and go as well
        )

    def shown(self) -> dict[str, Any]:
        """Copy all that the state holds, to see later whether it changed."""
        return self.held.model_dump(exclude={"plan"}) if self.held else {}

    def send(self, command: AnyCommand, by: Actor, name: str | None = None) -> bool:
        """Send a command; tell whether it was obeyed."""
        cause = self.cause(command, by, name)
        before, shown = self.held, self.shown()
        try:
            events = decide(before, command, cause)
        except DomainError:
            assert self.shown() == shown, "a refused command changes nothing"
            return False
        assert events, "a command that is obeyed leaves an event"
        assert before is None or before.version + 1 == events[0].seq
        for event in events:
            assert (event.cause, event.actor, event.at) == (cause.id, by, self.now)
            previous, self.held = self.held, evolve(self.held, event)
            self.witness.sees(previous, event, self.held)
            if previous is not None:
                self.witness.hears(command, event, previous)
        self.sent.append((command, cause))
        self.voided = [e.data.step for e in events if isinstance(e.data, StepVoided)]
        self.called_off = [
            e.data.meeting for e in events if isinstance(e.data, MeetingVoided)
        ]
        return True

    @rule(
        what=st.lists(st.tuples(wishes.commands, wishes.actors), min_size=1, max_size=5)
    )
    def wish(self, what: list[tuple[AnyCommand, Actor]]) -> None:
        """Anybody wishes anything."""
        for command, by in what:
            self.send(command, by)

    @rule(what=st.lists(harvest, min_size=1, max_size=4), days=st.integers(0, 20))
    def bring_in(self, what: list[HarvestCommand], days: int) -> None:
        """The system brings in the harvest, and time goes by."""
        for command in what:
            self.send(command, SYSTEM)
        self.now += timedelta(days=days)
        self.strike()

    @rule()
    def go_on(self) -> None:
        """The system finishes the first step that is not done."""
        left = [step for step in wishes.STEPS if not is_done(self.state, step)]
        if left:
            self.finish(left[0])

    @precondition(lambda self: self.state.open_windows())
    @rule(data=st.data(), duration=wishes.durations, wait=st.integers(0, 9))
    def move_closing(self, data: st.DataObject, duration: Duration, wait: int) -> None:
        """The system extends, shortens or closes a window that is open."""
        self.now += timedelta(days=wait)
        window = data.draw(st.sampled_from([*self.state.open_windows()]))
        longer = ExtendWindow(window=window, duration=duration, reason=SAID)
        shorter = ShortenWindow(window=window, duration=duration, reason=SAID)
        closed = CloseWindow(window=window, reason=SAID)
        self.send(data.draw(st.sampled_from([longer, shorter, closed])), SYSTEM)

    @precondition(lambda self: self.state.status == "running")
    @rule(days=st.integers(0, 40), goes_on=st.booleans())
    def pause(self, days: int, *, goes_on: bool) -> None:
        """The dialogue stands still for a while."""
        assert self.send(PauseDialogue(reason=SAID), SYSTEM), "a pause can begin"
        self.now += timedelta(days=days, microseconds=days)
        if goes_on:
            self.resume()

    @rule(how=st.sampled_from(["complete", "complete", "cancel", "archive"]))
    def end(self, how: str) -> None:
        """The system completes, cancels or puts away the dialogue, if that may be."""
        if how == "cancel":
            self.send(CancelDialogue(reason=SAID), SYSTEM)
        else:
            for window in unanswered(self.state):
                self.send(LeaveUnanswered(window=window, reason=SAID), SYSTEM)
            self.send(CompleteDialogue(), SYSTEM)
        if how == "archive":
            self.send(ArchiveDialogue(), SYSTEM)

    @rule(step=st.sampled_from(wishes.STEPS))
    def work(self, step: str) -> None:
        """The system does all there is to do in a step, windows apart."""
        self.send(ReconfirmItems(step=step), SYSTEM)
        items = tuple(i for i in wishes.ITEMS if i.startswith(f"{step}."))
        if items:
            self.send(CompleteItems(items=items), SYSTEM)

    @rule(step=st.sampled_from(wishes.STEPS))
    def finish(self, step: str) -> None:
        """The system works on a step, holds the windows it must, and completes it."""
        self.work(step)
        for window in _windows_of(step):
            asked = self.state.plan.windows.get(window)
            if asked is not None and asked.required:
                self.send(OpenWindow(window=window), SYSTEM)
            self.until_closed(window)
        self.send(CompleteStep(step=step, note=SAID), SYSTEM)

    def until_closed(self, window: str) -> None:
        """Let the time pass until the clock has closed a window."""
        while self.state.status == "running" and window in self.state.open_windows():
            alarm = next_alarm(self.state)
            assert alarm is not None, "an open window has an alarm"
            self.now = max(self.now, alarm)
            self.strike()

    @precondition(lambda self: any(is_done(self.state, s) for s in wishes.STEPS))
    @rule(data=st.data(), forward=st.integers(0, 3), asking=st.booleans())
    def go_back(self, data: st.DataObject, forward: int, *, asking: bool) -> None:
        """The system revisits a step, as previewed, and goes on from there."""
        done = [step for step in wishes.STEPS if is_done(self.state, step)]
        step = data.draw(st.sampled_from(done))
        if asking:
            self.ask(step)
        preview = preview_revisit(self.state, step, self.now)
        obeyed = self.send(RevisitStep(step=step, reason=SAID), SYSTEM)
        assert obeyed == preview["possible"], "the preview tells the truth"
        if obeyed:
            assert preview["voids"] == self.voided, "the preview tells the truth"
            called = [each["meeting"] for each in preview["meetings"]]
            assert called == self.called_off, "the preview tells the truth"
        for _ in range(forward):
            self.go_on()

    @rule(
        window=wishes.windows,
        who=wishes.people,
        by=wishes.actors,
        ago=st.none() | st.integers(-120, 40 * 86_400),
    )
    def respond(self, window: str, who: str, by: Actor, ago: int | None) -> None:
        """Somebody responds; the desk had it now, or a while ago."""
        at = None if ago is None else self.now - timedelta(seconds=ago)
        response = RecordResponse(window=window, respondent=who, received_at=at)
        self.send(response, by)

    @rule(window=st.sampled_from(wishes.WINDOWS), off=st.integers(-1, 1))
    def respond_at_the_last_moment(self, window: str, off: int) -> None:
        """A response is received just before, at or just after the closing."""
        run = self.state.run(window)
        if run is None:
            return
        at = run.closes + off * MOMENTS
        self.now = max(self.now, at)
        self.respond_in_time(window, at)

    def respond_in_time(self, window: str, at: datetime) -> None:
        """Record what the desk had at a moment."""
        response = RecordResponse(window=window, respondent="k-1", received_at=at)
        self.send(response, SYSTEM)

    @precondition(lambda self: bool(unanswered(self.state)))
    @rule(data=st.data(), by_group=st.booleans(), outcome=wishes.outcomes)
    def answer(self, data: st.DataObject, outcome: Outcome, *, by_group: bool) -> None:
        """The system answers some of what waits, singly or as a group."""
        window = data.draw(st.sampled_from([*unanswered(self.state)]))
        some = data.draw(st.sets(st.sampled_from([*each(self.waits(window))])))
        numbers = written(sum(1 << number for number in some)) or "1"
        at = {"window": window, "numbers": numbers}
        if by_group:
            group = data.draw(wishes.groups)
            self.send(GroupResponses(group=group, because="theme", **at), SYSTEM)
            at = {"group": group}
        self.send(AnswerResponse(outcome=outcome, reason=SAID, **at), SYSTEM)

    def waits(self, window: str) -> int:
        """What waits in a window."""
        return unanswered(self.state)[window]

    @rule(hours=st.integers(0, 24 * 30))
    def wait(self, hours: int) -> None:
        """Time passes while the clock is down."""
        self.now += timedelta(hours=hours, microseconds=hours)

    @rule()
    def strike(self) -> None:
        """The clock is up: all that is due is done, and none of it is refused."""
        while ready := due(self.state, self.now):
            for name, command in ready:
                assert self.send(command, CLOCK_ACTOR, name), "the clock is obeyed"

    @precondition(lambda self: next_alarm(self.state) is not None)
    @rule()
    def next_strike(self) -> None:
        """Time passes until something is due."""
        alarm = next_alarm(self.state)
        assert alarm is not None
        self.now = max(self.now, alarm)
        self.strike()

    @precondition(lambda self: bool(self.state.effects))
    @rule(data=st.data(), fate=st.sampled_from([True, True, False]))
    def world(self, data: st.DataObject, *, fate: bool) -> None:
        """The world reports on something that is owed."""
        effect = data.draw(st.sampled_from([*self.state.effects.values()]))
        report = ReportEffect(
            effect=effect.id,
            attempt=effect.attempt,
            succeeded=fate,
            sent=effect.recipients if fate else (),
            problem=None if fate else "no_answer",
        )
        news = effect.status == "pending"
        assert self.send(report, CLOCK_ACTOR) == news, "an outcome is reported once"

    @precondition(lambda self: any(e.compensation for e in self.state.effects.values()))
    @rule(fate=st.sampled_from([True, True, False]))
    def undo(self, *, fate: bool) -> None:
        """The world reports on the compensation that is under way."""
        effect = next(e for e in self.state.effects.values() if e.compensation)
        report = ReportEffect(
            effect=effect.id,
            attempt=effect.attempt,
            succeeded=fate,
            problem=None if fate else "no_answer",
        )
        assert self.send(report, CLOCK_ACTOR), "an outcome is reported once"

    @precondition(
        lambda self: any(
            c.status == "failed" for c in self.state.compensations.values()
        )
    )
    @rule(again=st.booleans())
    def mend(self, *, again: bool) -> None:
        """A person retries or waives the compensation that failed."""
        waiting = self.state.compensations.values()
        name = next(c.id for c in waiting if c.status == "failed")
        if again:
            wish: AnyCommand = RetryCompensation(compensation=name)
        else:
            wish = WaiveCompensation(compensation=name, reason=SAID)
        archived = self.state.status == "archived"
        assert self.send(wish, SYSTEM) != archived, "a failure can be mended"

    @precondition(lambda self: self.state.status == "paused")
    @rule()
    def resume(self) -> None:
        """The dialogue goes on, once nothing holds it any more."""
        for suspension in self.state.suspended:
            lifted = LiftSuspension(suspension=suspension)
            assert self.send(lifted, SYSTEM), "a suspension can end"
        if self.state.status == "paused":
            assert self.send(ResumeDialogue(), SYSTEM), "a pause can end"

    @precondition(lambda self: bool(self.sent))
    @rule(data=st.data(), other=wishes.commands)
    def repeat(self, data: st.DataObject, other: AnyCommand) -> None:
        """A command comes again, with the same body and with another."""
        command, cause = data.draw(st.sampled_from(self.sent))
        late = cause.model_copy(update={"at": self.now, "if_version": 0})
        try:
            assert decide(self.held, command, late) == (), "once is once"
        except DomainError as refusal:
            message = "once is once"
            raise AssertionError(message) from refusal
        assert refuse(self.state, "x", cause.id, "Any", late) == (), "once is once"
        if digest_of(other) != cause.digest:
            self.must_refuse(
                other, late.model_copy(update={"digest": digest_of(other)}), IdReused
            )

    @rule(command=wishes.commands, ahead=st.integers(1, 3))
    def outdated(self, command: AnyCommand, ahead: int) -> None:
        """Somebody saw another version than the one there is."""
        cause = self.cause(command, SYSTEM, "outdated")
        seen = cause.model_copy(update={"if_version": self.state.version + ahead})
        if not isinstance(command, StartDialogue):
            self.must_refuse(command, seen, VersionConflict)

    def must_refuse(
        self, command: AnyCommand, cause: Cause, error: type[DomainError]
    ) -> None:
        """Check that a command is refused, and how."""
        refusal: DomainError | None = None
        shown = self.shown()
        try:
            decide(self.held, command, cause)
        except DomainError as raised:
            refusal = raised
        assert type(refusal) is error, "the refusal says why"
        assert self.shown() == shown, "a refused command changes nothing"

    @rule()
    def signal_refused(self) -> None:
        """A signal is refused, on record."""
        cause = self.cause(start(), SYSTEM, f"s-{self.state.version}")
        before = self.state
        (event,) = refuse(before, "nonsense", None, "UnknownCommand", cause)
        self.held = evolve(before, event)
        self.witness.sees(before, event, self.held)

    @rule()
    def carry(self) -> None:
        """A run of the workflow ends, and the next goes on from what it carried."""
        self.held = self.witness.carries(self.state)

    @invariant()
    def holds(self) -> None:
        """All that must hold between two commands holds; questions get answers."""
        if self.held is None:
            return
        self.witness.looks_at(self.held)
        told = progress(self.held, self.now)
        assert told["version"] == self.held.version
        assert len(told["needsAttention"]) >= len(needs_attention(self.held))

    def teardown(self) -> None:
        """At the end the record alone gives the state."""
        if self.held is not None:
            self.witness.rebuilds(self.held)


def _windows_of(step: str) -> list[str]:
    return [name for name in wishes.WINDOWS if name.startswith(f"{step}.")]

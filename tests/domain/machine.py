"""A machine drives one dialogue at random: people, time, the clock and the world.

After every command a `Witness` checks the invariants of `docs/invariants.md`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

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
    Command,
    CompleteItems,
    CompleteStep,
    OpenWindow,
    ReconfirmItems,
    RecordResponse,
    ReportEffect,
    ResumeDialogue,
    RetryCompensation,
    RevisitStep,
    WaiveCompensation,
)
from domain.decide import decide, refuse
from domain.errors import DomainError, IdReused, VersionConflict
from domain.evolve import evolve
from domain.facts import Actor, Cause
from domain.progress import needs_attention, progress
from domain.revisit import preview_revisit
from domain.state import Dialogue
from domain.steps import is_done
from tests.domain import wishes
from tests.domain.story import DIRECTOR, SAID, START, STREAM, digest_of, start
from tests.domain.witness import Witness

MOMENTS = timedelta(microseconds=1)


class DialogueMachine(RuleBasedStateMachine):
    """One dialogue, from its start, with everything that may come to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = START
        self.witness = Witness()
        self.held: Dialogue | None = None
        self.sent: list[tuple[AnyCommand, Cause]] = []

    @property
    def state(self) -> Dialogue:
        """The dialogue as it stands."""
        assert self.held is not None
        return self.held

    @initialize()
    def begin(self) -> None:
        """The dialogue is started."""
        self.send(start(), DIRECTOR)

    def cause(self, command: Command, by: Actor, name: str | None = None) -> Cause:
        """Give the cause under which a command is sent now."""
        return Cause(
            stream=STREAM,
            id=name or f"c-{len(self.sent)}",
            actor=by,
            at=self.now,
            digest=digest_of(command),
        )

    def send(self, command: AnyCommand, by: Actor, name: str | None = None) -> bool:
        """Send a command; tell whether it was obeyed."""
        cause = self.cause(command, by, name)
        before = self.held
        shown = before.model_dump_json(exclude={"plan"}) if before else ""
        try:
            events = decide(before, command, cause)
        except DomainError:
            after = before.model_dump_json(exclude={"plan"}) if before else ""
            assert after == shown, "a refused command changes nothing"
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
        return True

    @rule(command=wishes.commands, by=wishes.actors)
    def wish(self, command: AnyCommand, by: Actor) -> None:
        """Anybody wishes anything."""
        self.send(command, by)

    @rule(step=st.sampled_from(wishes.STEPS))
    def work(self, step: str) -> None:
        """The director does all there is to do in a step, windows apart."""
        self.send(ReconfirmItems(step=step), DIRECTOR)
        items = tuple(i for i in wishes.ITEMS if i.startswith(f"{step}."))
        if items:
            self.send(CompleteItems(items=items), DIRECTOR)

    @rule(step=st.sampled_from(wishes.STEPS))
    def finish(self, step: str) -> None:
        """The director holds the windows of a step and completes it."""
        self.work(step)
        for window in wishes.WINDOWS:
            if window.startswith(f"{step}."):
                self.send(OpenWindow(window=window), DIRECTOR)
                self.until_closed(window)
        self.send(CompleteStep(step=step, note=SAID), DIRECTOR)

    def until_closed(self, window: str) -> None:
        """Let the time pass until the clock has closed a window."""
        while self.state.status == "running" and window in self.state.open_windows():
            alarm = next_alarm(self.state)
            assert alarm is not None, "an open window has an alarm"
            self.now = max(self.now, alarm)
            self.strike()

    @precondition(lambda self: any(is_done(self.state, s) for s in wishes.STEPS))
    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        """The director revisits a step, and the preview had said what that does."""
        done = [step for step in wishes.STEPS if is_done(self.state, step)]
        step = data.draw(st.sampled_from(done))
        preview = preview_revisit(self.state, step)
        obeyed = self.send(RevisitStep(step=step, reason=SAID), DIRECTOR)
        assert obeyed == preview["possible"], "the preview tells the truth"
        if obeyed:
            voided = [s for s in wishes.STEPS if _is_voided_now(self.state, s)]
            assert set(preview["voids"]) == set(voided), "the preview tells the truth"

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
        self.send(response, DIRECTOR)

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
        assert self.send(wish, DIRECTOR) != archived, "a failure can be mended"

    @precondition(lambda self: self.state.status == "paused")
    @rule()
    def resume(self) -> None:
        """The dialogue goes on."""
        assert self.send(ResumeDialogue(), DIRECTOR), "a pause can end"

    @precondition(lambda self: bool(self.sent))
    @rule(data=st.data(), other=wishes.commands)
    def repeat(self, data: st.DataObject, other: AnyCommand) -> None:
        """A command comes again, with the same body and with another."""
        command, cause = data.draw(st.sampled_from(self.sent))
        late = cause.model_copy(update={"at": self.now, "if_version": 0})
        assert decide(self.held, command, late) == (), "once is once"
        assert refuse(self.state, "x", cause.id, "Any", late) == (), "once is once"
        if digest_of(other) != cause.digest:
            self.must_refuse(
                other, late.model_copy(update={"digest": digest_of(other)}), IdReused
            )

    @rule(command=wishes.commands, ahead=st.integers(1, 3))
    def outdated(self, command: AnyCommand, ahead: int) -> None:
        """Somebody saw another version than the one there is."""
        cause = self.cause(command, DIRECTOR, "outdated")
        seen = cause.model_copy(update={"if_version": self.state.version + ahead})
        if command != start():
            self.must_refuse(command, seen, VersionConflict)

    def must_refuse(
        self, command: AnyCommand, cause: Cause, error: type[DomainError]
    ) -> None:
        """Check that a command is refused, and how."""
        try:
            events = decide(self.held, command, cause)
        except DomainError as refusal:
            assert type(refusal) is error, "the refusal says why"
        else:
            message = f"obeyed: {events}"
            raise AssertionError(message)

    @rule()
    def signal_refused(self) -> None:
        """A signal is refused, on record."""
        cause = self.cause(start(), DIRECTOR, f"s-{self.state.version}")
        before = self.state
        (event,) = refuse(before, "nonsense", None, "UnknownCommand", cause)
        self.held = evolve(before, event)
        self.witness.sees(before, event, self.held)

    @rule()
    def carry(self) -> None:
        """A run of the workflow ends, and the next goes on from what it carried."""
        self.witness.rebuilds(self.state)
        self.held = Dialogue.model_validate_json(self.state.model_dump_json())

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


def _is_voided_now(state: Dialogue, step: str) -> bool:
    rounds = state.steps.get(step, ())
    if len(rounds) < 2 or rounds[-1].status != "voided":
        return False
    last = max(r.since for each in state.steps.values() for r in each)
    return rounds[-1].since >= last - len(state.steps)

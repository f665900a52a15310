"""A story tells what happened, what somebody wants, and what follows.

``given(...)`` plays commands that must succeed; ``.when(command)`` plays one that may
be refused; ``.then(...)`` and ``.then_refused(...)`` say what must have come of it.
No clock runs: ``.later(...)`` moves the time, and the clock's own commands are sent
with ``.clock_strikes()``.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import calendars
from domain.alarms import CLOCK_ACTOR, due, next_alarm
from domain.calendar import Calendar
from domain.commands import (
    AnyCommand,
    Compiled,
    CompleteItems,
    CompleteStep,
    ErasePersonalData,
    OpenWindow,
    ReportEffect,
    SkipStep,
    StartDialogue,
)
from domain.decide import decide
from domain.errors import DomainError
from domain.events import AnyEvent, Event, erasing_digest
from domain.evolve import evolve
from domain.facts import Actor, Cause, Private
from domain.messages import Command, kind_of
from domain.state import Dialogue, Round, WindowRun
from evidence.canonical import content_hash
from methods.load import LoadedMethod, load

START: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""A Saturday, 13:00 in Amsterdam."""

STREAM: Final = "gemeente-waterdam:parkzicht"
SAID: Final = Private(commitment="5a" * 32)
"""Stands for any private text."""

DIRECTOR: Final = Actor(id="d-1", role="director")
FACILITATOR: Final = Actor(id="f-1", role="facilitator")
CLIENT: Final = Actor(id="c-1", role="client")
SYSTEM: Final = Actor(id="zaaksysteem", role="system")
ANNE: Final = Actor(id="k-1", role="panel")
BRAM: Final = Actor(id="k-2", role="panel")
PASSER_BY: Final = Actor(id="r-1", role="public")

HOLDERS: Final = {
    "director": ("d-1",),
    "facilitator": ("f-1",),
    "client": ("c-1",),
    "panel": ("k-1", "k-2"),
}


@cache
def trial() -> LoadedMethod:
    """Give the method of the tests."""
    return load(Path(__file__).with_name("method.yaml"))


@cache
def dutch_days() -> Calendar:
    """Give the calendar of the tests."""
    return calendars.compile_calendar("NL", "Europe/Amsterdam", 2026)


def start(of: LoadedMethod | None = None, **changes: Any) -> StartDialogue:  # noqa: ANN401 (any member)
    """Give the command that starts a dialogue of a method; else of the tests' own."""
    loaded, days = of or trial(), dutch_days()
    compiled = Compiled(
        method=loaded.method,
        method_hash=loaded.hash,
        calendar=days,
        calendar_hash=content_hash(days.model_dump(mode="json")),
    )
    told: dict[str, Any] = {
        "method": loaded.method.id,
        "title": "Parkzicht",
        "language": loaded.method.languages[0],
        "roles": HOLDERS if of is None else {},
        "compiled": compiled,
    }
    return StartDialogue(**(told | changes))


def digest_of(command: Command) -> str:
    """Give a digest of the command's body, as whoever carries commands would."""
    if isinstance(command, ErasePersonalData):
        return erasing_digest(command.paths)
    body = kind_of(type(command)) + command.model_dump_json(exclude={"compiled"})
    return sha256(body.encode()).hexdigest()[:16]


class Has(NamedTuple):
    """An event of this type with, among others, these members."""

    type: type[AnyEvent]
    members: dict[str, Any]

    def fits(self, fact: AnyEvent) -> bool:
        """Whether a fact is meant."""
        same = type(fact) is self.type
        return same and all(getattr(fact, k) == v for k, v in self.members.items())


def has(kind: type[AnyEvent], **members: Any) -> Has:  # noqa: ANN401 (any member)
    """Expect an event of this type with these members."""
    return Has(kind, members)


class Story:
    """What has happened so far in one dialogue, and what came of the last wish."""

    def __init__(self) -> None:
        self.now = START
        self.events: list[Event] = []
        self.new: tuple[Event, ...] = ()
        self.refusal: DomainError | None = None
        self._state: Dialogue | None = None
        self._number = 0

    @property
    def state(self) -> Dialogue:
        """The dialogue as it stands."""
        assert self._state is not None, "the dialogue was not started"
        return self._state

    def round(self, step: str) -> Round:
        """The current round of a step."""
        found = self.state.round(step)
        assert found is not None, f"{step} was never started"
        return found

    def run(self, window: str) -> WindowRun:
        """The current run of a window."""
        found = self.state.run(window)
        assert found is not None, f"{window} was never opened"
        return found

    def marks(self, step: str) -> dict[str, str]:
        """What became of the items of a step's current round."""
        marks = self.round(step).marks
        return {name.partition(".")[2]: mark.status for name, mark in marks.items()}

    def as_if(self, state: Dialogue) -> Self:
        """Go on from a state that would take too many commands to reach."""
        self._state = state
        return self

    def at(self, moment: datetime) -> Self:
        """Move the time to a moment."""
        self.now = moment
        return self

    def later(self, **span: float) -> Self:
        """Move the time on."""
        return self.at(self.now + timedelta(**span))

    def cause(
        self,
        command: Command,
        by: Actor = DIRECTOR,
        id: str | None = None,
        if_version: int | None = None,
    ) -> Cause:
        """Give the cause under which a command is sent now."""
        self._number += 1
        return Cause(
            stream=STREAM,
            id=id or f"c-{self._number}",
            actor=by,
            at=self.now,
            if_version=if_version,
            digest=digest_of(command),
        )

    def when(
        self,
        command: AnyCommand,
        *,
        by: Actor = DIRECTOR,
        id: str | None = None,
        if_version: int | None = None,
    ) -> Self:
        """Let somebody wish something; a refusal is kept for `then_refused`."""
        before = self._state
        self.new, self.refusal = (), None
        cause = self.cause(command, by, id, if_version)
        try:
            self.new = decide(self._state, command, cause)
        except DomainError as refusal:
            self.refusal = refusal
        assert self._state is before, "deciding changes nothing"
        for event in self.new:
            self._state = evolve(self._state, event)
            self.events.append(event)
        return self

    def and_(self, *commands: AnyCommand, by: Actor = DIRECTOR) -> Self:
        """Let wishes be obeyed, one after the other."""
        for command in commands:
            self.when(command, by=by)
            assert self.refusal is None, f"refused: {self.refusal!r}"
        return self

    def clock_strikes(self) -> Self:
        """Let the clock send what is due, until nothing is."""
        struck: list[Event] = []
        while self._state is not None and (ready := due(self._state, self.now)):
            for name, command in ready:
                self.when(command, by=CLOCK_ACTOR, id=name)
                assert self.refusal is None, f"the clock was refused: {self.refusal!r}"
                struck += self.new
        self.new = tuple(struck)
        return self

    def until_the_next_alarm(self) -> Self:
        """Move the time to the next alarm, and let the clock strike."""
        alarm = next_alarm(self.state)
        assert alarm is not None, "nothing is due"
        return self.at(alarm).clock_strikes()

    def window_ends(self, window: str) -> Self:
        """Move the time on until the clock has closed a window."""
        while self.run(window).status == "open":
            self.until_the_next_alarm()
        return self

    def windows_end(self) -> Self:
        """Move the time on until the clock has closed all windows."""
        while self.state.open_windows():
            self.until_the_next_alarm()
        return self

    def world(
        self, effect: str, *, succeeds: bool = True, missing: tuple[str, ...] = ()
    ) -> Self:
        """Let the world report on an effect; it does not reach those ``missing``."""
        owed = self.state.effects[effect]
        report = ReportEffect(
            effect=effect,
            attempt=owed.attempt,
            succeeded=succeeds,
            sent=tuple(w for w in owed.recipients if succeeds and w not in missing),
            undeliverable=missing,
            problem=None if succeeds else "no_answer",
        )
        return self.and_(report, by=CLOCK_ACTOR)

    def mail_goes_out(self) -> Self:
        """Let the world succeed in everything that is owed, as it comes up."""
        while pending := [e for e in self.state.effects.values() if e.problem is None]:
            self.world(pending[0].id)
        return self

    def then(self, *expected: type[AnyEvent] | Has) -> Self:
        """Say which events must have come, in this order, and no others."""
        assert self.refusal is None, f"refused: {self.refusal!r}"
        came = [type(event.data).__name__ for event in self.new]
        wanted = [e if isinstance(e, Has) else Has(e, {}) for e in expected]
        assert came == [each.type.__name__ for each in wanted]
        for event, each in zip(self.new, wanted, strict=True):
            assert each.fits(event.data), f"{event.data!r} is not {each!r}"
        return self

    def then_refused(self, error: type[DomainError], *words: str) -> Self:
        """Say which refusal must have come, and what its message must say."""
        assert self.refusal is not None, f"obeyed: {self.new!r}"
        assert type(self.refusal) is error, repr(self.refusal)
        assert self.new == ()
        for each in words:
            assert each in str(self.refusal)
        return self

    def then_nothing(self) -> Self:
        """Say that the wish was neither refused nor had any effect."""
        return self.then()


def nothing() -> Story:
    """Begin a story in which nothing has happened yet."""
    return Story()


def given(*commands: AnyCommand) -> Story:
    """Begin a story: a dialogue was started, and these commands were obeyed."""
    return Story().and_(start(), *commands)


def brief_done(story: Story) -> Story:
    """Let the first step be completed, its window closed by the clock."""
    story.and_(CompleteItems(items=("brief.money", "brief.question")))
    return story.window_ends("brief.ideas").and_(CompleteStep(step="brief"))


def invite_done(story: Story) -> Story:
    """Let the second step be completed: letters out, the draft's window held."""
    every = ("invite.list", "invite.letters", "invite.hall")
    story.and_(CompleteItems(items=every), OpenWindow(window="invite.draft"))
    return story.window_ends("invite.draft").and_(CompleteStep(step="invite"))


def meet_done(story: Story) -> Story:
    """Let the meeting be held, while the clock closes what is open."""
    story.and_(CompleteItems(items=("meet.notes", "meet.promises")))
    return story.windows_end().and_(CompleteStep(step="meet"))


def report_done(story: Story) -> Story:
    """Let the report be printed, and the step that the source leaves out be skipped."""
    story.and_(SkipStep(step="extra", reason=SAID))
    story.and_(CompleteItems(items=("report.printed",)))
    return story.and_(CompleteStep(step="report"))


def all_done() -> Story:
    """Begin a story in which everything that must be done is done."""
    return report_done(meet_done(invite_done(brief_done(given()))))

"""A dialogue starts with what it will carry, pauses exactly, and ends in good order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.alarms import next_alarm
from domain.calendar import ONE_DAY
from domain.clock import Clock, ClockUnfit
from domain.commands import (
    AnyCommand,
    ArchiveDialogue,
    AssignRole,
    CancelDialogue,
    CompleteDialogue,
    CompleteItems,
    CompleteStep,
    Deadline,
    ExtendWindow,
    NoteSignal,
    OpenWindow,
    PauseDialogue,
    RecordResponse,
    RenewCalendar,
    RestoreDialogue,
    ResumeDialogue,
    RevisitStep,
    SkipStep,
    StartStep,
)
from domain.errors import (
    CalendarExhausted,
    CalendarUnfit,
    CompensationsUnfinished,
    DialogueEnded,
    DialogueExists,
    DialogueIncomplete,
    DialogueNotEnded,
    DialogueNotPaused,
    DialoguePaused,
    DomainError,
    MethodUnfit,
    NotEntitled,
    NothingToDo,
    NotHolder,
    NotStarted,
    TooManyHolders,
    UnknownRole,
)
from domain.events import (
    CalendarRenewed,
    DialogueArchived,
    DialogueCancelled,
    DialogueCompleted,
    DialogueRestored,
    DialogueResumed,
    DialogueStarted,
    ResponseRecorded,
    StepCompleted,
    WindowClosed,
)
from domain.events import DialoguePaused as Paused
from domain.facts import Actor
from domain.messages import Command
from domain.progress import progress
from domain.terms import Duration
from tests.domain.story import (
    ANNE,
    CLIENT,
    DIRECTOR,
    HOLDERS,
    SAID,
    START,
    SYSTEM,
    all_done,
    brief_done,
    dutch_days,
    given,
    has,
    nothing,
    start,
)


def test_a_start_puts_method_and_calendar_on_record_by_their_hashes() -> None:
    """The first event names what the dialogue carries; the state carries it whole."""
    command = start()
    story = nothing().when(command).then(DialogueStarted)
    fact = story.new[0].data
    assert isinstance(fact, DialogueStarted)
    assert command.compiled is not None
    assert fact.method.hash == command.compiled.method_hash
    assert fact.calendar.hash == command.compiled.calendar_hash
    assert story.state.plan == command.compiled.method
    assert story.state.organisation == "gemeente-waterdam"


def test_nothing_can_be_done_before_the_start() -> None:
    """A command to a dialogue that is not there is refused."""
    nothing().when(StartStep(step="brief")).then_refused(NotStarted)


def test_a_dialogue_starts_once() -> None:
    """A second start, under another id, says that the dialogue exists."""
    given().when(start()).then_refused(DialogueExists, "parkzicht")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"compiled": None}, MethodUnfit),
        ({"method": "another"}, MethodUnfit),
        ({"method_hash": "0" * 64}, MethodUnfit),
        ({"language": "nl"}, MethodUnfit),
        ({"zone": "Europe/Brussels"}, CalendarUnfit),
        ({"calendar": "BE"}, CalendarUnfit),
        ({"roles": {"nobody": ("x",)}}, UnknownRole),
        ({"roles": {"director": ("d-2",)}}, NotHolder),
        ({"roles": {"panel": tuple(f"k-{n:040}" for n in range(400))}}, TooManyHolders),
        ({"clock": Clock(real_start=START, start=START.replace(2019))}, DomainError),
        ({"clock": Clock(real_start=START, start=START - 2 * ONE_DAY)}, ClockUnfit),
    ],
)
def test_a_start_that_does_not_fit_is_refused(
    changes: dict[str, Any], error: type[DomainError]
) -> None:
    """Method, calendar, language, roles and clock must belong together."""
    story = nothing().when(start(**changes))
    assert isinstance(story.refusal, error)


def test_only_who_may_run_the_process_starts_it() -> None:
    """A client of the method may not start a dialogue; a system may."""
    nothing().when(start(), by=CLIENT).then_refused(NotEntitled, "director")
    nothing().when(start(), by=SYSTEM).then(DialogueStarted)


def test_who_starts_a_dialogue_has_the_role_they_acted_in() -> None:
    """Nobody was named for it, so it is theirs, and no longer anybody's to claim."""
    panel = {"panel": ("k-1",)}
    story = nothing().when(start(roles=panel), by=DIRECTOR)
    story.then(has(DialogueStarted, roles={**panel, "director": ("d-1",)}))
    other = Actor(id="d-2", role="director")
    story.when(StartStep(step="brief"), by=other).then_refused(NotHolder)


def test_a_system_that_starts_a_dialogue_has_no_part_in_it() -> None:
    """Its role is built in, so the roles are as they were given."""
    roles = {"panel": ("k-1",)}
    nothing().when(start(roles=roles), by=SYSTEM).then(
        has(DialogueStarted, roles=roles)
    )


def test_holders_are_kept_once_and_empty_roles_not_at_all() -> None:
    """What is given twice counts once; a role given to nobody was not given."""
    roles = HOLDERS | {"panel": ("k-1", "k-1"), "deputy": ()}
    story = nothing().and_(start(roles=roles))
    assert story.state.roles["panel"] == ("k-1",)
    assert "deputy" not in story.state.roles


def test_a_deadline_is_a_day_that_exists() -> None:
    """The 30th of February is refused where the command is read."""
    with pytest.raises(ValueError, match="date"):
        Deadline(title="Vote", date="2027-02-30")


def test_a_pause_gives_each_window_exactly_the_time_it_had_left() -> None:
    """Closing and reminders move by the length of the pause, to the microsecond."""
    story = brief_done(given()).and_(
        StartStep(step="invite"), OpenWindow(window="invite.draft")
    )
    before = story.run("invite.draft")
    story.later(days=1, microseconds=1).when(PauseDialogue(reason=SAID)).then(Paused)
    pause = timedelta(days=40, microseconds=7)
    story.at(story.now + pause).when(ResumeDialogue()).then(DialogueResumed)
    after = story.run("invite.draft")
    assert after.closes == before.closes + pause
    assert after.reminders == tuple(moment + pause for moment in before.reminders)
    assert after.generation == before.generation + 1
    assert story.state.running_windows() == story.state.open_windows()


def test_nothing_runs_while_a_dialogue_is_paused() -> None:
    """A window that stands still is open, falls due for nobody, and is nobody's late.

    That the dialogue is paused says so; how much was left is in the event alone.
    """
    story = brief_done(given()).and_(
        StartStep(step="invite"), OpenWindow(window="invite.draft")
    )
    story.when(PauseDialogue(reason=SAID)).then(Paused)
    assert list(story.state.open_windows()) == ["invite.draft"]
    assert story.state.running_windows() == {}
    assert progress(story.state)["nextDeadline"] is None
    story.later(days=90).when(
        RecordResponse(window="invite.draft", respondent="k-1"), by=ANNE
    ).then(has(ResponseRecorded, late=False))


def test_who_was_invited_hears_until_when_a_window_runs_on() -> None:
    """Resuming owes a message with the new closing to all who are present."""
    story = brief_done(given()).and_(
        StartStep(step="invite"), OpenWindow(window="invite.draft")
    )
    story.mail_goes_out().and_(PauseDialogue(reason=SAID)).later(days=30)
    story.and_(ResumeDialogue())
    (effect,) = story.state.effects.values()
    assert (effect.notice, effect.recipients) == ("window_resumed", ("k-1", "k-2"))
    assert effect.closes == story.run("invite.draft").closes


def test_a_paused_dialogue_has_no_alarm() -> None:
    """Nothing falls due while the windows stand still."""
    story = given(StartStep(step="brief"), PauseDialogue(reason=SAID))
    assert next_alarm(story.state) is None
    story.later(days=400).clock_strikes().then_nothing()


def test_a_pause_closes_first_what_was_over_already() -> None:
    """A window whose time ended while the clock was down closes; it is not paused."""
    story = given(StartStep(step="brief")).later(days=30)
    story.when(PauseDialogue(reason=SAID))
    story.then(has(WindowClosed, early=False), has(Paused, windows=()))


def test_a_reminder_that_was_due_before_the_pause_goes_out_after_it() -> None:
    """A clock that was behind reminds as soon as the dialogue goes on."""
    story = brief_done(given()).and_(
        StartStep(step="invite"), OpenWindow(window="invite.draft")
    )
    due = story.run("invite.draft").reminders[0]
    story.at(due + timedelta(hours=1)).and_(PauseDialogue(reason=SAID))
    story.later(days=10).and_(ResumeDialogue())
    alarm = next_alarm(story.state)
    assert alarm is not None
    assert alarm <= story.now
    assert story.clock_strikes().new[0].type == "audience_reminded"


def test_a_response_during_a_pause_counts_as_on_time() -> None:
    """Responses that arrive meanwhile still count, also after the old closing."""
    story = given(StartStep(step="brief"), PauseDialogue(reason=SAID)).later(days=90)
    response = RecordResponse(window="brief.ideas", respondent="r-1")
    story.when(response).then(has(ResponseRecorded, late=False))


@pytest.mark.parametrize(
    "command",
    [
        StartStep(step="invite"),
        CompleteStep(step="brief"),
        SkipStep(step="extra", reason=SAID),
        OpenWindow(window="invite.draft"),
        ExtendWindow(
            window="brief.ideas", duration=Duration(working_days=1), reason=SAID
        ),
        RevisitStep(step="brief", reason=SAID),
        CompleteDialogue(),
        CompleteItems(items=("invite.list",)),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_pause_holds_up_whatever_would_open_a_window(command: AnyCommand) -> None:
    """No step starts or ends, no window opens or moves, during a pause."""
    story = brief_done(given()).and_(PauseDialogue(reason=SAID))
    story.when(command)
    assert isinstance(story.refusal, DialoguePaused), story.refusal


def test_work_in_a_step_that_is_under_way_goes_on_during_a_pause() -> None:
    """Only windows stand still."""
    story = given(StartStep(step="brief"), PauseDialogue(reason=SAID))
    story.and_(CompleteItems(items=("brief.question",)))


def test_pausing_twice_changes_nothing_and_resuming_needs_a_pause() -> None:
    """A command that would change nothing is refused."""
    story = given(PauseDialogue(reason=SAID))
    story.when(PauseDialogue(reason=SAID)).then_refused(NothingToDo, "paused already")
    story.and_(ResumeDialogue()).when(ResumeDialogue())
    story.then_refused(DialogueNotPaused)


def test_a_paused_dialogue_can_be_cancelled_and_its_windows_close_early() -> None:
    """What a pause had stopped did not run out: it closes now, before its time."""
    story = given(StartStep(step="brief"), PauseDialogue(reason=SAID)).later(days=90)
    story.when(CancelDialogue(reason=SAID))
    story.then(has(WindowClosed, early=True), DialogueCancelled)
    run = story.run("brief.ideas")
    assert (run.status, run.closes) == ("closed", story.now)


def test_a_dialogue_completes_when_the_named_steps_are_done() -> None:
    """A step that the method does not name may stay undone."""
    story = all_done().when(CompleteDialogue()).then(DialogueCompleted)
    assert story.state.round("party") is None


def test_a_dialogue_with_work_to_do_does_not_complete() -> None:
    """The refusal names the steps and windows that are missing."""
    story = given(StartStep(step="brief")).when(CompleteDialogue())
    story.then_refused(DialogueIncomplete, "brief", "report", "brief.ideas")


def test_unfinished_compensations_keep_a_dialogue_from_completing() -> None:
    """Going back leaves a duty until it is done, retried or waived."""
    story = all_done().and_(CompleteDialogue(), RevisitStep(step="report", reason=SAID))
    story.and_(CompleteItems(items=("report.printed",)), CompleteStep(step="report"))
    story.when(CompleteDialogue()).then_refused(CompensationsUnfinished, "c27-1")
    story.mail_goes_out().and_(CompleteDialogue(), ArchiveDialogue())


@pytest.mark.parametrize(
    "command",
    [
        StartStep(step="party"),
        CompleteItems(items=("party.cake",)),
        PauseDialogue(reason=SAID),
        CancelDialogue(reason=SAID),
        CompleteDialogue(),
        OpenWindow(window="invite.draft"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_after_completion_the_process_stands_still(command: Command) -> None:
    """What belongs to the process itself is refused once it is complete."""
    story = all_done().and_(CompleteDialogue())
    story.when(command).then_refused(DialogueEnded, "completed")  # type: ignore[arg-type]


def test_after_the_end_people_and_signals_are_still_taken() -> None:
    """Roles, late answers and what systems report outlive the process."""
    story = all_done().and_(CompleteDialogue())
    story.and_(AssignRole(role="panel", actor="k-3"))
    story.and_(NoteSignal(type="besluit", source="zaaksysteem"))
    late = RecordResponse(window="invite.draft", respondent="k-1")
    story.when(late, by=ANNE).then(has(ResponseRecorded, late=True))


def test_a_cancelled_dialogue_takes_no_responses_and_no_return() -> None:
    """Cancelling ends the process for good."""
    story = all_done().and_(RevisitStep(step="report", reason=SAID))
    story.and_(CancelDialogue(reason=SAID))
    late = RecordResponse(window="invite.draft", respondent="k-1")
    story.when(late).then_refused(DialogueEnded, "cancelled")
    story.when(RevisitStep(step="brief", reason=SAID)).then_refused(DialogueEnded)
    assert story.mail_goes_out().state.compensations["c26-1"].status == "completed"


def test_only_an_ended_dialogue_that_owes_nothing_is_archived() -> None:
    """The workflow ends when there is nothing left to do or to send."""
    given().when(ArchiveDialogue()).then_refused(DialogueNotEnded)
    story = all_done().and_(CompleteDialogue())
    story.when(ArchiveDialogue()).then_refused(DialogueIncomplete, "messages")
    story.mail_goes_out().when(ArchiveDialogue()).then(DialogueArchived)
    story.when(AssignRole(role="panel", actor="k-9")).then_refused(DialogueEnded)
    story.when(RestoreDialogue(epoch=2, from_seq=9), by=SYSTEM).then(DialogueRestored)


def test_a_calendar_is_renewed_by_a_longer_one_of_the_same_zone() -> None:
    """Another zone is refused, and so is one that reaches no further."""
    days = dutch_days()
    further = days.model_copy(update={"last": days.last + timedelta(days=365)})
    elsewhere = days.model_copy(update={"zone": "Europe/Brussels"})
    beginning_late = further.model_copy(update={"first": START.date().replace(2030)})
    renew = RenewCalendar(calendar=further, calendar_hash="0" * 64)
    story = given().when(renew).then(CalendarRenewed)
    assert story.state.calendar == further
    story.when(renew).then_refused(NothingToDo)
    other = renew.model_copy(update={"calendar": elsewhere})
    given().when(other).then_refused(CalendarUnfit)
    late = given().when(renew.model_copy(update={"calendar": beginning_late})).refusal
    assert isinstance(late, CalendarExhausted)


def test_a_step_completes_although_the_day_its_window_lasts_until_has_passed() -> None:
    """A method's fixed date that has gone by is for a person to mend, not a lock."""
    story = brief_done(given()).and_(CompleteItems(items=("invite.list",)))
    story.and_(CompleteItems(items=("invite.letters", "invite.hall")))
    story.and_(OpenWindow(window="invite.draft")).at(START.replace(2027, 6, 1))
    story.clock_strikes().when(CompleteStep(step="invite")).then(StepCompleted)

"""A window is open in [opens, closes), for those it asks, and closes one way only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.alarms import CLOCK_ACTOR, due, next_alarm
from domain.commands import (
    AnyCommand,
    AssignRole,
    CloseWindow,
    CompleteDialogue,
    ExtendWindow,
    OpenWindow,
    PauseDialogue,
    RecordResponse,
    ReleaseRole,
    RemindWindow,
    ResumeDialogue,
    RevisitStep,
    ShortenWindow,
    StartStep,
)
from domain.errors import (
    CalendarExhausted,
    DialoguePaused,
    LateResponse,
    MayNotCloseEarly,
    NotEarlier,
    NotEntitled,
    NothingToDo,
    NotHolder,
    NotInvited,
    NotLater,
    ReasonMissing,
    ReceivedInFuture,
    StepNotStarted,
    UnknownWindow,
    WindowNotOpen,
    WindowNotYetOpen,
    WindowOpen,
    WindowVoid,
)
from domain.events import (
    AudienceReminded,
    ResponseRecorded,
    WindowClosed,
    WindowExtended,
    WindowOpened,
    WindowShortened,
)
from domain.facts import Actor
from domain.terms import Duration
from tests.domain.story import (
    ANNE,
    BRAM,
    CLIENT,
    PASSER_BY,
    SAID,
    Story,
    all_done,
    brief_done,
    given,
    has,
)

DRAFT, IDEAS = "invite.draft", "brief.ideas"
MICROSECOND = timedelta(microseconds=1)
MORE = Duration(working_days=5)


def draft_open() -> Story:
    """Begin a story in which the panel is asked about the draft."""
    story = brief_done(given())
    return story.and_(StartStep(step="invite"), OpenWindow(window=DRAFT))


def ideas_open() -> Story:
    """Begin a story in which everybody is asked for ideas."""
    return given(StartStep(step="brief"))


def respond(
    who: str, window: str = DRAFT, at: datetime | None = None
) -> RecordResponse:
    """Give the command that records somebody's response."""
    return RecordResponse(window=window, respondent=who, received_at=at, response=SAID)


def test_an_opening_says_when_it_closes_and_by_which_rule() -> None:
    """Ten working days from Tuesday 1 December end on Tuesday the 15th."""
    story = brief_done(given()).and_(StartStep(step="invite"))
    story.when(OpenWindow(window=DRAFT))
    closes = datetime(2026, 12, 15, 23, tzinfo=UTC)
    invited = ("k-1", "k-2")
    story.then(
        has(WindowOpened, closes=closes, invited=invited, zone="Europe/Amsterdam")
    )


def test_a_window_opens_in_a_step_that_has_begun_and_not_twice() -> None:
    """Unknown, too early, and open already are three refusals."""
    story = brief_done(given()).when(OpenWindow(window="x.y"))
    story.then_refused(UnknownWindow, DRAFT)
    story.when(OpenWindow(window=DRAFT)).then_refused(StepNotStarted)
    story.and_(StartStep(step="invite"), OpenWindow(window=DRAFT))
    story.when(OpenWindow(window=DRAFT)).then_refused(
        WindowOpen, "2026-12-15T23:00:00Z"
    )


def test_a_duration_that_is_not_the_methods_needs_a_reason() -> None:
    """Who departs from the method says why."""
    story = brief_done(given()).and_(StartStep(step="invite"))
    story.when(OpenWindow(window=DRAFT, duration=MORE)).then_refused(ReasonMissing)
    story.when(OpenWindow(window=DRAFT, duration=MORE, reason=SAID)).then(WindowOpened)


def test_opening_again_closes_first_what_ended_while_the_clock_was_down() -> None:
    """A second run follows the first; what the first received stays."""
    story = draft_open().and_(respond("k-1")).later(days=60)
    story.when(OpenWindow(window=DRAFT))
    story.then(has(WindowClosed, early=False, on_time=1), has(WindowOpened, run=2))
    assert [run.on_time for run in story.state.windows[DRAFT]] == [1, 0]


def test_a_calendar_that_does_not_reach_opens_nothing() -> None:
    """The refusal says what helps: renew it."""
    story = brief_done(given()).and_(StartStep(step="invite")).later(days=4000)
    story.when(OpenWindow(window=DRAFT)).then_refused(CalendarExhausted, "Renew")


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=3)])
def test_clock_and_human_close_a_window_with_the_same_event(later: timedelta) -> None:
    """Whoever closes a window whose time is over, the fact is the same."""
    by_clock, by_hand = draft_open(), draft_open()
    over = by_clock.run(DRAFT).closes + later
    by_clock.at(over).clock_strikes().then(WindowClosed)
    by_hand.at(over).when(CloseWindow(window=DRAFT)).then(WindowClosed)
    assert by_clock.new[0].data == by_hand.new[0].data
    assert by_clock.new[0].actor == CLOCK_ACTOR
    effects = [{e.notice: e.recipients} for e in by_clock.state.effects.values()]
    assert effects == [{e.notice: e.recipients} for e in by_hand.state.effects.values()]


def test_the_clock_never_closes_a_window_before_its_time() -> None:
    """Not even where the method allows a person to."""
    story = ideas_open().when(CloseWindow(window=IDEAS, reason=SAID), by=CLOCK_ACTOR)
    story.then_refused(MayNotCloseEarly)


def test_a_person_closes_early_where_the_method_allows_it_and_says_why() -> None:
    """The closing is then the instant of closing."""
    draft_open().when(CloseWindow(window=DRAFT, reason=SAID)).then_refused(
        MayNotCloseEarly
    )
    story = ideas_open().when(CloseWindow(window=IDEAS)).then_refused(ReasonMissing)
    story.when(CloseWindow(window=IDEAS, reason=SAID)).then(
        has(WindowClosed, early=True)
    )
    assert story.run(IDEAS).closes == story.now
    story.when(CloseWindow(window=IDEAS)).then_refused(WindowNotOpen, "it closed at")


def test_an_alarm_that_was_set_before_an_extension_is_no_alarm() -> None:
    """The clock's command names the generation it was set for."""
    story = draft_open()
    ((_, old),) = due(story.state, story.run(DRAFT).closes)
    story.and_(ExtendWindow(window=DRAFT, duration=MORE, reason=SAID))
    story.at(story.run(DRAFT).closes).when(old, by=CLOCK_ACTOR).then_refused(
        NothingToDo
    )
    story.clock_strikes().then(WindowClosed)


def test_the_last_microsecond_is_in_time_and_the_closing_is_late() -> None:
    """A window is open in [opens, closes)."""
    story = draft_open()
    closes = story.run(DRAFT).closes
    story.at(closes - MICROSECOND).when(respond("k-1")).then(
        has(ResponseRecorded, late=False)
    )
    story.at(closes).when(respond("k-2")).then(has(ResponseRecorded, late=True))
    run = story.run(DRAFT)
    assert (run.on_time, run.late, run.responded) == (1, 1, ("k-1", "k-2"))


def test_late_is_what_was_received_late_not_what_was_processed_late() -> None:
    """An outage makes nobody late, and the window's closing changes nothing in that."""
    story = draft_open()
    closes = story.run(DRAFT).closes
    story.at(closes + timedelta(days=2)).clock_strikes()
    story.when(respond("k-1", at=closes - MICROSECOND))
    story.then(has(ResponseRecorded, late=False, received_at=closes - MICROSECOND))


def test_a_method_may_refuse_what_is_late() -> None:
    """One microsecond decides."""
    story = ideas_open()
    closes = story.run(IDEAS).closes
    late = respond("r-1", IDEAS)
    story.at(closes).when(late, by=PASSER_BY).then_refused(LateResponse, "2026-11-30")
    story.when(respond("r-1", IDEAS, closes - MICROSECOND), by=PASSER_BY)
    story.then(has(ResponseRecorded, late=False))


def test_a_response_belongs_to_the_opening_it_was_received_in() -> None:
    """Opening a window again takes nothing from its first opening."""
    story = draft_open()
    first = story.run(DRAFT).closes
    story.at(first).clock_strikes().later(days=1).and_(OpenWindow(window=DRAFT))
    story.when(respond("k-1", at=first - MICROSECOND))
    story.then(has(ResponseRecorded, run=1, late=False))
    assert story.run(DRAFT).silent == ("k-1", "k-2")
    story.when(respond("k-2", at=first)).then(has(ResponseRecorded, run=1, late=True))


def test_a_response_was_not_received_before_the_window_or_in_the_future() -> None:
    """A desk's clock may run a minute ahead, no more."""
    story = draft_open()
    opened = story.run(DRAFT).opened
    story.when(respond("k-1", at=opened - MICROSECOND)).then_refused(WindowNotYetOpen)
    ahead = story.now + timedelta(minutes=1)
    story.when(respond("k-1", at=ahead + MICROSECOND)).then_refused(ReceivedInFuture)
    story.when(respond("k-1", at=ahead)).then(ResponseRecorded)
    brief_done(given()).when(respond("k-1")).then_refused(WindowNotOpen)


def test_a_voided_window_takes_no_responses() -> None:
    """Who responds to it hears that the dialogue went back."""
    story = all_done().and_(RevisitStep(step="invite", reason=SAID))
    story.when(respond("k-1")).then_refused(WindowVoid, DRAFT)


def test_a_late_response_of_the_public_is_taken_after_completion() -> None:
    """The dialogue is complete; what arrives is recorded by the method's rule."""
    story = all_done().and_(CompleteDialogue())
    story.when(respond("r-9", IDEAS), by=Actor(id="r-9", role="public"))
    story.then_refused(LateResponse)
    story.when(respond("k-2"), by=BRAM).then(has(ResponseRecorded, late=True))


@pytest.mark.parametrize(
    ("who", "actor", "error"),
    [
        ("k-2", ANNE, NotEntitled),
        ("k-1", PASSER_BY, NotEntitled),
        ("r-1", PASSER_BY, NotInvited),
        ("c-1", CLIENT, NotInvited),
        ("k-7", Actor(id="k-7", role="panel"), NotHolder),
    ],
)
def test_an_invited_audience_responds_in_person(
    who: str, actor: Actor, error: type[Exception]
) -> None:
    """Nobody responds for another, and nobody who was not asked."""
    story = draft_open().when(respond(who), by=actor)
    assert type(story.refusal) is error


def test_who_steers_may_record_what_came_in_by_post() -> None:
    """For somebody in the audience."""
    draft_open().when(respond("k-1")).then(ResponseRecorded)
    draft_open().when(respond("r-1")).then_refused(NotInvited)


def test_the_public_is_counted_and_not_named() -> None:
    """State keeps counts, however many respond."""
    story = ideas_open()
    for number in range(20):
        who = f"r-{number}"
        story.when(respond(who, IDEAS), by=Actor(id=who, role="public"))
    run = story.run(IDEAS)
    assert (run.on_time, run.responded, run.invited) == (20, (), ())


def test_reminders_go_to_the_silent_only() -> None:
    """The one who has responded is left in peace; each moment reminds once."""
    story = draft_open().and_(respond("k-1"), by=ANNE)
    story.until_the_next_alarm().then(has(AudienceReminded, silent=("k-2",)))
    assert [e.recipients for e in story.state.effects.values()][-1] == ("k-2",)
    story.clock_strikes().then_nothing()
    story.and_(respond("k-2"), by=BRAM).until_the_next_alarm()
    story.then(has(AudienceReminded, silent=()))


def test_a_person_reminds_by_hand_when_somebody_is_silent() -> None:
    """And the clock still reminds at its own time."""
    story = draft_open()
    ahead = story.run(DRAFT).reminders
    story.when(RemindWindow(window=DRAFT)).then(AudienceReminded)
    assert story.run(DRAFT).reminders == ahead
    story.and_(respond("k-1"), respond("k-2"))
    story.when(RemindWindow(window=DRAFT)).then_refused(NothingToDo, "silent")
    ideas_open().when(RemindWindow(window=IDEAS)).then_refused(NothingToDo, "public")


def test_a_clock_that_was_down_reminds_nobody_of_what_is_over() -> None:
    """It only closes the window."""
    story = draft_open().at(draft_open().run(DRAFT).closes)
    story.clock_strikes().then(WindowClosed)
    assert next_alarm(story.state) is None


def test_a_window_is_extended_even_in_its_last_microsecond() -> None:
    """Even more than doubled; who was invited hears it, and reminders move along."""
    story = draft_open()
    before = story.run(DRAFT)
    story.at(before.closes - MICROSECOND)
    longer = ExtendWindow(window=DRAFT, duration=Duration(working_days=30), reason=SAID)
    story.when(longer).then(has(WindowExtended, generation=2, was=before.closes))
    after = story.run(DRAFT)
    assert after.closes > before.closes + timedelta(days=35)
    assert len(after.reminders) == 2
    assert [e.notice for e in story.state.effects.values()][-1] == "window_extended"


@pytest.mark.parametrize("closed", [True, False])
def test_a_window_whose_time_is_over_is_opened_again_not_extended(
    *, closed: bool
) -> None:
    """The refusal says since when, and what to use instead."""
    story = draft_open().at(draft_open().run(DRAFT).closes)
    if closed:
        story.clock_strikes()
    story.when(ExtendWindow(window=DRAFT, duration=MORE, reason=SAID))
    story.then_refused(WindowNotOpen, "2026-12-15T23:00:00Z", "open_window")


def test_an_extension_is_later_and_a_shortening_earlier() -> None:
    """A named day that is neither is refused with both instants."""
    story = ideas_open()
    same = Duration(until=date(2026, 11, 30))
    early = Duration(until=date(2026, 11, 25))
    story.when(ExtendWindow(window=IDEAS, duration=same, reason=SAID))
    story.then_refused(NotLater)
    story.when(ShortenWindow(window=IDEAS, duration=same, reason=SAID))
    story.then_refused(NotEarlier)
    story.when(ShortenWindow(window=IDEAS, duration=early, reason=SAID))
    story.then(has(WindowShortened, generation=2))
    draft_open().when(
        ShortenWindow(window=DRAFT, duration=Duration(working_days=1), reason=SAID)
    ).then_refused(MayNotCloseEarly)


@pytest.mark.parametrize(
    "command",
    [
        ExtendWindow(window=DRAFT, duration=MORE, reason=SAID),
        CloseWindow(window=DRAFT),
        RemindWindow(window=DRAFT),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_window_that_stands_still_is_not_moved(command: AnyCommand) -> None:
    """First resume the dialogue."""
    story = draft_open().and_(PauseDialogue(reason=SAID))
    story.when(command).then_refused(DialoguePaused)


def test_who_joins_during_a_window_is_invited_and_counts_as_silent() -> None:
    """Joining brings the invitation."""
    story = draft_open().mail_goes_out()
    story.when(AssignRole(role="panel", actor="k-3", name=SAID, address=SAID))
    (effect,) = story.state.effects.values()
    assert (effect.notice, effect.recipients) == ("window_opened", ("k-3",))
    assert story.run(DRAFT).silent == ("k-1", "k-2", "k-3")


def test_only_a_new_address_brings_an_invitation_again() -> None:
    """Correcting a name disturbs nobody; a first letter may have gone astray."""
    story = draft_open().mail_goes_out()
    story.and_(AssignRole(role="panel", actor="k-1", name=SAID))
    assert story.state.effects == {}
    story.and_(AssignRole(role="panel", actor="k-1", address=SAID))
    assert [e.recipients for e in story.state.effects.values()] == [("k-1",)]
    story.mail_goes_out().and_(respond("k-1"))
    story.and_(AssignRole(role="panel", actor="k-1", address=SAID))
    assert story.state.effects == {}


def test_who_leaves_hears_no_more_of_the_window_and_is_not_missed() -> None:
    """No reminder, no closing; but what is taken back is taken back from them too."""
    story = draft_open().and_(ReleaseRole(role="panel", actor="k-1")).mail_goes_out()
    assert story.run(DRAFT).silent == ("k-2",)
    story.when(respond("k-1"), by=ANNE).then_refused(NotHolder)
    story.when(respond("k-1")).then_refused(NotInvited)
    story.until_the_next_alarm().then(has(AudienceReminded, silent=("k-2",)))
    story.windows_end().then(has(WindowClosed, silent=1))
    assert story.run(DRAFT).invited == ("k-1", "k-2")


def test_who_comes_back_is_invited_again() -> None:
    """Releasing and assigning leaves one place in the audience, not two."""
    story = draft_open().and_(ReleaseRole(role="panel", actor="k-1")).mail_goes_out()
    story.and_(AssignRole(role="panel", actor="k-1"))
    assert story.run(DRAFT).invited == ("k-1", "k-2")
    assert story.run(DRAFT).silent == ("k-1", "k-2")
    assert [e.recipients for e in story.state.effects.values()] == [("k-1",)]


def test_who_joins_during_a_pause_hears_when_the_windows_run_on() -> None:
    """No closing can be promised while the windows stand still."""
    story = draft_open().mail_goes_out().and_(PauseDialogue(reason=SAID))
    story.and_(AssignRole(role="panel", actor="k-3"))
    assert story.state.effects == {}
    story.and_(ResumeDialogue())
    assert [e.recipients for e in story.state.effects.values()] == [
        ("k-1", "k-2", "k-3")
    ]

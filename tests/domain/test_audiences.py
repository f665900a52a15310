"""Several audiences of one window close apart, and each is asked and moved apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.audiences import NoList, UnknownAudience
from domain.commands import (
    CloseWindow,
    CompleteItems,
    CompleteStep,
    ExtendWindow,
    OpenWindow,
    PauseDialogue,
    RecordResponse,
    RemindWindow,
    ResumeDialogue,
    RevisitStep,
)
from domain.errors import (
    NothingToDo,
    NotInvited,
    NotLater,
    ReasonMissing,
    StepIncomplete,
    TooManyInvited,
    WindowNotOpen,
    WindowOpen,
)
from domain.events import (
    AudienceReminded,
    ResponseRecorded,
    WindowClosed,
    WindowExtended,
    WindowOpened,
)
from domain.method import LIST
from domain.need import Need
from domain.progress import needs_attention
from domain.terms import Duration
from domain.window_facts import AudienceInvited, InviteToWindow
from tests.domain.asking import CLIENTS, DRAFT, NEIGHBOURS, draft_asked, invited
from tests.domain.story import PASSER_BY, SAID, Story, has

MORE = Duration(working_days=10)
ASKED = f"{DRAFT}.more-time"


def answer(who: str, window: str = DRAFT, at: datetime | None = None) -> RecordResponse:
    """Give the command that records somebody's response."""
    return RecordResponse(window=window, respondent=who, received_at=at, response=SAID)


def more_time(*who: str) -> InviteToWindow:
    """Give the command by which those who asked for it get more time."""
    return InviteToWindow(
        window=DRAFT, audience="more-time", who=who, duration=MORE, reason=SAID
    )


def closings(story: Story) -> dict[str, datetime]:
    """Give when what is open closes."""
    return {name: run.closes for name, run in story.state.open_windows().items()}


def test_a_window_opens_for_all_its_audiences_each_with_its_own_closing() -> None:
    """The panel has ten working days, the client twenty; a list waits for people."""
    story = invited().when(OpenWindow(window=DRAFT))
    story.then(
        has(WindowOpened, window=DRAFT, audience="panel", invited=("k-1", "k-2")),
        has(WindowOpened, window=CLIENTS, audience="client", invited=("c-1",)),
    )
    panel, client = (event.data for event in story.new)
    assert isinstance(panel, WindowOpened)
    assert isinstance(client, WindowOpened)
    assert (panel.rule.amount, client.rule.amount) == (10, 20)
    assert panel.closes < client.closes


def test_one_audience_can_be_opened_by_itself() -> None:
    """The window's own by its role, a further one by its id or its full name."""
    for window, audience, opened in (
        (DRAFT, "panel", DRAFT),
        (DRAFT, "clients", CLIENTS),
        (CLIENTS, None, CLIENTS),
    ):
        story = invited().when(OpenWindow(window=window, audience=audience))
        story.then(has(WindowOpened, window=opened))
    story.when(OpenWindow(window=DRAFT)).then(has(WindowOpened, window=DRAFT))
    story.when(OpenWindow(window=DRAFT)).then_refused(WindowOpen, DRAFT)


def test_an_audience_that_is_not_there_is_refused_by_name() -> None:
    """The refusal says which there are."""
    story = draft_asked()
    story.when(ExtendWindow(window=DRAFT, audience="all", duration=MORE, reason=SAID))
    story.then_refused(UnknownAudience, "panel, clients, neighbours")


def test_an_extension_is_for_one_audience_or_for_all() -> None:
    """For one, the other's closing stays; for all, each is counted from its own."""
    story = draft_asked()
    before = closings(story)
    wish = ExtendWindow(window=DRAFT, audience="panel", duration=MORE, reason=SAID)
    story.when(wish).then(has(WindowExtended, window=DRAFT, was=before[DRAFT]))
    assert closings(story)[CLIENTS] == before[CLIENTS]
    story.when(ExtendWindow(window=DRAFT, duration=MORE, reason=SAID))
    story.then(
        has(WindowExtended, window=DRAFT, generation=3),
        has(WindowExtended, window=CLIENTS, was=before[CLIENTS], generation=2),
    )


def test_an_extension_for_all_that_would_shorten_one_is_refused_whole() -> None:
    """Nobody gets less than was promised."""
    story = draft_asked()
    last = closings(story)[DRAFT].date() + timedelta(days=1)
    day = Duration(until=last)
    story.when(ExtendWindow(window=DRAFT, duration=day, reason=SAID))
    story.then_refused(NotLater)


def test_the_clock_closes_each_audience_at_its_own_time() -> None:
    """The first closing leaves the other window open."""
    story = draft_asked().until_the_next_alarm()
    story.window_ends(DRAFT)
    story.then(has(WindowClosed, window=DRAFT, early=False))
    assert set(closings(story)) == {CLIENTS, "invite.echo"} - {"invite.echo"}
    story.window_ends(CLIENTS).then(has(WindowClosed, window=CLIENTS))


def test_closing_a_window_closes_all_that_is_open_of_it() -> None:
    """Once their time is over, that is, or where the method lets it."""
    story = draft_asked()
    story.at(max(closings(story).values())).when(CloseWindow(window=DRAFT))
    story.then(has(WindowClosed, window=DRAFT), has(WindowClosed, window=CLIENTS))
    story.when(CloseWindow(window=DRAFT)).then_refused(WindowNotOpen)


def test_only_the_silent_of_each_audience_are_reminded() -> None:
    """Who has responded hears nothing, in whichever audience."""
    story = draft_asked().and_(answer("k-1"), answer("c-1"))
    story.when(RemindWindow(window=DRAFT))
    story.then(has(AudienceReminded, window=DRAFT, silent=("k-2",)))
    story.and_(answer("k-2")).when(RemindWindow(window=DRAFT))
    story.then_refused(NothingToDo, "nobody is silent")


@pytest.mark.parametrize(("who", "window"), [("k-1", DRAFT), ("c-1", CLIENTS)])
def test_a_response_to_the_window_goes_to_the_audience_of_its_sender(
    who: str, window: str
) -> None:
    """And each audience numbers its own."""
    story = draft_asked().when(answer(who))
    story.then(has(ResponseRecorded, window=window, number=1, late=False))
    story.when(answer("x-9")).then_refused(NotInvited, "panel")


def test_what_is_late_for_one_audience_can_be_in_time_for_another() -> None:
    """Two closing dates side by side."""
    story = draft_asked().window_ends(DRAFT).later(hours=1)
    story.when(answer("k-1")).then(has(ResponseRecorded, window=DRAFT, late=True))
    story.when(answer("c-1")).then(has(ResponseRecorded, window=CLIENTS, late=False))


def test_a_list_of_the_method_opens_with_its_people() -> None:
    """Its term is the method's, counted from now."""
    wish = InviteToWindow(window=DRAFT, audience="neighbours", who=("n-1", "n-2"))
    story = draft_asked().when(wish)
    story.then(has(WindowOpened, window=NEIGHBOURS, audience=LIST, invited=wish.who))
    more = wish.model_copy(update={"who": ("n-2", "n-3")})
    story.when(more).then(has(AudienceInvited, window=NEIGHBOURS, who=("n-3",)))
    assert story.run(NEIGHBOURS).silent == ("n-1", "n-2", "n-3")
    story.when(more).then_refused(NothingToDo)
    told = [
        e.recipients for e in story.state.effects.values() if e.target == NEIGHBOURS
    ]
    assert told == [("n-1", "n-2"), ("n-3",)]


def test_more_time_for_those_who_asked_counts_on_from_their_own_closing() -> None:
    """The others keep theirs; who got more is not reminded of the first one.

    From 15 December ten working days are 16, 17, 18, 21 to 24, 28, 29 and 30 December.
    """
    story = draft_asked()
    before = closings(story)[DRAFT]
    assert before == datetime(2026, 12, 15, 23, tzinfo=UTC)
    story.when(more_time("k-2")).then(has(WindowOpened, window=ASKED))
    assert story.run(ASKED).closes == datetime(2026, 12, 30, 23, tzinfo=UTC)
    assert closings(story)[DRAFT] == before
    assert story.run(DRAFT).silent == ("k-1",)
    story.window_ends(DRAFT).when(answer("k-2"))
    story.then(has(ResponseRecorded, window=ASKED, late=False))
    story.when(answer("k-1")).then(has(ResponseRecorded, window=DRAFT, late=True))


def test_a_list_made_as_it_goes_needs_a_reason_and_a_name_of_its_own() -> None:
    """A role's people get the role; a list is no role."""
    story = draft_asked()
    story.when(more_time("k-1").model_copy(update={"reason": None}))
    story.then_refused(ReasonMissing)
    for taken in ("panel", "client", "clients"):
        story.when(more_time("k-1").model_copy(update={"audience": taken}))
        story.then_refused(NoList, taken)


def test_a_list_holds_no_more_than_events_can_say() -> None:
    """A larger audience is the public."""
    crowd = tuple(f"{n:->190}" for n in range(100))
    draft_asked().when(more_time(*crowd)).then_refused(TooManyInvited)


def test_a_step_waits_for_every_audience_and_for_lists_that_are_open() -> None:
    """A list that nobody was put on holds up nothing."""
    every = CompleteItems(items=("invite.list", "invite.letters", "invite.hall"))
    story = draft_asked().and_(every, more_time("k-2"))
    story.when(CompleteStep(step="invite"))
    story.then_refused(StepIncomplete, DRAFT, CLIENTS, ASKED)
    story.windows_end().when(CompleteStep(step="invite"))
    assert story.refusal is None


def test_an_audience_without_people_needs_somebody() -> None:
    """As any window that asks nobody."""
    story = invited().and_(OpenWindow(window=DRAFT, audience="neighbours"))
    assert Need("nobody_invited", NEIGHBOURS) in needs_attention(story.state)


def test_a_pause_stops_all_audiences_and_gives_each_its_own_time_back() -> None:
    """Also to those who had more time."""
    story = draft_asked().and_(more_time("k-2"))
    before = closings(story)
    story.and_(PauseDialogue(reason=SAID)).later(days=9).and_(ResumeDialogue())
    after = closings(story)
    assert {n: after[n] - before[n] for n in before} == dict.fromkeys(
        before, timedelta(days=9)
    )


def test_going_back_voids_every_audience_and_tells_the_method_roles_once() -> None:
    """Everybody who was asked hears that it no longer counts."""
    every = CompleteItems(items=("invite.list", "invite.letters", "invite.hall"))
    story = draft_asked().and_(every, more_time("k-2"), answer("k-1")).windows_end()
    story.and_(CompleteStep(step="invite"), RevisitStep(step="invite", reason=SAID))
    voided = {
        n for n, runs in story.state.windows.items() if runs[-1].status == "voided"
    }
    assert voided >= {DRAFT, CLIENTS, ASKED}
    told = {c.undoes: c.recipients for c in story.state.compensations.values()}
    assert told[DRAFT] == ("k-1", "k-2", "c-1")
    assert told[CLIENTS] == ("c-1",)
    assert told[ASKED] == ("k-2",)
    story.and_(OpenWindow(window=DRAFT))
    assert story.run(DRAFT).run == 2
    assert story.run(DRAFT).round == 2
    assert story.run(ASKED).run == 1


def test_nobody_responds_in_a_list_that_they_are_not_on() -> None:
    """A list asks those on it, and no others."""
    story = draft_asked().and_(more_time("k-2"))
    story.when(answer("k-1", ASKED)).then_refused(NotInvited)
    story.when(answer(PASSER_BY.id, ASKED), by=PASSER_BY).then_refused(NotInvited)

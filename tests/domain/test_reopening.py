"""A window that was held badly is opened again, and what was received stays valid."""

from __future__ import annotations

from domain.commands import OpenWindow, PauseDialogue, RecordResponse, RevisitStep
from domain.errors import (
    DialoguePaused,
    OpenedTooOften,
    WindowNotOpen,
    WindowOpen,
)
from domain.events import ResponseRecorded, WindowOpened
from domain.openings import MOST_OPENINGS
from domain.reopening import NothingToReopen
from domain.terms import Duration
from domain.window_facts import InviteToWindow, ReopenWindow
from tests.domain.asking import CLIENTS, DRAFT, NEIGHBOURS, draft_asked, invited
from tests.domain.story import SAID, Story, has

WEEK = Duration(calendar_days=7)
AGAIN = ReopenWindow(
    window=DRAFT, duration=WEEK, because="faulty_publication", reason=SAID
)


def answer(who: str) -> RecordResponse:
    """Give the command that records somebody's response."""
    return RecordResponse(window=DRAFT, respondent=who, response=SAID)


def held() -> Story:
    """Begin a story in which k-1 and the client responded, and both windows closed."""
    story = draft_asked().and_(answer("k-1"), answer("c-1"))
    return story.window_ends(DRAFT).window_ends(CLIENTS)


def test_what_was_received_is_kept_and_the_numbers_run_on() -> None:
    """Who responded is not silent; the next response is the second."""
    story = held().when(AGAIN)
    story.then(
        has(WindowOpened, window=DRAFT, run=2, round=1, because="faulty_publication"),
        has(WindowOpened, window=CLIENTS, run=2, because="faulty_publication"),
    )
    assert story.run(DRAFT).silent == ("k-2",)
    assert story.run(CLIENTS).silent == ()
    assert story.state.windows[DRAFT][0].on_time == 1
    story.when(answer("k-2"))
    story.then(has(ResponseRecorded, run=2, number=2, late=False))


def test_opening_anew_asks_everybody_again() -> None:
    """That is another thing, and still there."""
    story = held().and_(OpenWindow(window=DRAFT, audience="panel"))
    assert story.run(DRAFT).silent == ("k-1", "k-2")


def test_a_window_opens_again_for_one_audience() -> None:
    """The other stays closed."""
    story = held().when(AGAIN.model_copy(update={"audience": "clients"}))
    story.then(has(WindowOpened, window=CLIENTS))


def test_a_list_opens_again_with_its_people() -> None:
    """Nobody has to be named twice."""
    who = ("n-1", "n-2")
    wish = InviteToWindow(window=DRAFT, audience="neighbours", who=who)
    story = held().and_(wish).window_ends(NEIGHBOURS)
    story.when(AGAIN.model_copy(update={"audience": "neighbours"}))
    story.then(has(WindowOpened, window=NEIGHBOURS, run=2, invited=who))


def test_only_what_was_held_opens_again() -> None:
    """Never opened, open still, voided, and standing still are four refusals."""
    invited().when(AGAIN).then_refused(NothingToReopen)
    draft_asked().when(AGAIN).then_refused(WindowOpen)
    story = held().and_(PauseDialogue(reason=SAID))
    story.when(AGAIN).then_refused(DialoguePaused)
    story = held().and_(RevisitStep(step="brief", reason=SAID))
    story.when(AGAIN).then_refused(WindowNotOpen, "voided")


def test_opening_again_is_an_opening_like_any() -> None:
    """A window opens so often in a round, and no more."""
    story = held()
    for _ in range(MOST_OPENINGS - 1):
        story.and_(AGAIN.model_copy(update={"audience": "panel"})).window_ends(DRAFT)
    story.when(AGAIN.model_copy(update={"audience": "panel"}))
    story.then_refused(OpenedTooOften)

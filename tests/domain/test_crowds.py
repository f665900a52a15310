"""However many come and go, and are asked however often: going back stays possible."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from domain.commands import (
    AssignRole,
    CloseWindow,
    CompleteStep,
    OpenWindow,
    ReleaseRole,
    RevisitStep,
    StartStep,
)
from domain.errors import OpenedTooOften, TooManyInvited
from domain.events import CompensationPlanned, WindowOpened, to_data
from domain.method import compiled
from domain.openings import MOST_OPENINGS
from methods.load import LoadedMethod
from tests.domain.small_methods import a_method, a_phase, a_step, a_window
from tests.domain.story import SAID, Story, nothing, start
from tests.domain.witness import MAX_EVENT_BYTES

BOARD = tuple(f"{n:036}" for n in range(340))
CLOSE = CloseWindow(window="a.w", reason=SAID)
OPEN = OpenWindow(window="a.w")
BACK = RevisitStep(step="a", reason=SAID)


@pytest.fixture
def story() -> Story:
    """Begin a story in which a board of 340 can be asked by one step."""
    window = a_window("w", may_close_early=True)
    other = a_window(
        "v", may_close_early=True, opens={"on": "step_completed", "step": "b"}
    )
    steps = (a_step("a", windows=[window, other]), a_step("b", needs=[]))
    whole = compiled(a_method(a_phase("p", *steps)))
    roles = {"director": ("d-1",), "board": BOARD}
    begin = start(LoadedMethod(whole, "0" * 64, b""), roles=roles)
    return nothing().and_(begin, StartStep(step="a"))


def planned(story: Story) -> list[CompensationPlanned]:
    """What the last wish brought to be undone, every event being small enough."""
    for event in story.new:
        data, _ = to_data(event)
        assert len(json.dumps(data).encode()) < MAX_EVENT_BYTES / 2
    facts = [event.data for event in story.new]
    return [fact for fact in facts if isinstance(fact, CompensationPlanned)]


def test_those_who_come_and_go_while_a_window_is_open_are_all_told(
    story: Story,
) -> None:
    """There is an end to how many can; each hears of a return, and nobody twice."""
    story.and_(OPEN)
    come = [f"{n:0200}" for n in range(100)]
    for number, who in enumerate(come):
        story.and_(ReleaseRole(role="board", actor=BOARD[number]))
        story.when(AssignRole(role="board", actor=who))
        if story.refusal:
            break
        story.and_(ReleaseRole(role="board", actor=who))
    story.then_refused(TooManyInvited, "a.w")
    invited = story.run("a.w").invited
    assert len(invited) > len(BOARD) + 60
    story.and_(CLOSE, CompleteStep(step="a")).when(BACK)
    told = [who for act in planned(story) for who in act.recipients]
    assert sorted(told) == sorted(invited)
    assert story.mail_goes_out().state.effects == {}


def test_who_was_asked_often_in_a_window_hears_once_that_it_is_void(
    story: Story,
) -> None:
    """There is an end to how often a window opens in one round."""
    for _ in range(MOST_OPENINGS):
        story.later(hours=1).and_(OPEN, CLOSE)
    story.when(OPEN).then_refused(OpenedTooOften, "20", "revisit_step")
    story.and_(CompleteStep(step="a")).when(BACK)
    (act,) = planned(story)
    assert (act.undoes, act.run) == ("a.w", MOST_OPENINGS)
    assert act.recipients == BOARD
    story.when(OPEN).then(WindowOpened)


def test_a_window_that_opened_too_often_holds_up_no_step(story: Story) -> None:
    """A step that would open it again completes without."""
    for _ in range(MOST_OPENINGS):
        story.later(hours=1).and_(
            OpenWindow(window="a.v"), CloseWindow(window="a.v", reason=SAID)
        )
    story.at(story.now + timedelta(hours=1)).and_(CompleteStep(step="b"))
    assert story.run("a.v").status == "closed"

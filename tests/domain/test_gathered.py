"""Many responses in one command: by the rules each, and the state does not grow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.commands import StartStep
from domain.crowds import SubmittedTwice
from domain.errors import NotEntitled, UnknownWindow
from domain.events import ResponseRecorded
from domain.state import Dialogue
from domain.window_facts import (
    MAX_GATHERED,
    GatheredResponse,
    RecordResponses,
    ResponsesGathered,
)
from tests.domain.asking import DRAFT, draft_asked
from tests.domain.story import PASSER_BY, SAID, SYSTEM, Story, given, has

IDEAS = "brief.ideas"


def many(
    count: int, begin: int = 1, window: str = IDEAS, **more: object
) -> RecordResponses:
    """Give the command that records so many responses of the public."""
    members = [
        {"submission": f"s-{n}", "respondent": f"r-{n}", "response": SAID, **more}
        for n in range(begin, begin + count)
    ]
    return RecordResponses.model_validate({"window": window, "responses": members})


def ideas_open() -> Story:
    """Begin a story in which everybody is asked for ideas."""
    return given(StartStep(step="brief"))


def test_each_response_is_an_event_of_its_own() -> None:
    """With its number and the submission that its text lies under."""
    story = ideas_open().when(many(3), by=SYSTEM)
    each = [
        has(ResponseRecorded, number=n, submission=f"s-{n}", late=False)
        for n in (1, 2, 3)
    ]
    story.then(has(ResponsesGathered, count=3, refused=()), *each)
    assert story.new[0].digest is not None
    assert {event.digest for event in story.new[1:]} == {None}


def test_one_that_the_rules_keep_out_holds_up_no_other() -> None:
    """It is named with the rule; the others are recorded."""
    story = draft_asked()
    wish = RecordResponses(
        window=DRAFT,
        responses=(
            GatheredResponse(submission="s-1", respondent="k-1"),
            GatheredResponse(submission="s-2", respondent="stranger"),
            GatheredResponse(submission="s-3", respondent="c-1"),
        ),
    )
    story.when(wish, by=SYSTEM)
    gathered = story.new[0].data
    assert isinstance(gathered, ResponsesGathered)
    assert [(r.submission, r.error) for r in gathered.refused] == [
        ("s-2", "NotInvited")
    ]
    assert gathered.count == len(story.new) - 1 == 2


def test_also_where_all_are_refused_that_is_on_record() -> None:
    """Nothing that arrives disappears."""
    story = ideas_open().window_ends(IDEAS).later(hours=1)
    story.when(many(2), by=SYSTEM).then(has(ResponsesGathered, count=0))


def test_what_the_desk_had_in_time_is_in_time() -> None:
    """However long it lay there."""
    story = ideas_open()
    at = story.run(IDEAS).closes - timedelta(microseconds=1)
    story.window_ends(IDEAS).later(days=1).when(many(2, received_at=at), by=SYSTEM)
    story.then(ResponsesGathered, *[has(ResponseRecorded, late=False)] * 2)


def test_twenty_thousand_responses_do_not_make_the_state_grow() -> None:
    """A late one takes a bit, a command sixteen bytes: nothing else is kept."""
    story = ideas_open().and_(many(MAX_GATHERED), by=SYSTEM)
    before = size(story.state)
    commands = 20_000 // MAX_GATHERED
    for n in range(1, 21):
        story.and_(many(MAX_GATHERED, n * MAX_GATHERED + 1), by=SYSTEM)
    each = (size(story.state) - before) / 20
    assert each * commands < 12_000
    assert story.state.received(IDEAS) == 21 * MAX_GATHERED


def test_a_late_crowd_takes_a_bit_each() -> None:
    """20,000 late responses would take 3.4 kB."""
    story = draft_asked().window_ends(DRAFT).later(hours=1)
    for n in range(20):
        wish = RecordResponses(
            window=DRAFT,
            responses=tuple(
                GatheredResponse(submission=f"s-{n}-{i}", respondent="k-1")
                for i in range(MAX_GATHERED)
            ),
        )
        story.and_(wish, by=SYSTEM)
    run = story.run(DRAFT)
    assert run.late == 20 * MAX_GATHERED
    assert len(run.late_ones) <= run.late / 8 * 4 / 3 + 4


def size(state: Dialogue) -> int:
    """Give the bytes of a state, as it is carried on."""
    return len(state.model_dump_json(exclude={"plan", "calendar"}))


def test_a_submission_comes_once() -> None:
    """Twice in one command is a mistake of whoever gathered."""
    wish = many(1)
    twice = wish.model_copy(update={"responses": wish.responses * 2})
    ideas_open().when(twice, by=SYSTEM).then_refused(SubmittedTwice, "s-1")


def test_a_crowd_is_gathered_by_who_runs_the_process() -> None:
    """Nobody else speaks for many."""
    ideas_open().when(many(2), by=PASSER_BY).then_refused(NotEntitled)


def test_a_crowd_has_its_bounds_and_its_window() -> None:
    """Fifty at most, and at least one; in a window that there is."""
    for count in (0, MAX_GATHERED + 1):
        with pytest.raises(ValidationError):
            many(count)
    story = ideas_open().when(many(1, window="brief.nothing"), by=SYSTEM)
    story.then_refused(UnknownWindow)

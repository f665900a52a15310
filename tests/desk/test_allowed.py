"""The work list tells each reader what they may do, and nothing else."""

from __future__ import annotations

import pytest

from desk.today import Task
from domain.advice import Advice
from domain.allowed import for_reader, role_for
from domain.commands import OpenWindow, PauseDialogue, StartStep
from tests.desk.listed import tasks
from tests.desk.test_advice import STORIES
from tests.domain.story import HOLDERS, SAID, STREAM, Story, brief_done, given, start

READERS = [who for held in HOLDERS.values() for who in held]


def listed(story: Story, reader: str | None) -> list[Task]:
    """The work list of one reader in one dialogue."""
    return [*tasks(STREAM, story.state, story.now, "en", reader)]


def asked() -> Story:
    """A story in which the panel is asked what it thinks."""
    return brief_done(given()).and_(
        StartStep(step="invite"), OpenWindow(window="invite.draft")
    )


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", STORIES)
def test_nobody_is_told_what_would_be_refused_them(name: str, reader: str) -> None:
    """Each act is within the rights of the reader, in the role that it names."""
    story = STORIES[name]
    for task in listed(story, reader):
        if task.advice is None:
            assert reader == "d-1"
            continue
        assert role_for(story.state, task.advice, reader) is not None


def test_who_runs_the_process_sees_all_of_it() -> None:
    """The director's list is the list of anybody."""
    for story in STORIES.values():
        assert listed(story, "d-1") == listed(story, None)


def test_who_is_invited_and_silent_is_asked_to_respond() -> None:
    """A member of the panel sees the window, and nothing that is the director's."""
    (task,) = listed(asked(), "k-1")
    assert (task.kind, task.target) == ("respond", "invite.draft")
    assert task.advice is not None
    assert task.advice.kind == "record_response"
    assert task.advice.body["respondent"] == "k-1"
    assert task.due is not None


def test_a_pause_is_no_business_of_who_may_not_end_it() -> None:
    """The panel sees nothing of it, the director how to go on."""
    story = asked().and_(PauseDialogue(reason=SAID))
    assert listed(story, "k-1") == []
    assert [task.kind for task in listed(story, "d-1")][-1] == "paused"


def test_a_role_that_is_not_the_usual_one_is_named() -> None:
    """Who holds two roles acts in the one that may."""
    roles = {**HOLDERS, "facilitator": ("f-1", "k-1")}
    state = Story().and_(start(roles=roles)).state
    panel = Advice("record_response", {"window": "brief.ideas", "respondent": "k-1"})
    assert role_for(state, panel, "k-1") is not None
    pausing = Advice("pause_dialogue", {"reason": ""})
    assert role_for(state, pausing, "k-1") is None
    assert not for_reader(state, "k-1")(pausing)
    assert for_reader(state, None)(pausing)

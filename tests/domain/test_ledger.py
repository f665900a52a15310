"""Every response gets an outcome with a reason, or it is said why not."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.commands import (
    ArchiveDialogue,
    CancelDialogue,
    CompleteDialogue,
    CompleteItems,
    CompleteStep,
    RecordResponse,
)
from domain.coverage import ResponsesUnanswered, unanswered
from domain.errors import (
    DialogueEnded,
    NotEntitled,
    NothingToDo,
    UnknownWindow,
)
from domain.events import DialogueCompleted
from domain.ledger import (
    AnsweredAlready,
    GroupAnswered,
    GroupDiffers,
    InOtherGroup,
    UnknownGroup,
    UnknownResponses,
)
from domain.ledger_facts import (
    AnswerResponse,
    ResponseAnswered,
    ResponsesGrouped,
    ResponsesLeftUnanswered,
    ResponsesUngrouped,
    UngroupResponses,
)
from domain.method import StepCompletion
from domain.progress import needs_attention
from domain.response_numbers import written
from tests.domain.answering import (
    DRAFT,
    IDEAS,
    answer,
    asked,
    counts,
    group,
    leave,
    waits,
)
from tests.domain.story import (
    ANNE,
    FACILITATOR,
    SAID,
    all_done,
    has,
)

# Answering.


def test_a_response_is_answered_with_an_outcome_and_a_reason() -> None:
    """What has an answer waits no more, and is counted by what it got."""
    story = asked(4).when(answer("1"))
    story.then(has(ResponseAnswered, numbers="1", outcome="adopted", was={}))
    story.and_(answer("2", "partly"), answer("3", "not"))
    assert waits(story) == "4"
    assert counts(story) == {
        "total": 4,
        "adopted": 1,
        "partly": 1,
        "rejected": 1,
        "waiting": 1,
    }


def test_several_responses_get_one_answer() -> None:
    """They are named as people write numbers."""
    story = asked(5).when(answer("1-2, 4"))
    story.then(has(ResponseAnswered, numbers="1-2,4"))
    assert waits(story) == "3,5"


def test_an_answer_can_change_and_says_what_it_was() -> None:
    """Nothing is rewritten: the change names the outcome before it."""
    story = asked(3).and_(answer("1", "not"), answer("2")).when(answer("1-3", "partly"))
    story.then(has(ResponseAnswered, was={"not": "1", "adopted": "2"}))
    assert counts(story) == {"total": 3, "partly": 3}


def test_only_responses_that_were_given_can_be_answered() -> None:
    """The refusal says how many there are."""
    story = asked(2).when(answer("2-4"))
    story.then_refused(UnknownResponses, "has 2 responses", "3-4")
    story.when(answer("1", window="brief.nothing")).then_refused(UnknownWindow)


def test_an_answer_names_numbers_of_a_window_or_a_group() -> None:
    """Not both, and not neither."""
    for told in ({}, {"window": IDEAS}, {"group": "a", "window": IDEAS}):
        with pytest.raises(ValidationError, match="name a"):
            AnswerResponse.model_validate(
                {**told, "outcome": "not", "reason": SAID.model_dump()}
            )


def test_who_runs_the_process_answers() -> None:
    """A participant does not, nor whoever completes items."""
    story = asked(1)
    for who in (ANNE, FACILITATOR):
        story.when(answer("1"), by=who).then_refused(NotEntitled)


def test_answers_can_be_given_while_the_window_is_open_and_while_all_stands_still() -> (
    None
):
    """Whoever responds early may hear early."""
    story = asked(1).when(answer("1")).then(ResponseAnswered)
    assert story.run(IDEAS).status == "open"


# Groups.


def test_identical_responses_are_answered_as_one_and_each_is_counted() -> None:
    """Four hundred postcards take one answer, and give four hundred answered."""
    story = asked(6).and_(group("cards", "1-4,6", "identical"))
    story.when(answer(group="cards", outcome="not"))
    story.then(has(ResponseAnswered, numbers="1-4,6", group="cards", window=IDEAS))
    assert counts(story) == {"total": 6, "rejected": 5, "waiting": 1}


def test_a_group_grows_until_it_is_answered() -> None:
    """What comes in later is answered by itself, or in another group."""
    story = asked(4).and_(group("traffic", "1-2")).when(group("traffic", "2-3"))
    story.then(has(ResponsesGrouped, numbers="3"))
    story.when(group("traffic", "1")).then_refused(NothingToDo, "in this group already")
    story.and_(answer(group="traffic"))
    story.when(group("traffic", "4")).then_refused(GroupAnswered, "traffic")


def test_a_group_has_one_window_and_one_ground() -> None:
    """Its id can't be used for another."""
    story = asked(2).and_(group("cards", "1", "identical"))
    story.when(group("cards", "2", "theme")).then_refused(GroupDiffers, "identical")


def test_a_response_is_identical_with_one_group_only() -> None:
    """A theme is another matter: a response can touch on several."""
    story = asked(3).and_(group("cards", "1-2", "identical"))
    story.when(group("letters", "2-3", "identical")).then_refused(InOtherGroup, "cards")
    story.when(group("traffic", "2-3")).then(ResponsesGrouped)


def test_a_response_on_two_themes_waits_until_both_are_answered() -> None:
    """Adopted on one theme and not on another, it is adopted partly."""
    story = asked(3).and_(group("traffic", "1-2"), group("height", "2-3"))
    story.and_(answer(group="traffic"))
    assert waits(story) == "2-3"
    story.and_(answer(group="height", outcome="not"))
    assert counts(story) == {"total": 3, "adopted": 1, "partly": 1, "rejected": 1}


def test_an_answer_to_a_response_itself_goes_before_that_of_its_group() -> None:
    """Whoever was answered singly does not hear the group's answer too."""
    story = asked(3).and_(group("traffic", "1-3"), answer("2", "not"))
    story.when(answer(group="traffic"))
    story.then(has(ResponseAnswered, numbers="1,3"))
    assert counts(story) == {"total": 3, "adopted": 2, "rejected": 1}
    story.and_(answer("1", "partly"))
    assert counts(story) == {"total": 3, "adopted": 1, "partly": 1, "rejected": 1}


def test_a_group_of_which_all_were_answered_singly_has_nothing_to_answer() -> None:
    """Nobody would hear of it."""
    story = asked(2).and_(group("traffic", "1-2"), answer("1-2"))
    story.when(answer(group="traffic")).then_refused(NothingToDo, "answered singly")


def test_the_answer_of_a_group_can_change() -> None:
    """For all of it, and it says what it was."""
    story = asked(2).and_(group("traffic", "1-2"), answer(group="traffic"))
    story.when(answer(group="traffic", outcome="not"))
    story.then(has(ResponseAnswered, numbers="1-2", was={"adopted": "1-2"}))
    assert counts(story) == {"total": 2, "rejected": 2}


def test_responses_leave_a_group_that_waits() -> None:
    """The last to leave end it; one that was answered stays as it is."""
    story = asked(3).and_(group("traffic", "1-3"))
    story.when(UngroupResponses(group="traffic", numbers="2"))
    story.then(has(ResponsesUngrouped, numbers="2", window=IDEAS))
    story.when(UngroupResponses(group="traffic", numbers="2"))
    story.then_refused(NothingToDo, "not in this group")
    story.and_(UngroupResponses(group="traffic"))
    story.when(answer(group="traffic")).then_refused(UnknownGroup, "none")
    story.and_(group("height", "1"), answer(group="height"))
    story.when(UngroupResponses(group="height")).then_refused(GroupAnswered)


# Leaving unanswered.


def test_responses_are_left_unanswered_only_with_a_reason() -> None:
    """By default all that wait; those who were answered are not touched."""
    story = asked(3).and_(answer("2")).when(leave())
    story.then(has(ResponsesLeftUnanswered, numbers="1,3"))
    assert counts(story) == {"total": 3, "adopted": 1, "left": 2}
    story.when(leave()).then_refused(NothingToDo, "no response to this window waits")


def test_what_was_answered_is_not_left_unanswered() -> None:
    """Somebody who names it made a mistake, and hears so."""
    story = asked(3).and_(answer("2")).when(leave("2-3"))
    story.then_refused(AnsweredAlready, "Responses 2 of")


def test_what_was_left_can_still_be_answered() -> None:
    """And then it is answered, not left."""
    story = asked(2).and_(leave()).when(answer("1")).then(ResponseAnswered)
    assert counts(story) == {"total": 2, "adopted": 1, "left": 1}


def test_leaving_speaks_of_what_came_in_so_far() -> None:
    """What comes in later waits."""
    story = asked(1).and_(leave(), RecordResponse(window=IDEAS, respondent="r-9"))
    assert waits(story) == "2"


# What may not be done while a response waits.


def test_a_dialogue_completes_only_when_every_response_was_answered() -> None:
    """Promise 9: no answer is silently missing."""
    story = all_done()
    story.and_(RecordResponse(window=DRAFT, respondent="k-1"))
    story.and_(RecordResponse(window=DRAFT, respondent="k-2"))
    story.when(CompleteDialogue())
    story.then_refused(ResponsesUnanswered, "answer: 2, in invite.draft", "leave_un")
    story.and_(answer("1", window=DRAFT))
    story.when(CompleteDialogue()).then_refused(ResponsesUnanswered, "answer: 1")
    story.and_(leave(window=DRAFT))
    story.when(CompleteDialogue()).then(DialogueCompleted)


def test_what_comes_in_after_completion_is_answered_before_the_archive() -> None:
    """Completing does not end the promise; after the archive nothing can be said."""
    story = all_done().and_(CompleteDialogue()).mail_goes_out()
    story.and_(RecordResponse(window=DRAFT, respondent="k-1"))
    story.when(ArchiveDialogue()).then_refused(ResponsesUnanswered, DRAFT)
    story.when(answer("1", window=DRAFT)).then(ResponseAnswered)
    story.mail_goes_out().and_(ArchiveDialogue())
    story.when(answer("1", "not", window=DRAFT)).then_refused(DialogueEnded)


def test_a_dialogue_that_was_cancelled_is_archived_without_answers() -> None:
    """Cancelling has a reason of its own; who wants to answer still can."""
    story = asked(2).and_(CancelDialogue(reason=SAID)).mail_goes_out()
    story.when(answer("1")).then(ResponseAnswered)
    story.mail_goes_out().when(ArchiveDialogue())
    assert story.state.status == "archived"


def test_what_waits_is_known_by_step() -> None:
    """So that a final report can be held back for its own windows."""
    story = asked(2)
    assert {w: written(b) for w, b in unanswered(story.state).items()} == {IDEAS: "1-2"}
    assert unanswered(story.state, "brief")
    assert not unanswered(story.state, "invite")


def test_a_window_that_closed_asks_for_its_answers() -> None:
    """While it is open nobody is pressed."""
    story = asked(1)
    assert ("unanswered", IDEAS) not in needs_attention(story.state)
    story.window_ends(IDEAS)
    assert ("unanswered", IDEAS) in needs_attention(story.state)
    story.and_(leave())
    assert ("unanswered", IDEAS) not in needs_attention(story.state)


def test_a_step_can_ask_for_its_answers() -> None:
    """Where its method says so it does not complete while one waits."""
    story = asked(1).window_ends(IDEAS)
    story.and_(CompleteItems(items=("brief.money", "brief.question")))
    strict = story.state.plan.steps["brief"].model_copy(
        update={"completion": StepCompletion(responses="answered")}
    )
    phases = tuple(
        phase.model_copy(
            update={
                "steps": tuple(strict if s.id == "brief" else s for s in phase.steps)
            }
        )
        for phase in story.state.plan.phases
    )
    plan = story.state.plan.model_copy(update={"phases": phases})
    story.as_if(story.state.but(plan=plan))
    story.when(CompleteStep(step="brief")).then_refused(ResponsesUnanswered, IDEAS)
    story.and_(answer("1"), CompleteStep(step="brief"))


def test_a_method_that_asks_for_no_answers_keeps_its_hash() -> None:
    """What it does not say is not in its compiled form."""
    assert "responses" not in StepCompletion().model_dump()
    assert StepCompletion(responses="answered").model_dump()["responses"] == "answered"

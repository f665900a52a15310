"""We look at ourselves and mark what is weak; they say what it brought; both stand."""

from __future__ import annotations

from domain.commands import CancelDialogue
from domain.errors import NotEntitled, NotHolder
from domain.events import to_data
from domain.facts import Actor
from domain.progress import progress
from domain.reflection import (
    NoSelfAssessment,
    ScoreOffScale,
    UnknownElement,
    extra_attention,
)
from domain.reflection_facts import (
    EvaluationRecorded,
    RecordEvaluation,
    RecordSelfAssessment,
    SelfAssessmentRecorded,
)
from tests.domain.gated import begun
from tests.domain.story import ANNE, BRAM, PASSER_BY, SAID, given, has

FIRST = RecordSelfAssessment(
    scores={"inclusion": 2, "motive": 4, "knowledge": 1}, note=SAID
)
THEIRS = RecordEvaluation(by="k-1", goal_reached="partly", gained_them=SAID)


def test_a_weak_score_marks_the_steps_that_the_method_names() -> None:
    """Elements come in the order of the method, steps in that of the plan."""
    begun().when(FIRST).then(
        has(
            SelfAssessmentRecorded,
            number=1,
            scores={"motive": 4, "inclusion": 2, "knowledge": 1},
            scored=("motive", "inclusion", "knowledge"),
            weak=("inclusion", "knowledge"),
            steps=("talk", "consent"),
        )
    )


def test_marks_are_for_attention_and_hold_up_nothing() -> None:
    """Where it stands tells them, and what fails does not count them."""
    story = begun().and_(FIRST)
    assert extra_attention(story.state) == {
        "talk": ("inclusion",),
        "consent": ("inclusion",),
    }
    told = progress(story.state, story.now)
    assert told["extraAttention"] == ["talk", "consent"]
    assert told["needsAttention"] == []


def test_it_is_repeated_and_the_last_score_counts() -> None:
    """Elements that were not scored again keep their score."""
    story = begun().and_(FIRST)
    story.when(RecordSelfAssessment(scores={"inclusion": 3, "motive": 1}))
    story.then(
        has(
            SelfAssessmentRecorded,
            number=2,
            scores={"motive": 1, "inclusion": 3, "knowledge": 1},
            scored=("motive", "inclusion"),
            weak=("motive", "knowledge"),
            steps=("brief",),
        )
    )
    assert extra_attention(story.state) == {"brief": ("motive",)}


def test_scores_are_on_the_method_s_scale() -> None:
    """Of its elements, and no others."""
    story = begun()
    story.when(RecordSelfAssessment(scores={"motive": 6}))
    story.then_refused(ScoreOffScale, "motive", "5")
    story.when(RecordSelfAssessment(scores={"luck": 1})).then_refused(UnknownElement)
    story.when(RecordEvaluation(by="k-1", goal_reached="no", scores={"luck": 1}))
    story.then_refused(UnknownElement, "motive")


def test_a_method_without_one_has_nothing_to_score() -> None:
    """Evaluating is possible in any method."""
    given().when(FIRST).then_refused(NoSelfAssessment)
    given().when(THEIRS).then(EvaluationRecorded)


def test_what_it_brought_is_private_and_whether_it_did_is_not() -> None:
    """The words are the stakeholder's."""
    story = begun().and_(THEIRS)
    data, private = to_data(story.events[-1])
    assert (data["by"], data["goal_reached"]) == ("k-1", "partly")
    assert list(private) == ["/gained_them"]


def test_a_participant_evaluates_in_person() -> None:
    """For themselves, and not for somebody else."""
    begun().when(THEIRS, by=ANNE).then(has(EvaluationRecorded, by="k-1", number=1))
    begun().when(THEIRS, by=BRAM).then_refused(NotEntitled)
    passing = RecordEvaluation(by="r-1", goal_reached="no")
    begun().when(passing, by=PASSER_BY).then(EvaluationRecorded)
    liar = Actor(id="k-1", role="director")
    begun().when(THEIRS, by=liar).then_refused(NotHolder)
    ours = RecordEvaluation(by="us", goal_reached="yes")
    begun().when(ours, by=Actor(id="us", role="public")).then_refused(NotEntitled)


def test_evaluations_stand_side_by_side() -> None:
    """The same person may say another thing years later, also after the end."""
    story = begun().and_(THEIRS, CancelDialogue(reason=SAID))
    story.when(THEIRS.model_copy(update={"goal_reached": "no"}))
    story.then(has(EvaluationRecorded, number=2, goal_reached="no"))
    story.when(RecordEvaluation(by="us", goal_reached="yes", scores={"motive": 5}))
    story.then(has(EvaluationRecorded, number=3, by="us"))
    assert story.state.reflection.evaluations == 3


def test_saying_the_same_again_is_another_assessment() -> None:
    """That nothing changed is news too."""
    story = begun().and_(FIRST).when(FIRST)
    story.then(has(SelfAssessmentRecorded, number=2))

"""The lists of the harvest follow from its events: what stands, and what did."""

from __future__ import annotations

from typing import Any

from domain.agreement_facts import (
    ExtendAgreement,
    MakeAgreement,
    ReconfirmAgreement,
    SettleAgreement,
)
from domain.commands import RevisitStep
from domain.entries import entries
from domain.evolve import evolve
from domain.happenings import Happened
from domain.outcome_facts import AnnulDecision, Celebrate, RecordDecision
from domain.reporting_facts import (
    AnswerLateFeedback,
    CommunicateResults,
    NoteLateFeedback,
    PublishReport,
    RetractReport,
)
from domain.state import Dialogue
from domain.terms import Duration
from tests.domain.story import SAID, Story, brief_done, given, invite_done, start

WEEK = Duration(working_days=5)


def rows(story: Story, kind: str) -> dict[str, dict[str, Any]]:
    """Give the rows of one list as the patches of all events leave them."""
    found: dict[str, dict[str, Any]] = {}
    state: Dialogue | None = None
    for event in story.events:
        state = evolve(state, event)
        for entry in entries(event, state):
            if entry.kind == kind and entry.data is None:
                found.pop(entry.id, None)
            elif entry.kind == kind and entry.data is not None:
                found[entry.id] = found.get(entry.id, {}) | entry.data
    return found


def report(name: str, supersedes: str | None = None) -> PublishReport:
    """Give the wish to publish a report about the step of the invitations."""
    return PublishReport(
        report=name,
        status="draft",
        title=f"Verslag {name}",
        reference="https://example.org",
        sha256="ab" * 32,
        supersedes=supersedes,
        step="invite",
        to=("panel",),
    )


def met() -> Story:
    """Begin a story in which two steps are done."""
    return invite_done(brief_done(given())).mail_goes_out()


def test_a_chain_of_reports_can_be_followed_in_both_directions() -> None:
    """What was taken back says when, by what and where the reason is."""
    story = met().and_(report("one"), report("two", "one"))
    story.and_(RetractReport(report="two", reason=SAID))
    found = rows(story, "report")
    assert found["one"]["superseded_by"] == "two"
    assert (found["two"]["supersedes"], found["two"]["told"]) == ("one", 2)
    assert found["two"]["retracted"] is not None
    assert found["two"]["reason"] == {"private": "/reason", "seq": story.state.version}


def test_a_report_that_fell_with_its_step_says_which_return_did_that() -> None:
    """It has no reason of its own: the return has."""
    story = met().and_(report("one")).mail_goes_out()
    story.and_(RevisitStep(step="invite", reason=SAID))
    found = rows(story, "report")["one"]
    assert (found["by"], "reason" in found) == ("invite", False)


def test_an_agreement_has_one_row_through_its_life() -> None:
    """Made, given more time, put in doubt, reconfirmed, settled."""
    made = MakeAgreement(
        agreement="x", what=SAID, who="c-1", duration=WEEK, step="invite"
    )
    story = met().and_(made)
    first = rows(story, "agreement")["x"]
    assert first["what"]["private"] == "/what"
    assert (first["who"], first["settled"]) == ("c-1", None)
    story.and_(ExtendAgreement(agreement="x", duration=WEEK, reason=SAID))
    assert rows(story, "agreement")["x"]["due"] > first["due"]
    story.mail_goes_out().and_(RevisitStep(step="invite", reason=SAID))
    assert rows(story, "agreement")["x"]["to_review"]
    story.and_(ReconfirmAgreement(agreement="x"))
    assert not rows(story, "agreement")["x"]["to_review"]
    story.and_(SettleAgreement(agreement="x", outcome="kept", reason=SAID))
    last = rows(story, "agreement")["x"]
    assert (last["settled"]["outcome"], last["who"]) == ("kept", "c-1")


def test_one_that_comes_back_says_how_the_last_time_went() -> None:
    """And stays open, with a new last day."""
    made = MakeAgreement(agreement="x", what=SAID, who="c-1", repeats=30)
    story = given(made)
    due = rows(story, "agreement")["x"]["due"]
    story.and_(SettleAgreement(agreement="x", outcome="broken", reason=SAID))
    found = rows(story, "agreement")["x"]
    assert (found["last"]["outcome"], found["settled"]) == ("broken", None)
    assert (found["last"]["due"], found["due"] > due) == (due, True)


def test_a_decision_stays_in_the_list_with_what_annulled_it() -> None:
    """Its own reason and that of the annulment are two."""
    told = RecordDecision(
        decision="d",
        title="Besluit",
        outcome="adopted",
        decided_on=Happened.model_validate("2026-11"),
        reason=SAID,
    )
    story = given(told, AnnulDecision(decision="d", annulled_by="rechter", reason=SAID))
    found = rows(story, "decision")["d"]
    assert (found["decided_on"]["precision"], found["reason"]["seq"]) == ("month", 2)
    assert found["annulled"]["annulled_by"] == "rechter"
    assert found["annulled"]["reason"]["seq"] == 3


def test_late_feedback_has_its_answer_beside_it() -> None:
    """Whose it is, and what was done with it."""
    story = given(
        CommunicateResults(communication="letter", to=("panel",)),
        NoteLateFeedback(respondent="r-1", response=SAID),
    )
    (name,) = rows(story, "feedback")
    assert rows(story, "feedback")[name]["answer"] is None
    story.and_(AnswerLateFeedback(feedback=name, outcome="not", reason=SAID))
    assert rows(story, "feedback")[name]["answer"]["outcome"] == "not"
    assert set(rows(story, "communication")) == {"letter"}


def test_each_celebration_has_a_row() -> None:
    """They are no two of the same."""
    story = Story().and_(start(), Celebrate(note=SAID), Celebrate())
    assert len(rows(story, "ending")) == 2

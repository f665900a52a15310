"""The harvest: reports in chains, decisions, and reporting back to who took part."""

from __future__ import annotations

from typing import Any

import pytest

from domain.commands import (
    ArchiveDialogue,
    CompleteDialogue,
    CompleteItems,
    OpenWindow,
    RecordResponse,
    ReleaseRole,
    RevisitStep,
)
from domain.coverage import ResponsesUnanswered
from domain.errors import NotEntitled, NothingToDo, StepNotStarted, UnknownRole
from domain.events import CompensationPlanned, ResponseRecorded
from domain.facts import Actor
from domain.happenings import Happened
from domain.harvest_errors import (
    CommunicationExists,
    DecidedInFuture,
    DecisionExists,
    NobodyTold,
    PromisesOpen,
    ReportExists,
    ReportIsFinal,
    ReportSuperseded,
    ReportWithdrawn,
    ResultsNotCommunicated,
    UnknownDecision,
    UnknownFeedback,
    UnknownReport,
)
from domain.ledger_facts import LeaveUnanswered
from domain.outcome_facts import (
    AnnulDecision,
    Celebrate,
    ConclusionRecorded,
    DecisionAnnulled,
    DecisionReconfirmed,
    DecisionRecorded,
    HarvestQuestioned,
    ProposalWithdrawn,
    ReconfirmDecision,
    RecordConclusion,
    RecordDecision,
    SuccessCelebrated,
    WithdrawProposal,
)
from domain.progress import needs_attention
from domain.reporting_facts import (
    AnswerLateFeedback,
    CommunicateResults,
    LateFeedbackAnswered,
    LateFeedbackNoted,
    NoteLateFeedback,
    PublishReport,
    ReportPublished,
    ReportRetracted,
    ResultsCommunicated,
    RetractReport,
)
from domain.revisit import preview_revisit
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
    invite_done,
    meet_done,
)


def report(name: str, status: str = "draft", **changes: Any) -> PublishReport:  # noqa: ANN401 (any member)
    """Give the wish to publish a report, and tell the panel of it."""
    told: dict[str, Any] = {
        "report": name,
        "status": status,
        "title": f"Verslag {name}",
        "reference": f"https://example.org/{name}",
        "sha256": "ab" * 32,
        "to": ("panel",),
    }
    return PublishReport(**(told | changes))


def decision(name: str = "council", **changes: Any) -> RecordDecision:  # noqa: ANN401
    """Give the wish to note what the council decided."""
    told: dict[str, Any] = {
        "decision": name,
        "title": "De raad stelt het plan vast",
        "outcome": "adopted",
        "decided_on": "2026-11",
        "reason": SAID,
    }
    return RecordDecision(**(told | changes))


def results(name: str = "letter", **changes: Any) -> CommunicateResults:  # noqa: ANN401
    """Give the wish to tell the panel the results."""
    told: dict[str, Any] = {"communication": name, "to": ("panel",)}
    return CommunicateResults(**(told | changes))


def feedback(who: str = "r-1", **changes: Any) -> NoteLateFeedback:  # noqa: ANN401
    """Give the wish to note what somebody says afterwards."""
    return NoteLateFeedback(respondent=who, response=SAID, **changes)


def kinds(story: Story) -> list[tuple[str, str]]:
    """What needs somebody now."""
    return [(n.kind, n.target) for n in needs_attention(story.state, story.now)]


def met() -> Story:
    """Begin a story in which the meeting was held, and all mail went out."""
    return meet_done(invite_done(brief_done(given()))).mail_goes_out()


# Reports.


def test_a_report_is_known_by_reference_and_hash_and_told_to_roles() -> None:
    """Its step is the one under way; holders of the roles get a message."""
    story = given(CompleteItems(items=("brief.money",))).when(report("draft-1"))
    story.then(
        has(
            ReportPublished,
            status="draft",
            step="brief",
            round=1,
            told=("k-1", "k-2"),
            sha256="ab" * 32,
        )
    )
    effect = story.state.effects[f"e{story.state.version}"]
    assert (effect.notice, effect.recipients) == ("report_published", ("k-1", "k-2"))
    assert effect.about is not None
    assert effect.about.heading == "Verslag draft-1"


def test_a_report_takes_the_place_of_another_and_both_are_known() -> None:
    """The chain goes one way: nothing has two successors."""
    story = met().and_(report("one"), report("two", supersedes="one"))
    reports = story.state.harvest.reports
    assert (reports["one"].superseded_by, reports["two"].supersedes) == ("two", "one")
    assert [name for name, each in reports.items() if each.stands] == ["two"]
    story.when(report("three", supersedes="one"))
    story.then_refused(ReportSuperseded, "two")
    story.when(report("two")).then_refused(ReportExists)
    story.when(report("four", supersedes="none")).then_refused(UnknownReport, "one")


def test_a_draft_does_not_take_the_place_of_a_final_report() -> None:
    """Unless that was retracted first."""
    story = met().and_(report("final", "final"))
    again = report("again", supersedes="final")
    story.when(again).then_refused(ReportIsFinal)
    story.and_(RetractReport(report="final", reason=SAID), again)


def test_a_step_that_has_not_begun_has_no_report() -> None:
    """Nor one that a role which is not there is told of."""
    story = given().when(report("one", step="report")).then_refused(StepNotStarted)
    story.when(report("one", to=("speaker",))).then_refused(UnknownRole)


def test_a_report_can_come_after_the_dialogue_is_complete() -> None:
    """Real ones come late."""
    story = all_done().and_(CompleteDialogue())
    story.when(report("late", "final")).then(has(ReportPublished, step=None))


def test_retracting_tells_those_who_were_told() -> None:
    """With the reason, and also whoever has left the role since."""
    story = met().and_(report("one")).mail_goes_out()
    story.and_(ReleaseRole(role="panel", actor="k-2"))
    story.when(RetractReport(report="one", reason=SAID))
    story.then(has(ReportRetracted, told=("k-1", "k-2"), by=None))
    (effect,) = story.state.effects.values()
    assert effect.notice == "report_retracted"
    assert effect.about is not None
    assert [each.name for each in effect.about.enclosed] == ["reason"]
    story.when(RetractReport(report="one", reason=SAID)).then_refused(NothingToDo)
    story.when(RetractReport(report="two", reason=SAID)).then_refused(UnknownReport)


def test_who_heard_of_a_report_by_the_results_hears_of_its_retraction() -> None:
    """Each once, however often they were told."""
    story = met().and_(report("one"), results(to=("panel", "client"), about=("one",)))
    story.when(RetractReport(report="one", reason=SAID))
    story.then(has(ReportRetracted, told=("k-1", "k-2", "c-1")))


def test_who_got_the_next_version_is_not_told_of_the_first_again() -> None:
    """Only those whom the newer report did not reach."""
    story = met().and_(
        report("one", to=("panel", "client")), report("two", supersedes="one")
    )
    reports = story.state.harvest.reports
    assert (reports["one"].told, reports["two"].told) == (("c-1",), ("k-1", "k-2"))


def test_going_back_retracts_the_reports_of_what_no_longer_stands() -> None:
    """In reverse order, to those who were told, and says so in the preview."""
    story = met().and_(
        report("one", step="invite"), report("two", step="meet", to=("client",))
    )
    story.mail_goes_out()
    preview = preview_revisit(story.state, "invite")
    assert preview["reports"] == ["two", "one"]
    story.when(RevisitStep(step="invite", reason=SAID))
    taken = [e.data for e in story.new if isinstance(e.data, ReportRetracted)]
    assert [each.report for each in taken] == ["two", "one"]
    assert all(each.by == "invite" and each.told == () for each in taken)
    planned = [
        e.data
        for e in story.new
        if isinstance(e.data, CompensationPlanned) and e.data.of
    ]
    assert [(p.act, p.undoes, p.recipients) for p in planned] == [
        ("retract_report", "two", ("c-1",)),
        ("retract_report", "one", ("k-1", "k-2")),
    ]
    assert [p.of.heading for p in planned if p.of] == ["Verslag two", "Verslag one"]
    story.mail_goes_out()
    assert all(c.ended for c in story.state.compensations.values())


def test_a_report_of_a_step_before_stands() -> None:
    """A return touches only what was built on the step."""
    story = met().and_(report("one", step="brief")).mail_goes_out()
    story.and_(RevisitStep(step="invite", reason=SAID))
    assert story.state.harvest.reports["one"].stands


def test_a_report_that_was_retracted_is_not_taken_back_twice() -> None:
    """Neither by hand nor by a second return."""
    story = met().and_(report("one", step="meet")).mail_goes_out()
    story.and_(RevisitStep(step="meet", reason=SAID)).mail_goes_out()
    story.and_(CompleteItems(items=("meet.notes", "meet.promises")))
    story.when(RetractReport(report="one", reason=SAID)).then_refused(NothingToDo)
    story.when(results(about=("one",))).then_refused(ReportWithdrawn)


# Conclusions and decisions.


def test_a_conclusion_is_in_their_own_words_and_says_whether_all_agreed() -> None:
    """It can be worded anew; the earlier wording stays on record."""
    told: dict[str, Any] = {"conclusion": "c-1", "text": SAID}
    story = met().when(RecordConclusion(**told, unanimous=False))
    story.then(has(ConclusionRecorded, unanimous=False))
    story.when(RecordConclusion(**told, unanimous=True)).then(ConclusionRecorded)


@pytest.mark.parametrize(
    "on", ["2016", "2016-11", "2016-11-21", "2016-06-28/2017-08-18"]
)
def test_a_decision_says_when_it_was_taken_as_precisely_as_is_known(on: str) -> None:
    """A year is a year; nobody makes a day of it."""
    story = given().when(decision(decided_on=on))
    story.then(has(DecisionRecorded, decided_on=Happened.model_validate(on)))


@pytest.mark.parametrize("on", ["2026-11-22", "2026-12", "2027"])
def test_what_is_still_to_be_decided_is_no_decision(on: str) -> None:
    """Today is 21 November 2026."""
    given().when(decision(decided_on=on)).then_refused(
        DecidedInFuture, on, "2026-11-21"
    )


def test_a_decision_that_was_annulled_stays_with_what_annulled_it() -> None:
    """Once; and it takes no second decision under its id."""
    story = given(decision())
    annul = AnnulDecision(decision="council", annulled_by="Raad van State", reason=SAID)
    story.when(annul).then(has(DecisionAnnulled, annulled_by="Raad van State"))
    story.when(annul).then_refused(NothingToDo)
    story.when(decision()).then_refused(DecisionExists)
    other = AnnulDecision(decision="none", annulled_by="Raad van State", reason=SAID)
    story.when(other).then_refused(UnknownDecision, "council")


def test_going_back_puts_decisions_in_doubt() -> None:
    """A person says whether they still stand; one that was annulled does not."""
    story = met().and_(decision("a", step="meet"), decision("b", step="meet"))
    story.and_(decision("c", step="brief"))
    story.and_(AnnulDecision(decision="b", annulled_by="de rechter", reason=SAID))
    story.when(RevisitStep(step="meet", reason=SAID))
    found = [e.data for e in story.new if isinstance(e.data, HarvestQuestioned)]
    assert found == [HarvestQuestioned(by="meet", agreements=(), decisions=("a",))]
    assert ("decision_to_review", "a") in kinds(story)
    story.when(ReconfirmDecision(decision="a")).then(DecisionReconfirmed)
    assert ("decision_to_review", "a") not in kinds(story)
    story.when(ReconfirmDecision(decision="a")).then_refused(NothingToDo)


# Telling the results.


def test_results_are_told_to_roles_and_noted_for_others() -> None:
    """Constituencies and outside parties hear of it by other ways."""
    story = met().when(
        results(constituencies=("k-1",), outside=("provincie",), note=SAID)
    )
    story.then(
        has(
            ResultsCommunicated,
            told=("k-1", "k-2"),
            constituencies=("k-1",),
            outside=("provincie",),
        )
    )
    (effect,) = story.state.effects.values()
    assert effect.notice == "results_told"
    story.when(results()).then_refused(CommunicationExists)
    story.when(results("empty", to=())).then_refused(NobodyTold)
    story.when(results("x", about=("none",))).then_refused(UnknownReport)


def test_results_for_outside_alone_send_nothing() -> None:
    """A record only."""
    story = met().and_(results(to=(), outside=("provincie",)))
    assert story.state.effects == {}


def test_results_of_a_step_that_no_longer_stands_are_taken_back() -> None:
    """Where they were about a report, its retraction says so."""
    story = met().and_(report("one", step="meet", to=()))
    story.and_(
        results("said", step="meet", to=("client",)),
        results("sent", step="meet", about=("one",)),
    )
    story.mail_goes_out().when(RevisitStep(step="meet", reason=SAID))
    planned = [
        e.data
        for e in story.new
        if isinstance(e.data, CompensationPlanned) and e.data.of
    ]
    assert [(p.act, p.undoes, p.recipients) for p in planned] == [
        ("tell", "said", ("c-1",)),
        ("retract_report", "one", ("k-1", "k-2")),
    ]
    story.mail_goes_out()
    assert story.state.harvest.communications["said"].told == ()


# Late feedback.


def test_feedback_on_results_stands_by_itself_and_wants_an_answer() -> None:
    """Whoever gave it gets the answer, with the reason."""
    story = met().when(feedback(), by=PASSER_BY).then_refused(ResultsNotCommunicated)
    story.and_(results()).mail_goes_out()
    story.when(feedback(), by=PASSER_BY).then(LateFeedbackNoted)
    name = f"f{story.state.version}"
    assert ("feedback_unanswered", name) in kinds(story)
    answer = AnswerLateFeedback(feedback=name, outcome="partly", reason=SAID)
    story.when(answer).then(has(LateFeedbackAnswered, respondent="r-1"))
    (effect,) = story.state.effects.values()
    assert (effect.notice, effect.recipients) == ("feedback_answered", ("r-1",))
    assert not any(kind == "feedback_unanswered" for kind, _ in kinds(story))
    story.when(answer).then_refused(UnknownFeedback, "none")


def test_nobody_speaks_for_somebody_else() -> None:
    """But who runs the process may note what came by post."""
    story = met().and_(results())
    story.when(feedback("k-1"), by=PASSER_BY).then_refused(NotEntitled)
    story.when(feedback("k-1")).then(LateFeedbackNoted)


def test_feedback_enters_the_window_that_was_opened_after_the_results() -> None:
    """It is a response there, and gets its answer like all others."""
    story = met().and_(results(), OpenWindow(window="meet.check")).mail_goes_out()
    story.when(feedback("k-1"), by=ANNE)
    story.then(has(ResponseRecorded, window="meet.check", late=False))
    story.when(feedback("r-1"), by=PASSER_BY).then(LateFeedbackNoted)


def test_feedback_can_name_the_window_that_has_closed() -> None:
    """Then it is late there, if the method takes late responses."""
    story = met().when(feedback("k-1", window="invite.draft"), by=ANNE)
    story.then(has(ResponseRecorded, window="invite.draft", late=True))


def test_archiving_waits_for_answers_to_late_feedback() -> None:
    """Or says why there are none."""
    story = all_done().and_(results(), CompleteDialogue(), feedback("k-1"))
    story.mail_goes_out().when(ArchiveDialogue()).then_refused(PromisesOpen)
    story.when(ArchiveDialogue(reason=SAID))
    assert story.state.status == "archived"


# Ends.


def test_success_is_celebrated_as_often_as_there_is_cause() -> None:
    """Also afterwards."""
    story = all_done().and_(Celebrate(note=SAID), CompleteDialogue())
    story.when(Celebrate()).then(SuccessCelebrated)


def test_a_proposal_is_withdrawn_once_and_the_dialogue_says_so() -> None:
    """Those who are told hear why; going back begins a new one."""
    wish = WithdrawProposal(reason=SAID, withdrawn_by="het college", to=("panel",))
    story = met().when(wish)
    story.then(has(ProposalWithdrawn, told=("k-1", "k-2"), withdrawn_by="het college"))
    (effect,) = story.state.effects.values()
    assert effect.notice == "proposal_withdrawn"
    assert ("proposal_withdrawn", "Parkzicht") in kinds(story)
    story.when(wish).then_refused(NothingToDo)
    story.and_(RevisitStep(step="brief", reason=SAID))
    assert story.state.harvest.withdrawn is None


# Who may, and what is final.


@pytest.mark.parametrize("wish", [report("one"), decision(), results(), Celebrate()])
def test_only_who_runs_the_process_brings_in_the_harvest(wish: Any) -> None:  # noqa: ANN401
    """Participants and the client look on."""
    for who in (ANNE, BRAM, CLIENT, Actor(id="x", role="public")):
        given().when(wish, by=who).then_refused(NotEntitled)


def test_a_draft_becomes_final_when_every_response_to_it_was_answered() -> None:
    """Of its own step and of those of the drafts before it."""
    story = invite_done(brief_done(given())).mail_goes_out()
    late = RecordResponse(window="invite.draft", respondent="k-1", response=SAID)
    story.and_(report("draft", step="invite"), late)
    final = report("final", "final", step="invite", supersedes="draft")
    story.when(final).then_refused(ResponsesUnanswered, "1", "invite.draft")
    story.and_(LeaveUnanswered(window="invite.draft", reason=SAID))
    story.when(final).then(has(ReportPublished, status="final"))

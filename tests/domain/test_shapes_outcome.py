"""What real dialogues end in: figures, reports, promises, withdrawals, vague dates."""

from __future__ import annotations

from datetime import UTC, date, datetime

from domain.agreement_facts import (
    AgreementExtended,
    AgreementSettled,
    ExtendAgreement,
    SettleAgreement,
)
from domain.commands import (
    StartStep,
)
from domain.confidential_facts import MarkConfidential, StepMarkedConfidential
from domain.correction_facts import CorrectFact, FactCorrected, FactNoted
from domain.deadline_facts import Deadline, DeadlineMoved, MoveDeadline
from domain.events import (
    ResponseRecorded,
)
from domain.happenings import Happened
from domain.meeting_held_facts import MeetingNoted, NoteMeetingHeld
from domain.outcome_facts import (
    ProposalWithdrawn,
    WithdrawProposal,
)
from domain.plan_facts import (
    CloseTrack,
    OpenTrack,
    TrackClosed,
)
from domain.reporting_facts import CommunicateResults, ResultsCommunicated
from domain.terms import Duration
from tests.domain.answering import DRAFT
from tests.domain.shapes import (
    decided,
    draft_open,
    noted,
    promise,
    reply,
)
from tests.domain.story import (
    SAID,
    all_done,
    brief_done,
    given,
    has,
    nothing,
    start,
)

# 13. Published figures turn out wrong and are corrected; counting goes on.


def test_13_a_published_figure_is_corrected_and_both_stay_visible() -> None:
    """19,000 were published; 14,515 had answered, it turned out a month later."""
    story = given(noted(type="people", value="over 19,000"))
    seq = story.events[-1].seq
    right = CorrectFact(
        seq=seq,
        pointer="/value",
        event_type="fact_noted",
        was="over 19,000",
        value="14,515",
        reason=SAID,
    )
    story.when(right).then(has(FactCorrected, was="over 19,000", value="14,515"))


def test_13_counting_goes_on_after_the_close() -> None:
    """What is received late is marked and counted apart."""
    story = draft_open().and_(reply()).window_ends(DRAFT).later(days=3)
    story.when(reply("k-2")).then(has(ResponseRecorded, late=True))
    assert (story.run(DRAFT).on_time, story.run(DRAFT).late) == (1, 1)


# 14. The report-back comes late, or after the decision.


def test_14_the_results_are_told_after_the_decision_and_after_the_end() -> None:
    """Nothing says that it was in time: the record has the order."""
    story = all_done().and_(decided()).later(days=200)
    told = CommunicateResults(communication="answers", to=("panel",))
    story.when(told).then(has(ResultsCommunicated, told=("k-1", "k-2")))
    types = [event.type for event in story.events]
    assert types.index("decision_recorded") < types.index("results_communicated")


# 15. Some steps are confidential; some agreements are monitored for years.


def test_15_a_confidential_step_has_readers_and_public_milestones() -> None:
    """What is said in it is for its readers; that it began and ended is for all."""
    story = brief_done(given())
    hidden = MarkConfidential(step="invite", readers=("facilitator",), reason=SAID)
    story.when(hidden).then(has(StepMarkedConfidential, readers=("facilitator",)))
    story.and_(StartStep(step="invite"))
    assert story.events[-1].type == "step_started"


def test_15_an_agreement_is_watched_for_years_and_extended() -> None:
    """A yearly duty comes back after each settling; a covenant runs on."""
    year = Duration(until=date(2027, 7, 4))
    story = given(
        promise("yearly", duration=year, repeats=365),
        promise("covenant", duration=Duration(until=date(2031, 7, 4))),
    )
    story.at(datetime(2027, 7, 5, 9, tzinfo=UTC)).clock_strikes()
    kept = SettleAgreement(agreement="yearly", outcome="kept", reason=SAID)
    story.when(kept).then(AgreementSettled)
    due = story.state.harvest.agreements["yearly"].due
    assert due is not None
    assert due.year == 2028
    longer = Duration(until=date(2031, 12, 31))
    story.when(ExtendAgreement(agreement="covenant", duration=longer, reason=SAID))
    story.then(AgreementExtended)


def test_15_a_yearly_check_is_settled_for_each_party() -> None:
    """One covenant of many firms; the list says of each whether it kept its part."""
    year = Duration(until=date(2027, 7, 4))
    check = promise("check", others=("firm-2",), duration=year, repeats=365)
    story = given(check)
    settle = SettleAgreement(
        agreement="check", outcome="broken", party="firm-2", reason=SAID
    )
    story.when(settle).then(has(AgreementSettled, parties=("firm-2",), next_due=None))
    story.and_(SettleAgreement(agreement="check", outcome="kept", reason=SAID))
    assert story.state.harvest.agreements["check"].last == {
        "firm-2": "broken",
        "k-1": "kept",
    }


# 16. A proposal is withdrawn; a court sets a term; a law changes and kills a step.


def test_16_a_proposal_is_withdrawn_and_people_are_told() -> None:
    """By whom it was withdrawn is on record."""
    story = given().when(
        WithdrawProposal(withdrawn_by="The government", reason=SAID, to=("panel",))
    )
    story.then(has(ProposalWithdrawn, told=("k-1", "k-2")))


def test_16_a_court_sets_a_term_for_repair() -> None:
    """It is a promise with a last day, of whom the court told to repair."""
    term = Duration(calendar_days=182)
    story = given(decided()).and_(promise("repair", duration=term))
    assert story.state.harvest.agreements["repair"].due is not None


def test_16_a_law_kills_a_step_of_one_track() -> None:
    """The track stops with a reason; the others go on."""
    story = brief_done(given())
    story.and_(OpenTrack(track="gas", title="Gas", steps=("invite",)))
    story.when(CloseTrack(track="gas", reason=SAID))
    assert any(isinstance(event.data, TrackClosed) for event in story.new)
    assert story.state.status == "running"


def test_16_a_decree_gives_sixty_days_more_to_decide() -> None:
    """Beside the windows, which a suspension moves, the date to decide by moves too."""
    permit = Deadline(title="The permit", date="2026-12-01")
    story = nothing().and_(start(deadlines=(permit,)))
    more = MoveDeadline(
        title=permit.title,
        duration=Duration(calendar_days=60),
        source="Nooddecreet",
        reason=SAID,
    )
    story.when(more).then(has(DeadlineMoved, was="2026-12-01", date="2027-02-01"))


# 17. Dates are vague or sources contradict each other.


def test_17_a_fact_keeps_precision_source_and_when_it_was_known() -> None:
    """A month, by one source, known since a day: three things apart."""
    fact = noted(happened=Happened.model_validate("2020-06"), known_on="2020-07-01")
    story = given().when(fact)
    story.then(has(FactNoted, known_on="2020-07-01", source="S3"))
    noted_one = story.events[-1].data
    assert isinstance(noted_one, FactNoted)
    assert noted_one.happened.precision == "month"


def test_17_sources_that_contradict_each_other_stand_side_by_side() -> None:
    """Neither replaces the other, and both are marked as conflicting."""
    one = noted(type="chosen", value="2016", certainty="conflicting")
    other = noted(type="chosen", value="2018", source="S9", certainty="conflicting")
    story = given(one, other)
    assert [event.type for event in story.events[-2:]] == ["fact_noted"] * 2


def test_17_a_plan_of_which_only_the_month_is_known_in_which_it_was_told() -> None:
    """When it became known is as vague as the source, and as what it is about."""
    plan = noted(
        happened=Happened.model_validate("2027-06"),
        known_on="2020-11",
        status="planned",
    )
    given().when(plan).then(has(FactNoted, known_on="2020-11", status="planned"))


def test_17_a_meeting_of_which_the_day_is_not_known_is_a_meeting() -> None:
    """It was held in a month, or about monthly between two; no hour is made up."""
    held = Happened.model_validate("2020/2020-07")
    note = NoteMeetingHeld(meeting="core", title="The core group", held=held, times=7)
    given().when(note).then(has(MeetingNoted, held=held, times=7))

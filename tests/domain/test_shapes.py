"""What real dialogues do, in the order of the list that the cases were read for.

The cases themselves are in `docs/cases.md`. Here each shape stands alone, in the words
of the rules, with a date of the case where that helps.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from domain.agreement_facts import (
    AgreementExtended,
    AgreementSettled,
    ExtendAgreement,
    MakeAgreement,
    SettleAgreement,
)
from domain.calendar import end_of_day
from domain.commands import (
    CompleteStep,
    ExtendWindow,
    OpenWindow,
    PauseDialogue,
    RecordResponse,
    ReleaseRole,
    ResumeDialogue,
    RevisitStep,
    StartStep,
)
from domain.confidential_facts import MarkConfidential, StepMarkedConfidential
from domain.correction_facts import CorrectFact, FactCorrected, FactNoted, NoteFact
from domain.errors import LateResponse
from domain.events import (
    DialoguePaused,
    DialogueResumed,
    ResponseRecorded,
    RoleReleased,
    StepRevisited,
    WindowClosed,
    WindowExtended,
    WindowOpened,
    WindowVoided,
)
from domain.gates_facts import GateFailed, GatePassed
from domain.gates_standing import StepHeldByGate
from domain.happenings import Happened
from domain.ledger_facts import (
    CarryResponses,
    ResponseAnswered,
    ResponsesCarried,
    ResponsesGrouped,
)
from domain.outcome_facts import (
    AnnulDecision,
    DecisionAnnulled,
    DecisionRecorded,
    ProposalWithdrawn,
    RecordDecision,
    WithdrawProposal,
)
from domain.people_register_facts import (
    BriefLatecomer,
    LatecomerBriefed,
    RegisterStakeholder,
    ReleaseStakeholder,
    StakeholderRegistered,
    StakeholderReleased,
)
from domain.plan_facts import (
    CloseTrack,
    OpenTrack,
    PlanAmended,
    TrackClosed,
    TrackOpened,
)
from domain.reporting_facts import CommunicateResults, ResultsCommunicated
from domain.standing_still import WindowsSuspended
from domain.suspension_facts import (
    DialogueSuspended,
    LiftSuspension,
    SuspendDialogue,
    SuspensionLifted,
)
from domain.terms import Duration
from domain.window_facts import (
    InviteToWindow,
    LateResponseUsed,
    ReopenWindow,
    UseLateResponse,
)
from tests.domain.answering import DRAFT, IDEAS, answer, group, responded
from tests.domain.asking import draft_asked
from tests.domain.changes import a_step, add_item, amend
from tests.domain.gated import at_consent, held
from tests.domain.story import (
    SAID,
    SYSTEM,
    Story,
    all_done,
    brief_done,
    given,
    has,
    invite_done,
)

SIX_WEEKS: Final = Duration(calendar_days=42)
PAUSE, RESUME = PauseDialogue(reason=SAID), ResumeDialogue(reason=SAID)


def draft_open() -> Story:
    """Begin a story in which the panel is asked about the draft, for ten days."""
    story = brief_done(given())
    return story.and_(StartStep(step="invite"), OpenWindow(window=DRAFT))


def reply(who: str = "k-1", **more: Any) -> RecordResponse:  # noqa: ANN401 (any member)
    """Give the command that records a response to the draft."""
    return RecordResponse(window=DRAFT, respondent=who, response=SAID, **more)


def decided(name: str = "plan", on: str = "2026") -> RecordDecision:
    """Give the command that records a decision taken elsewhere."""
    return RecordDecision(
        decision=name,
        title="The plan is adopted",
        outcome="adopted",
        decided_on=Happened.model_validate(on),
        reason=SAID,
    )


def promise(name: str, **more: Any) -> MakeAgreement:  # noqa: ANN401 (any member)
    """Give the command that makes an agreement with a participant."""
    return MakeAgreement(agreement=name, what=SAID, who="k-1", **more)


def noted(**more: Any) -> NoteFact:  # noqa: ANN401 (any member)
    """Give the command that notes a fact by a source."""
    told: dict[str, Any] = {"type": "homes", "value": "about 8,000", "source": "S3"}
    told["happened"] = Happened.model_validate("2020")
    return NoteFact(**(told | more))


# 1. A window is extended, even on its last day, even more than doubled.


def test_01_a_window_is_extended_on_its_last_day_to_more_than_double() -> None:
    """An hour before it closes, ten working days become more than nine weeks."""
    story = draft_open()
    run = story.run(DRAFT)
    far = date(2027, 2, 3)
    story.at(run.closes - timedelta(hours=1))
    longer = ExtendWindow(window=DRAFT, duration=Duration(until=far), reason=SAID)
    story.when(longer).then(has(WindowExtended, was=run.closes, generation=2))
    closes = story.run(DRAFT).closes
    assert closes == end_of_day(story.state.calendar, far)
    assert closes - run.opened > 2 * (run.closes - run.opened)


# 2. A window is extended for one audience, on request: two closing dates side by side.


def test_02_who_asked_for_it_has_longer_and_the_others_do_not() -> None:
    """One day before the close, as in the United Kingdom on 7 March 2022."""
    story = draft_open()
    first = story.run(DRAFT).closes
    story.at(first - timedelta(days=1))
    story.and_(
        InviteToWindow(
            window=DRAFT,
            audience="easy-read",
            who=("k-2",),
            duration=SIX_WEEKS,
            reason=SAID,
        )
    )
    assert story.run(DRAFT).closes == first
    assert story.run(f"{DRAFT}.easy-read").closes > first + timedelta(days=40)
    story.at(first).clock_strikes().then(has(WindowClosed, window=DRAFT))
    story.when(reply("k-2")).then(has(ResponseRecorded, late=False))


# 3. All running windows of an authority are suspended at once.


def test_03_all_windows_stop_what_is_sent_counts_and_none_may_start() -> None:
    """And they resume with the days they had left, as in Flanders in 2020."""
    story = draft_open().later(days=2)
    before = story.run(DRAFT).closes
    story.when(SuspendDialogue(suspension="s-1"), by=SYSTEM)
    story.then(has(DialogueSuspended, suspension="s-1")).later(days=31)
    story.when(OpenWindow(window="invite.echo")).then_refused(WindowsSuspended)
    story.when(reply()).then(has(ResponseRecorded, late=False))
    story.when(LiftSuspension(suspension="s-1"), by=SYSTEM).then(SuspensionLifted)
    assert story.run(DRAFT).closes >= before + timedelta(days=31)


# 4. Suspended without a date of return; it comes back with other rules.


def test_04_a_dialogue_stands_still_for_a_year_and_comes_back_changed() -> None:
    """No date of return is asked; the plan is changed while it stands still."""
    story = draft_open().when(PAUSE).then(DialoguePaused).later(days=365)
    story.when(amend(add_item("invite", "budget"))).then(PlanAmended)
    story.when(RESUME).then(DialogueResumed)
    assert story.run(DRAFT).status == "open"
    assert "invite.budget" in story.state.plan.items


# 5. A finished step is done again, years later, after a court annulled it.


def test_05_an_annulled_step_is_done_again_and_its_responses_answered_again() -> None:
    """The decision stays with what annulled it; the responses count once more."""
    story = brief_done(given()).and_(StartStep(step="invite"))
    story = invite_done(responded_to_draft(story))
    story.when(decided()).then(DecisionRecorded).later(days=1_000)
    annul = AnnulDecision(decision="plan", annulled_by="Raad van State", reason=SAID)
    story.when(annul).then(has(DecisionAnnulled, annulled_by="Raad van State"))
    story.when(RevisitStep(step="invite", reason=SAID))
    assert any(isinstance(event.data, StepRevisited) for event in story.new)
    assert any(isinstance(event.data, WindowVoided) for event in story.new)
    story.when(CarryResponses(window=DRAFT)).then(has(ResponsesCarried, numbers="1"))
    again = answer("1", "partly", window=DRAFT)
    story.when(again).then(has(ResponseAnswered, outcome="partly"))


def responded_to_draft(story: Story) -> Story:
    """Let one of the panel respond to the draft and be answered."""
    story.and_(OpenWindow(window=DRAFT), reply())
    story.window_ends(DRAFT).and_(answer("1", window=DRAFT))
    return story


# 6. A window is opened again because its publication was faulty.


def test_06_a_window_opens_again_and_what_was_received_stays_valid() -> None:
    """Who responded need not do so again; the numbers run on."""
    story = draft_open().and_(reply()).window_ends(DRAFT)
    again = ReopenWindow(window=DRAFT, because="faulty_publication", reason=SAID)
    story.when(again).then(has(WindowOpened, run=2, because="faulty_publication"))
    assert story.run(DRAFT).silent == ("k-2",)
    story.when(reply("k-2")).then(has(ResponseRecorded, number=2, late=False))


# 7. Steps are dropped, added, pulled forward, consulted twice.


def test_07_steps_are_dropped_added_and_pulled_forward() -> None:
    """In one change, with a reason; what was done stays."""
    story = brief_done(given()).when(
        amend(
            {"change": "drop_step", "step": "extra"},
            {"change": "add_step", "after": "invite", "step": a_step("walk")},
            {"change": "move_step", "step": "party", "after": "brief"},
        )
    )
    story.then(PlanAmended)
    order = [*story.state.plan.steps]
    assert "extra" not in order
    assert order[:2] == ["brief", "party"]
    assert order.index("walk") == order.index("invite") + 1
    assert story.round("brief").status == "completed"


def test_07_a_draft_is_consulted_twice() -> None:
    """Without going back: the window opens once more in the same round."""
    story = draft_open().and_(reply()).window_ends(DRAFT)
    story.when(OpenWindow(window=DRAFT)).then(has(WindowOpened, run=2, round=1))


# 8. Tracks run side by side, each with its own windows and gates.


def test_08_districts_run_side_by_side_each_with_its_own_windows() -> None:
    """The window of one is open while that of the other has closed."""
    story = brief_done(given())
    for name in ("north", "south"):
        opened = OpenTrack(track=name, title=name.capitalize(), steps=("invite",))
        story.when(opened).then(has(TrackOpened, copies=(f"invite--{name}",)))
        story.and_(StartStep(step=f"invite--{name}"))
    story.and_(OpenWindow(window="invite--north.draft"))
    story.window_ends("invite--north.draft")
    story.and_(OpenWindow(window="invite--south.draft"))
    assert story.run("invite--north.draft").status == "closed"
    assert story.run("invite--south.draft").status == "open"


# 9. Gates: 50 or 70 per cent consent, 100 signatures, an approval of time and money.


def test_09_seven_of_ten_consent_or_the_step_does_not_pass() -> None:
    """69 of a hundred do not reach it; 92 do, as in Overvecht."""
    story = at_consent()
    story.and_(StartStep(step="consent"))
    story.when(held("consent.tenants", 69, entitled=100)).then(GateFailed)
    story.when(CompleteStep(step="consent")).then_refused(StepHeldByGate, "tenants")
    story.when(held("consent.tenants", 92, entitled=100)).then(GatePassed)


def test_09_a_hundred_signatures_are_counted_after_they_were_checked() -> None:
    """110 were handed in; of 99 that are valid there is one too few."""
    story = at_consent()
    story.and_(StartStep(step="consent"))
    story.when(held("consent.names", 110, valid=99)).then(GateFailed)
    story.when(held("consent.names", 110, valid=100)).then(GatePassed)


# 10. Parties leave and join; the key partner stops.


def test_10_the_key_partner_stops_and_what_they_promised_is_looked_at() -> None:
    """The party leaves the register and the role; its promise stays on record."""
    story = given(RegisterStakeholder(stakeholder="s-1"), promise("pipe"))
    left = ReleaseStakeholder(stakeholder="s-1", reason=SAID)
    story.when(left).then(has(StakeholderReleased, stakeholder="s-1"))
    story.when(ReleaseRole(role="panel", actor="k-1", reason=SAID))
    assert any(isinstance(event.data, RoleReleased) for event in story.new)
    assert "pipe" in story.state.harvest.agreements


def test_10_who_joins_after_agreements_were_made_is_owed_a_briefing() -> None:
    """A latecomer is told what was agreed before them."""
    story = given(promise("pipe")).when(RegisterStakeholder(stakeholder="s-2"))
    story.then(has(StakeholderRegistered, late=True))
    story.when(BriefLatecomer(stakeholder="s-2")).then(LatecomerBriefed)


# 11. Late responses.


def test_11_a_late_response_is_refused_and_used_of_its_own_motion() -> None:
    """The rule refuses it; the authority may use it all the same, with a reason."""
    story = draft_asked("refuse").and_(panel_reply()).window_ends(DRAFT).later(hours=1)
    story.when(panel_reply("k-2")).then_refused(LateResponse)
    used = UseLateResponse(window=DRAFT, respondent="k-2", response=SAID, reason=SAID)
    story.when(used).then(
        has(ResponseRecorded, late=True, number=2), has(LateResponseUsed, number=2)
    )


def test_11_the_postmark_decides_where_the_method_says_so() -> None:
    """Posted on the last day and received two days later is in time."""
    story = draft_asked("refuse", "late_by: posted").window_ends(DRAFT).later(days=2)
    posted = panel_reply(posted_on="2026-12-15")
    story.when(posted).then(has(ResponseRecorded, late=False))


def test_11_a_supplement_to_a_timely_response_has_its_own_rule() -> None:
    """It may come late although nothing else may."""
    story = draft_asked("refuse").and_(panel_reply()).window_ends(DRAFT).later(hours=1)
    story.when(panel_reply(supplements=1)).then(has(ResponseRecorded, supplements=1))


def panel_reply(who: str = "k-1", **more: Any) -> RecordResponse:  # noqa: ANN401 (any member)
    """Give the response of somebody in the panel, where several audiences are asked."""
    return reply(who, audience="panel", **more)


# 12. Hundreds of identical responses are answered as one.


def test_12_three_hundred_identical_responses_get_one_answer_each_counted() -> None:
    """Everybody who sent it is counted, and is told."""
    story = responded(given(StartStep(step="brief")), 300, IDEAS)
    alike = group("template", "1-300", "identical", IDEAS)
    story.when(alike).then(has(ResponsesGrouped, numbers="1-300"))
    story.when(answer(outcome="not", group="template"))
    story.then(has(ResponseAnswered, group="template", numbers="1-300"))
    assert story.run(IDEAS).on_time == 300


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


def test_the_list_has_seventeen_shapes() -> None:
    """Each of them has one proposition or more here."""
    shapes = {
        name[5:7]
        for name in globals()
        if name.startswith("test_") and name[5:7].isdigit()
    }
    assert shapes == {f"{number:02}" for number in range(1, 18)}

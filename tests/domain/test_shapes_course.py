"""How real dialogues go: they stand still, go back, change, and run side by side."""

from __future__ import annotations

from domain.commands import (
    CompleteStep,
    OpenWindow,
    ReleaseRole,
    RevisitStep,
    StartStep,
)
from domain.events import (
    DialoguePaused,
    DialogueResumed,
    RoleReleased,
    StepRevisited,
    WindowOpened,
    WindowVoided,
)
from domain.gates_facts import GateFailed, GatePassed
from domain.gates_standing import StepHeldByGate
from domain.ledger_facts import (
    CarryResponses,
    ResponseAnswered,
    ResponsesCarried,
)
from domain.outcome_facts import (
    AnnulDecision,
    DecisionAnnulled,
    DecisionRecorded,
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
    OpenTrack,
    PlanAmended,
    TrackOpened,
)
from tests.domain.answering import DRAFT, answer
from tests.domain.changes import a_step, add_item, amend
from tests.domain.gated import at_consent, held
from tests.domain.shapes import (
    PAUSE,
    RESUME,
    decided,
    draft_open,
    promise,
    reply,
    responded_to_draft,
)
from tests.domain.story import (
    SAID,
    brief_done,
    given,
    has,
    invite_done,
)

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

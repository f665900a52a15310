"""A gate lets its step pass once enough was counted, and not one vote sooner."""

from __future__ import annotations

import pytest
from hypothesis import given as sampled
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.commands import (
    CompleteItems,
    CompleteStep,
    PauseDialogue,
    RevisitStep,
    SkipStep,
)
from domain.correction_facts import CorrectFact
from domain.errors import NotEntitled, StepEnded, StepNotReady
from domain.events import StepCompleted, StepStarted
from domain.gates import (
    CountsContradict,
    CountsIncomplete,
    GateHasPassed,
    GateIsSettled,
    UnknownGate,
)
from domain.gates_amending import GateStays
from domain.gates_facts import GateFailed, GatePassed, RecordGate
from domain.gates_standing import StepHeldByGate, gates_of, standing
from domain.need import Need
from domain.plan_errors import GateWouldBeLost
from domain.plan_facts import AmendPlan, CloseTrack, OpenTrack
from domain.progress import needs_attention
from domain.revisit import preview_revisit
from domain.thresholds import Counts, Threshold, needed, reached
from tests.domain.gated import at_consent, begun, held
from tests.domain.story import ANNE, CLIENT, DIRECTOR, FACILITATOR, SAID, given, has

TENANTS = "consent.tenants"
NAMES = "consent.names"


def seventy(in_favour: int, entitled: int) -> bool:
    """Whether so many of so many are seven in ten."""
    counts = Counts(in_favour=in_favour, entitled=entitled)
    return reached(Threshold(percent=70), counts)


@pytest.mark.parametrize(
    ("in_favour", "entitled", "passes"),
    [(70, 100, True), (69, 100, False), (70, 101, False), (71, 101, True)],
)
def test_seventy_per_cent_is_not_rounded(
    in_favour: int, entitled: int, *, passes: bool
) -> None:
    """Seventy of a hundred and one is 69.3 %, and less than seventy."""
    assert seventy(in_favour, entitled) == passes


def test_what_a_share_is_of_decides() -> None:
    """The same votes pass or fail by whether silence and abstention count."""
    counts = Counts(in_favour=92, against=5, abstained=35, entitled=200)
    assert not reached(Threshold(percent=70), counts)
    assert not reached(Threshold(percent=70, of="cast"), counts)
    assert reached(Threshold(percent=70, of="for_and_against"), counts)


def test_half_is_no_majority() -> None:
    """Fifty per cent can mean half, or more than half; the method says which."""
    half = Counts(in_favour=50, entitled=100)
    assert reached(Threshold(percent=50), half)
    assert not reached(Threshold(percent=50, more_than=True), half)


def test_two_thirds_is_two_thirds() -> None:
    """Which no number of per cents is."""
    two_thirds = Threshold(share="2/3")
    assert reached(two_thirds, Counts(in_favour=2, entitled=3))
    assert not reached(two_thirds, Counts(in_favour=666, entitled=1000))
    assert reached(two_thirds, Counts(in_favour=667, entitled=1000))


def test_only_valid_signatures_count() -> None:
    """A hundred and twelve were handed in, ninety-nine of them hold."""
    hundred = Threshold(count=100)
    assert not reached(hundred, Counts(in_favour=112, valid=99))
    assert reached(hundred, Counts(in_favour=112, valid=100))


@sampled(
    top=st.integers(1, 100),
    entitled=st.integers(1, 10**6),
    more_than=st.booleans(),
)
def test_one_fewer_than_needed_never_passes(
    top: int, entitled: int, *, more_than: bool
) -> None:
    """The number that is shown as needed is the least that passes."""
    threshold = Threshold(percent=top, more_than=more_than)
    least = needed(threshold, Counts(in_favour=0, entitled=entitled))
    assert least is not None
    enough = Counts(in_favour=least, entitled=entitled)
    assert reached(threshold, enough)
    assert not reached(threshold, Counts(in_favour=least - 1, entitled=entitled))


@pytest.mark.parametrize(
    "told", [{}, {"percent": 50, "count": 3}, {"share": "3/2"}, {"percent": 0}]
)
def test_a_threshold_is_one_thing(told: dict[str, object]) -> None:
    """Neither nothing, nor two things, nor more than all."""
    with pytest.raises(ValidationError):
        Threshold.model_validate(told)


def test_a_step_waits_for_its_gates() -> None:
    """With all items done it does not complete before its gate has passed."""
    story = begun().and_(CompleteItems(items=("brief.question",)))
    story.when(CompleteStep(step="brief"))
    story.then_refused(StepHeldByGate, "brief.money", "can't be waived")
    story.and_(held("brief.money", 1), by=CLIENT)
    story.when(CompleteStep(step="brief")).then(StepCompleted)


def test_holding_a_gate_starts_its_step() -> None:
    """As its first item would, and only when the step is ready."""
    story = begun().when(held("brief.money", 1), by=CLIENT)
    story.then(StepStarted, has(GatePassed, gate="brief.money", round=1))
    story.when(held(TENANTS, 7, entitled=10)).then_refused(StepNotReady, "talk")


def test_the_outcome_follows_from_the_counts() -> None:
    """What comes of it is nobody's to say."""
    story = at_consent().when(held(TENANTS, 69, entitled=100))
    story.then(StepStarted, has(GateFailed, gate=TENANTS))
    assert standing(story.state, TENANTS) == "failed"
    story.when(held(TENANTS, 70, entitled=100)).then(GatePassed)
    assert standing(story.state, TENANTS) == "passed"


def test_a_gate_that_passed_is_not_held_again() -> None:
    """Nobody votes on until the outcome suits them."""
    story = at_consent().and_(held(TENANTS, 70, entitled=100))
    story.when(held(TENANTS, 10, entitled=100))
    story.then_refused(GateHasPassed, "revisit_step")


def test_every_gate_of_a_step_has_to_pass() -> None:
    """Consent without the signatures does not do."""
    story = at_consent().and_(held(TENANTS, 70, entitled=100))
    story.when(CompleteStep(step="consent")).then_refused(StepHeldByGate, NAMES)
    story.and_(held(NAMES, 99)).when(CompleteStep(step="consent"))
    story.then_refused(StepHeldByGate, NAMES)
    story.and_(held(NAMES, 100)).when(CompleteStep(step="consent"))
    story.then(StepCompleted)


def test_a_step_is_not_skipped_past_its_gate() -> None:
    """Leaving a step out is no way round what it must pass."""
    story = begun().when(SkipStep(step="brief", reason=SAID))
    story.then_refused(StepHeldByGate, "brief.money")
    story.and_(held("brief.money", 1), by=CLIENT)
    story.when(SkipStep(step="brief", reason=SAID))
    assert story.refusal is None


def test_what_a_gate_takes_is_settled_before_it_is_held() -> None:
    """Neither the method's threshold nor the first one is lowered after the count."""
    lower = RecordGate(
        gate=TENANTS,
        kind="consent",
        threshold=Threshold(percent=50),
        counts=Counts(in_favour=60, entitled=100),
    )
    at_consent().when(lower).then_refused(GateIsSettled, "threshold")
    story = given(CompleteItems(items=("brief.money",)))
    own = lower.model_copy(update={"gate": "brief.street"})
    story.when(own).then(has(GatePassed, gate="brief.street"))
    fewer = Counts(in_favour=40, entitled=100)
    again = own.model_copy(update={"counts": fewer, "gate": "brief.block"})
    easier = again.model_copy(update={"threshold": Threshold(percent=40)})
    story.and_(again).when(easier).then_refused(GateIsSettled, "threshold")


def test_a_gate_of_our_own_keeps_its_title() -> None:
    """Who holds it again need not say what it is called."""
    counts = Counts(in_favour=1, entitled=10)
    own = RecordGate(
        gate="brief.street",
        title="De straat",
        kind="consent",
        threshold=Threshold(percent=50),
        counts=counts,
    )
    story = given(CompleteItems(items=("brief.money",))).and_(own)
    story.and_(RecordGate(gate="brief.street", counts=counts))
    assert story.state.gates["brief.street"].title == "De straat"


def test_a_gate_that_the_method_lacks_can_be_held() -> None:
    """It says itself what it takes, and holds its step once it has failed."""
    counts = Counts(in_favour=3, against=4)
    vote = RecordGate(
        gate="brief.council",
        title="De raad",
        kind="consent",
        threshold=Threshold(percent=50, of="for_and_against", more_than=True),
        counts=counts,
    )
    story = given(CompleteItems(items=("brief.money", "brief.question")))
    story.when(RecordGate(gate="brief.council", counts=counts))
    story.then_refused(UnknownGate, "brief.council")
    story.when(vote).then(has(GateFailed, title="De raad"))
    story.window_ends("brief.ideas").when(CompleteStep(step="brief"))
    story.then_refused(StepHeldByGate, "brief.council")
    better = {"counts": Counts(in_favour=4, against=3)}
    story.and_(vote.model_copy(update=better)).and_(CompleteStep(step="brief"))


def test_an_approval_is_one_yes() -> None:
    """Unless it is said to take more."""
    story = begun().when(held("brief.money", 0, against=1), by=CLIENT)
    story.then(StepStarted, GateFailed)
    two = Threshold(count=2)
    board = RecordGate(
        gate="board", step="brief", kind="approval", counts=Counts(in_favour=1)
    )
    story.when(board).then(has(GatePassed, gate="brief.board"))
    boards = board.model_copy(update={"gate": "boards", "threshold": two})
    story.when(boards).then(has(GateFailed, gate="brief.boards"))


def test_what_was_not_counted_is_asked_for() -> None:
    """A share of the entitled needs to know how many they are."""
    at_consent().when(held(TENANTS, 70)).then_refused(CountsIncomplete, "entitled")


@pytest.mark.parametrize(
    "counts",
    [{"entitled": 60}, {"entitled": 100, "against": 40}, {"entitled": 90, "valid": 71}],
)
def test_counts_that_contradict_each_other_are_no_counts(
    counts: dict[str, int],
) -> None:
    """More people than there are, or more valid votes than votes."""
    story = at_consent().when(held(TENANTS, 70, **counts))
    story.then_refused(CountsContradict)


def test_who_answers_for_a_gate_records_it() -> None:
    """The method's role for it, or whoever steers; nobody else."""
    begun().when(held("brief.money", 1), by=FACILITATOR).then_refused(NotEntitled)
    begun().when(held("brief.money", 1), by=ANNE).then_refused(NotEntitled)
    begun().when(held("brief.money", 1), by=DIRECTOR).then(StepStarted, GatePassed)
    at_consent().when(held(NAMES, 100), by=CLIENT).then_refused(NotEntitled)


def test_a_return_to_the_step_asks_again() -> None:
    """The earlier outcome stays on record, and does not count in the new round."""
    story = at_consent()
    assert preview_revisit(story.state, "brief")["gates"] == ["brief.money"]
    story.and_(RevisitStep(step="brief", reason=SAID))
    assert standing(story.state, "brief.money") == "not_held"
    assert story.state.gates["brief.money"].passed
    story.when(CompleteStep(step="brief"))
    assert story.refusal is not None
    story.when(held("brief.money", 1), by=CLIENT)
    story.then(has(GatePassed, round=2))


def test_a_gate_of_a_step_that_is_complete_is_not_held() -> None:
    """First one goes back."""
    story = at_consent().when(held("brief.money", 1), by=CLIENT)
    story.then_refused(StepEnded, "revisit_step")


def test_corrected_counts_that_say_another_thing_put_a_gate_in_doubt() -> None:
    """It is not flipped in silence: a person holds it again, or goes back."""
    story = at_consent().and_(held(TENANTS, 70, entitled=100))
    seq = story.state.gates[TENANTS].seq
    wrong = CorrectFact(
        seq=seq,
        pointer="/counts/in_favour",
        value=69,
        was=70,
        event_type="gate_passed",
        reason=SAID,
    )
    story.and_(wrong)
    assert standing(story.state, TENANTS) == "in_doubt"
    assert Need("gate_in_doubt", TENANTS) in needs_attention(story.state)
    story.and_(held(NAMES, 100)).when(CompleteStep(step="consent"))
    story.then_refused(StepHeldByGate, TENANTS)
    story.when(held(TENANTS, 71, entitled=100)).then(GatePassed)
    assert needs_attention(story.state) == ()


def test_a_correction_that_decides_nothing_leaves_the_gate_alone() -> None:
    """Eighty instead of seventy-nine is enough either way."""
    story = at_consent().and_(held(TENANTS, 79, entitled=100))
    seq = story.state.gates[TENANTS].seq
    story.and_(
        CorrectFact(
            seq=seq,
            pointer="/counts/in_favour",
            value=80,
            was=79,
            event_type="gate_passed",
            reason=SAID,
        )
    )
    assert standing(story.state, TENANTS) == "passed"


def test_a_gate_is_held_in_a_pause_once_its_step_is_under_way() -> None:
    """People go on voting while windows stand still."""
    story = at_consent().and_(held(NAMES, 3), PauseDialogue(reason=SAID))
    story.when(held(NAMES, 100)).then(GatePassed)


def test_gates_are_told_in_the_order_of_the_plan() -> None:
    """Those added afterwards come last."""
    story = at_consent()
    own = RecordGate(gate="consent.bank", kind="approval", counts=Counts(in_favour=1))
    story.and_(own)
    assert gates_of(story.state, "consent") == (TENANTS, NAMES, "consent.bank")


def test_a_vote_that_was_lost_is_not_amended_away() -> None:
    """A gate that was held stays in the plan with what it takes; others may go."""
    story = at_consent().and_(held(TENANTS, 10, entitled=100))
    lower = {"id": "tenants", "title": {"en": "Some"}, "kind": "consent"}
    kept = {**lower, "threshold": {"percent": 70}}

    def gates(*told: object) -> AmendPlan:
        to = {"gates": list(told)}
        change = {"change": "change_step", "step": "consent", "to": to}
        return AmendPlan.model_validate({"changes": [change], "reason": SAID})

    story.when(gates()).then_refused(GateStays, TENANTS)
    easier = {**lower, "threshold": {"percent": 10}}
    story.when(gates(easier)).then_refused(GateStays, TENANTS)
    story.and_(gates(kept))
    assert gates_of(story.state, "consent") == (TENANTS,)
    story.when(CompleteStep(step="consent")).then_refused(StepHeldByGate, TENANTS)


def test_a_gate_that_was_left_to_tracks_is_passed_in_one() -> None:
    """The last track that could pass it can't stop before."""
    story = at_consent()
    for name in ("west", "east"):
        story.and_(
            OpenTrack(
                track=name, title=name, steps=("consent",), instead=True, reason=SAID
            )
        )
    assert gates_of(story.state, "consent--west") == (
        "consent--west.tenants",
        "consent--west.names",
    )
    story.and_(CloseTrack(track="west", reason=SAID))
    story.when(CloseTrack(track="east", reason=SAID)).then_refused(GateWouldBeLost)
    story.and_(held("consent--east.tenants", 70, entitled=100))
    story.and_(held("consent--east.names", 100), CompleteStep(step="consent--east"))
    story.when(CloseTrack(track="east"))
    assert story.refusal is None

"""Agreements: watched by the clock, settled with a reason, longer than the dialogue."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.agreement_facts import (
    AgreementExtended,
    AgreementMade,
    AgreementReconfirmed,
    AgreementReminded,
    AgreementSettled,
    ExtendAgreement,
    MakeAgreement,
    ReconfirmAgreement,
    RemindAgreement,
    SettleAgreement,
)
from domain.alarms import next_alarm
from domain.commands import (
    ArchiveDialogue,
    CancelDialogue,
    CompleteDialogue,
    PauseDialogue,
    RevisitStep,
)
from domain.errors import (
    DialogueEnded,
    NotEntitled,
    NothingToDo,
    StepNotStarted,
    UnknownRole,
)
from domain.events import (
    CompensationStarted,
    DialogueArchived,
    StepRevisited,
    StepVoided,
    WindowVoided,
)
from domain.facts import Actor
from domain.harvest_errors import (
    AgreementExists,
    AgreementSettledAlready,
    NoLastDay,
    NotRenegotiated,
    PromisesOpen,
    UnknownAgreement,
)
from domain.outcome_facts import HarvestQuestioned
from domain.people_register_facts import RegisterStakeholder, ReleaseStakeholder
from domain.progress import needs_attention
from domain.terms import Duration, TermOver
from tests.domain.story import (
    ANNE,
    CLIENT,
    SAID,
    Story,
    all_done,
    brief_done,
    given,
    has,
    invite_done,
)

TEN_DAYS = Duration(working_days=10)
BY_MARCH = Duration(until=date(2027, 3, 1))


def promise(name: str = "culvert", **changes: Any) -> MakeAgreement:  # noqa: ANN401 (any member)
    """Give the wish that the client keeps an agreement within ten working days."""
    told: dict[str, Any] = {
        "agreement": name,
        "what": SAID,
        "who": "c-1",
        "duration": TEN_DAYS,
    }
    return MakeAgreement(**(told | changes))


def settled(outcome: str, name: str = "culvert", **changes: Any) -> SettleAgreement:  # noqa: ANN401
    """Give the wish to settle an agreement."""
    told: dict[str, Any] = {"agreement": name, "outcome": outcome, "reason": SAID}
    return SettleAgreement(**(told | changes))


def kinds(story: Story) -> list[tuple[str, str]]:
    """What of agreements needs somebody now."""
    needs = needs_attention(story.state, story.now)
    return [(n.kind, n.target) for n in needs if n.kind.startswith("agreement")]


def test_an_agreement_has_a_last_day_by_the_law_on_terms() -> None:
    """Ten working days from a Saturday end on the second Friday, at midnight there."""
    story = given(promise())
    story.then(
        has(
            AgreementMade,
            due=datetime(2026, 12, 4, 23, tzinfo=UTC),
            who="c-1",
            step=None,
        )
    )
    made = story.new[0].data
    assert isinstance(made, AgreementMade)
    assert made.rule is not None
    assert made.rule.last_day == date(2026, 12, 4)
    assert [f"{each:%d %H}" for each in made.reminders] == ["27 08", "04 08"]


def test_its_holder_hears_of_it_and_what_it_says_stays_private() -> None:
    """The message names the place of the words, not the words."""
    story = given(promise(how=SAID))
    effect = story.state.effects["e2"]
    assert (effect.notice, effect.recipients) == ("agreement_made", ("c-1",))
    assert effect.about is not None
    assert [each.place for each in effect.about.enclosed] == [(2, "/what"), (2, "/how")]
    assert effect.about.heading == "culvert"


def test_the_clock_reminds_before_on_and_after_the_last_day() -> None:
    """Twice before it is over, once when it is, and then no more."""
    story = given(promise())
    for overdue in (False, False, True):
        story.until_the_next_alarm()
        story.then(has(AgreementReminded, who="c-1", overdue=overdue, told=("c-1",)))
    assert next_alarm(story.state) is None
    notices = [effect.notice for effect in story.state.effects.values()]
    assert notices == [
        "agreement_made",
        "agreement_reminder",
        "agreement_reminder",
        "agreement_overdue",
    ]


def test_a_clock_that_was_down_reminds_once() -> None:
    """Whoever was not reminded in time hears only that it is overdue."""
    story = given(promise()).later(days=100).clock_strikes()
    story.then(has(AgreementReminded, overdue=True))


def test_who_watches_hears_when_it_is_overdue() -> None:
    """The holders of the role, beside who made the promise; not before."""
    story = given(promise(watched_by="panel"))
    story.until_the_next_alarm().then(has(AgreementReminded, told=("c-1",)))
    story.later(days=30).clock_strikes()
    story.then(has(AgreementReminded, told=("c-1", "k-1", "k-2")))


def test_what_is_due_shows_and_what_is_overdue_shows_louder() -> None:
    """Within a week before its last day, and from its end on."""
    story = given(promise())
    assert kinds(story) == []
    story.later(days=8)
    assert kinds(story) == [("agreement_due", "culvert")]
    story.later(days=8)
    assert kinds(story) == [("agreement_overdue", "culvert")]
    story.clock_strikes()
    assert [n.kind for n in needs_attention(story.state)] == ["agreement_overdue"]


def test_an_agreement_outlives_the_dialogue() -> None:
    """After completion it is still watched, kept, extended or made."""
    story = all_done().and_(promise(), CompleteDialogue())
    story.until_the_next_alarm().then(has(AgreementReminded, overdue=False))
    longer = ExtendAgreement(agreement="culvert", duration=TEN_DAYS, reason=SAID)
    story.when(longer).then(has(AgreementExtended, generation=2))
    story.when(settled("kept")).then(has(AgreementSettled, outcome="kept"))
    story.when(promise("bridge")).then(AgreementMade)


@pytest.mark.parametrize(
    "stop", [PauseDialogue(reason=SAID), CancelDialogue(reason=SAID)]
)
def test_neither_a_pause_nor_a_cancel_stops_a_promise(stop: Any) -> None:  # noqa: ANN401
    """Somebody outside still counts on it."""
    story = given(promise()).and_(stop)
    story.until_the_next_alarm().then(AgreementReminded)


def test_archiving_waits_for_promises_or_says_why_not() -> None:
    """An archived dialogue has no clock: whoever ends it says what becomes of them."""
    story = all_done().and_(promise(), CompleteDialogue()).mail_goes_out()
    story.when(ArchiveDialogue()).then_refused(PromisesOpen, "culvert")
    story.when(ArchiveDialogue(reason=SAID)).then(has(DialogueArchived, reason=SAID))
    assert next_alarm(story.state) is None
    story.when(settled("kept")).then_refused(DialogueEnded)


def test_a_dialogue_without_promises_is_archived_without_a_reason() -> None:
    """One that was settled is none any more."""
    story = all_done().and_(promise(), settled("kept"), CompleteDialogue())
    story.mail_goes_out().when(ArchiveDialogue()).then(DialogueArchived)


@pytest.mark.parametrize("outcome", ["kept", "broken", "renegotiated", "lapsed"])
def test_settling_ends_the_reminding(outcome: str) -> None:
    """Whatever came of it, the clock is silent and nothing is left to settle."""
    story = given(promise()).and_(settled(outcome))
    assert next_alarm(story.state) is None
    story.when(settled("kept")).then_refused(AgreementSettledAlready)
    longer = ExtendAgreement(agreement="culvert", duration=TEN_DAYS, reason=SAID)
    story.when(longer).then_refused(AgreementSettledAlready)


def test_its_holder_hears_when_an_agreement_no_longer_holds() -> None:
    """Of what they kept or broke they know best."""
    for outcome, told in (("kept", []), ("lapsed", ["agreement_ended"])):
        story = given(promise()).mail_goes_out().and_(settled(outcome))
        assert [effect.notice for effect in story.state.effects.values()] == told


def test_a_renegotiated_agreement_names_what_took_its_place() -> None:
    """Which is there already, and open."""
    story = given(promise()).when(settled("renegotiated", renewed_as="bridge"))
    story.then_refused(UnknownAgreement, "bridge", "culvert")
    story.and_(promise("bridge"))
    story.when(settled("kept", renewed_as="bridge")).then_refused(NotRenegotiated)
    story.when(settled("renegotiated", renewed_as="culvert"))
    story.then_refused(AgreementExists)
    story.when(settled("renegotiated", renewed_as="bridge"))
    story.then(has(AgreementSettled, renewed_as="bridge", next_due=None))


def test_what_repeats_comes_back_after_each_last_day() -> None:
    """Counted from the last day, also when it was settled too soon or much too late."""
    story = given(promise(duration=BY_MARCH, repeats=365))
    story.when(settled("kept"))
    story.then(
        has(
            AgreementSettled,
            due=datetime(2027, 3, 1, 23, tzinfo=UTC),
            next_due=datetime(2028, 2, 29, 23, tzinfo=UTC),
        )
    )
    assert story.state.harvest.agreements["culvert"].open
    story.at(datetime(2030, 6, 1, tzinfo=UTC)).clock_strikes()
    story.when(settled("broken"))
    story.then(has(AgreementSettled, next_due=datetime(2031, 2, 28, 23, tzinfo=UTC)))
    story.when(settled("kept", ends=True)).then(has(AgreementSettled, next_due=None))
    assert not story.state.harvest.agreements["culvert"].open


def test_what_repeats_has_a_first_last_day_by_itself() -> None:
    """Without a duration the first is one period from now."""
    story = given(promise(duration=None, repeats=30))
    story.then(has(AgreementMade, due=datetime(2026, 12, 21, 23, tzinfo=UTC)))


def test_an_agreement_without_a_last_day_reminds_nobody() -> None:
    """Until it gets one."""
    story = given(promise(duration=None))
    assert next_alarm(story.state) is None
    story.when(RemindAgreement(agreement="culvert")).then_refused(NoLastDay)
    by_march = ExtendAgreement(agreement="culvert", duration=BY_MARCH, reason=SAID)
    story.when(by_march).then(has(AgreementExtended, was=None))
    story.when(RemindAgreement(agreement="culvert")).then(AgreementReminded)


def test_more_time_counts_from_the_last_day_and_from_today_once_that_has_passed() -> (
    None
):
    """So nobody is given time that has gone by."""
    week = Duration(working_days=5)
    longer = ExtendAgreement(agreement="culvert", duration=week, reason=SAID)
    story = given(promise()).when(longer)
    story.then(has(AgreementExtended, due=datetime(2026, 12, 11, 23, tzinfo=UTC)))
    story.at(datetime(2027, 1, 15, 12, tzinfo=UTC)).clock_strikes().when(longer)
    story.then(has(AgreementExtended, due=datetime(2027, 1, 22, 23, tzinfo=UTC)))
    assert not story.state.harvest.agreements["culvert"].overdue


def test_an_old_alarm_is_none() -> None:
    """A clock that was set for the earlier last day does nothing."""
    longer = ExtendAgreement(agreement="culvert", duration=TEN_DAYS, reason=SAID)
    story = given(promise()).and_(longer)
    story.when(RemindAgreement(agreement="culvert", generation=1))
    story.then_refused(NothingToDo)


def test_what_makes_no_sense_is_refused() -> None:
    """The same id twice, a day that has passed, a role or a step that is not there."""
    story = given(promise())
    story.when(promise()).then_refused(AgreementExists)
    past = Duration(until=date(2026, 11, 1))
    story.when(promise("late", duration=past)).then_refused(TermOver)
    story.when(promise("x", watched_by="speaker")).then_refused(UnknownRole)
    story.when(promise("x", step="report")).then_refused(StepNotStarted)
    story.when(settled("kept", "bridge")).then_refused(UnknownAgreement, "culvert")


def test_who_watches_may_settle_and_nobody_else_but_who_steers() -> None:
    """The panel keeps watch over this one; the client made the promise."""
    story = given(promise(watched_by="panel"))
    story.when(settled("kept"), by=CLIENT).then_refused(NotEntitled)
    stranger = Actor(id="x-9", role="facilitator")
    story.when(settled("kept"), by=stranger)
    assert story.refusal is not None
    story.when(RemindAgreement(agreement="culvert"), by=ANNE).then(AgreementReminded)
    story.when(settled("broken"), by=ANNE).then(AgreementSettled)


def test_going_back_puts_agreements_in_doubt_and_undoes_none() -> None:
    """A promise to somebody outside is not ours to undo: a person looks at it."""
    story = invite_done(brief_done(given()))
    story.and_(promise("here", step="invite"), promise("before", step="brief"))
    story.and_(promise("done", step="invite"), settled("kept", "done"))
    story.mail_goes_out().when(RevisitStep(step="invite", reason=SAID))
    found = [e.data for e in story.new if isinstance(e.data, HarvestQuestioned)]
    assert found == [HarvestQuestioned(by="invite", agreements=("here",), decisions=())]
    assert ("agreement_to_review", "here") in kinds(story)
    story.when(ReconfirmAgreement(agreement="here")).then(AgreementReconfirmed)
    assert kinds(story) == []
    story.when(ReconfirmAgreement(agreement="here")).then_refused(NothingToDo)


def test_an_agreement_of_no_step_is_doubted_by_every_return() -> None:
    """Nobody knows what it was built on."""
    story = invite_done(brief_done(given()))
    story.and_(promise("meantime")).mail_goes_out()
    story.when(RevisitStep(step="brief", reason=SAID))
    assert [type(e.data) for e in story.new if not isinstance(e.data, WindowVoided)][
        :3
    ] == [StepRevisited, StepVoided, HarvestQuestioned]
    assert any(isinstance(e.data, CompensationStarted) for e in story.new)


def test_what_somebody_promised_who_leaves_is_looked_at_again() -> None:
    """Their word may still hold: a person says so."""
    story = given(RegisterStakeholder(stakeholder="school"))
    story.and_(promise("x", who="school"), promise("y"), promise("z", who="school"))
    story.and_(settled("kept", "z"))
    story.and_(ReleaseStakeholder(stakeholder="school", reason=SAID))
    assert [need for need in kinds(story) if "review" in need[0]] == [
        ("agreement_to_review", "x")
    ]
    story.when(ReconfirmAgreement(agreement="x")).then(AgreementReconfirmed)


def test_two_hundred_agreements_stay_small() -> None:
    """Half of them settled, as after some years: less than forty kilobytes."""
    story = given(*(promise(f"afspraak-{n:03}") for n in range(200)))
    story.mail_goes_out()
    for n in range(100):
        story.and_(settled("kept", f"afspraak-{n:03}"))
    size = len(story.state.harvest.model_dump_json())
    assert size < 40_000, size

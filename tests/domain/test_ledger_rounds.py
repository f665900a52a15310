"""Answers over rounds, in great number, and on their way to people."""

from __future__ import annotations

from domain.alarms import CLOCK_ACTOR
from domain.commands import (
    CompleteItems,
    CompleteStep,
    OpenWindow,
    RecordResponse,
    ReportEffect,
    RetryEffect,
    RevisitStep,
    StartStep,
)
from domain.errors import (
    NothingToDo,
    StepNotStarted,
)
from domain.events import EffectCompleted, EffectRetried
from domain.ledger import (
    NotOfAnEarlierRound,
    TooScattered,
)
from domain.ledger_facts import (
    CarryResponses,
    ResponsesCarried,
)
from tests.domain.answering import (
    DRAFT,
    IDEAS,
    answer,
    asked,
    counts,
    group,
    leave,
    many,
    waits,
)
from tests.domain.story import (
    SAID,
    Story,
    brief_done,
    given,
    has,
    invite_done,
)

# Going back.


def gone_back() -> Story:
    """The panel responded to the draft, one was answered, and the step is redone."""
    story = brief_done(given())
    story.and_(StartStep(step="invite"), OpenWindow(window=DRAFT))
    for who in ("k-1", "k-2"):
        story.and_(RecordResponse(window=DRAFT, respondent=who))
    story.and_(answer("1", window=DRAFT))
    story = invite_done_again(story)
    return story.and_(RevisitStep(step="invite", reason=SAID))


def invite_done_again(story: Story) -> Story:
    """Complete the step whose window is open already."""
    every = ("invite.list", "invite.letters", "invite.hall")
    story.and_(CompleteItems(items=every))
    return story.window_ends(DRAFT).and_(CompleteStep(step="invite"))


def test_answers_of_a_round_that_was_undone_stay() -> None:
    """And what waited there waits still: it is not silently missing."""
    story = gone_back()
    assert counts(story, DRAFT) == {"total": 2, "adopted": 1, "waiting": 1}
    assert story.state.ledgers[DRAFT].earlier == 2


def test_responses_of_an_earlier_round_are_answered_again_in_the_new_one() -> None:
    """They keep their numbers, count in the new round, and wait for an answer."""
    story = gone_back().when(CarryResponses(window=DRAFT, reason=SAID))
    story.then(has(ResponsesCarried, numbers="1-2", round=2))
    assert waits(story, DRAFT) == "1-2"
    story.when(CarryResponses(window=DRAFT)).then_refused(NothingToDo, "earlier round")
    story.and_(answer("1-2", "not", window=DRAFT))
    assert counts(story, DRAFT) == {"total": 2, "rejected": 2}


def test_some_responses_can_be_carried_and_only_of_an_earlier_round() -> None:
    """What came in since counts already."""
    story = gone_back().and_(OpenWindow(window=DRAFT))
    story.and_(RecordResponse(window=DRAFT, respondent="k-1"))
    story.when(CarryResponses(window=DRAFT, numbers="2-3"))
    story.then_refused(NotOfAnEarlierRound, "Responses 3 of")
    story.when(CarryResponses(window=DRAFT, numbers="1"))
    story.then(has(ResponsesCarried, numbers="1"))
    assert waits(story, DRAFT) == "1-3"


def test_nothing_is_carried_into_a_step_that_waits_to_be_started() -> None:
    """There is no new round to count in yet."""
    story = brief_done(given())
    invite_done(story).and_(RecordResponse(window=DRAFT, respondent="k-1"))
    story.and_(RevisitStep(step="brief", reason=SAID))
    story.when(CarryResponses(window=DRAFT)).then_refused(StepNotStarted, "invite")


def test_a_group_that_was_carried_whole_waits_as_a_group() -> None:
    """One of which a part was carried keeps its answer for the rest."""
    story = asked(4).and_(group("all", "1-2"), group("half", "3-4"))
    story.and_(answer(group="all"), answer(group="half"))
    story.window_ends(IDEAS).and_(
        CompleteItems(items=("brief.money", "brief.question")),
        CompleteStep(step="brief"),
        RevisitStep(step="brief", reason=SAID),
        CarryResponses(window=IDEAS, numbers="1-3"),
    )
    groups = story.state.ledgers[IDEAS].groups
    assert groups["all"].outcome is None
    assert groups["half"].outcome == "adopted"
    assert waits(story) == "1-3"
    story.and_(answer(group="all", outcome="not"))
    assert counts(story) == {"total": 4, "adopted": 1, "rejected": 2, "waiting": 1}


def test_a_response_carried_before_can_be_carried_again_after_another_return() -> None:
    """Each return undoes the round that it counted in."""
    story = gone_back().and_(CarryResponses(window=DRAFT), OpenWindow(window=DRAFT))
    story.and_(leave(window=DRAFT))
    done = ("invite.list", "invite.letters", "invite.hall")
    story.and_(CompleteItems(items=done)).window_ends(DRAFT)
    story.and_(CompleteStep(step="invite"), RevisitStep(step="invite", reason=SAID))
    story.when(CarryResponses(window=DRAFT)).then(has(ResponsesCarried, round=3))


# Size.


def test_numbers_that_do_not_fit_into_one_event_are_refused() -> None:
    """An event stays below 32 kB; name fewer at a time."""
    story = many(20_000).and_(
        *(group(f"g{n}", f"{n * 2_000 + 1}-{n * 2_000 + 2_000}") for n in range(10))
    )
    odd = ",".join(str(n) for n in range(1, 6_000, 2))
    story.and_(answer(odd[:19_000].rpartition(",")[0], "not"))
    rest = ",".join(str(n) for n in range(4_001, 10_000, 2))
    story.and_(answer(rest, "partly"))
    story.when(answer("1-20000")).then_refused(TooScattered)


def test_twenty_thousand_responses_take_little_room() -> None:
    """In groups, answered and not, scattered: the state stays far below 300 kB."""
    story = many(20_000)
    before = len(story.state.model_dump_json())
    for name in range(10):
        numbers = ",".join(str(n) for n in range(name + 1, 20_001, 50))
        story.and_(group(f"theme-{name}", numbers))
    for name in range(5):
        story.and_(answer(group=f"theme-{name}", outcome="partly"))
    story.and_(answer("50-2000", "not"), leave("3011-3040"))
    story.mail_goes_out()
    grown = len(story.state.model_dump_json()) - before
    assert grown < 40_000 + 170 * len(story.state.handled)


# Telling.


def test_who_responded_is_told_by_number_and_where_the_reason_is() -> None:
    """The core names no respondent; many are told in parts."""
    story = asked(3).and_(answer("1,3"))
    (effect,) = story.state.effects.values()
    assert (effect.responses, effect.recipients) == ("1,3", ())
    assert effect.about is not None
    assert effect.about.enclosed[0].place == (story.state.version, "/reason")
    large = many(450).and_(answer("1-450"))
    parts = [each.responses for each in large.state.effects.values()]
    assert parts == ["1-200", "201-400", "401-450"]


def test_what_came_of_telling_is_on_record_by_number() -> None:
    """With the event of the answer, so that everybody can follow it."""
    story = asked(3).and_(answer("1-3"))
    seq = story.state.version
    done = ReportEffect(
        effect=f"e{seq}-1", attempt=1, succeeded=True, told="1,3", untold="2"
    )
    story.when(done, by=CLOCK_ACTOR)
    story.then(
        has(EffectCompleted, window=IDEAS, answer=seq, told="1,3", untold="2", sent=())
    )


def test_a_letter_that_failed_is_tried_again_unless_the_answer_changed() -> None:
    """Nobody hears what is not so any more; the others of the group still hear."""
    story = asked(3).and_(answer("1-3", "not"))
    name = f"e{story.state.version}-1"
    story.world(name, succeeds=False).and_(answer("2"))
    assert story.state.effects[name].responses == "1,3"
    story.when(RetryEffect(effect=name)).then(EffectRetried)
    assert story.state.effects[name].status == "pending"
    story.world(name, succeeds=False).and_(answer("1,3", "partly"))
    assert name not in story.state.effects

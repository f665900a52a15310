"""An answer that did not reach somebody is sent again, as it was, to them alone."""

from __future__ import annotations

from domain.alarms import CLOCK_ACTOR
from domain.commands import ReportEffect
from domain.errors import NothingToDo
from domain.ledger import MOST_AGAIN, ToldAlready
from domain.ledger_facts import AnswersToldAgain, TellAnswersAgain
from tests.domain.answering import IDEAS, answer, asked, group, many
from tests.domain.story import Story, has

AGAIN = TellAnswersAgain(window=IDEAS)


def told(story: Story, name: str, *, told: str | None, untold: str | None) -> Story:
    """Let a message with answers go out."""
    report = ReportEffect(
        effect=name, attempt=1, succeeded=True, told=told, untold=untold
    )
    return story.and_(report, by=CLOCK_ACTOR)


def missed() -> tuple[Story, int]:
    """Answer three responses; the second and third get no letter."""
    story = asked(3).and_(answer("1-3", "partly"))
    seq = story.state.version
    return told(story, f"e{seq}-1", told="1", untold="2-3"), seq


def owed(story: Story) -> dict[str, str | None]:
    """The messages under way, with the responses that they answer."""
    return {name: each.responses for name, each in story.state.effects.items()}


def test_an_answer_goes_again_to_those_it_did_not_reach() -> None:
    """It says what it said, and where its reason is; who was told hears nothing."""
    story, seq = missed()
    story.when(AGAIN).then(has(AnswersToldAgain, window=IDEAS, numbers="2-3"))
    ((name, effect),) = story.state.effects.items()
    assert name == f"e{story.state.version}-1"
    assert (effect.notice, effect.responses) == ("answer_given", "2-3")
    assert effect.about is not None
    assert effect.about.enclosed[0].place == (seq, "/reason")
    assert [fact.value for fact in effect.about.facts] == ["partly"]


def test_who_is_reached_is_owed_nothing_more() -> None:
    """And who is not can be tried again, as often as it takes."""
    story, _seq = missed()
    story.and_(AGAIN)
    told(story, f"e{story.state.version}-1", told="2", untold="3")
    story.when(AGAIN).then(has(AnswersToldAgain, numbers="3"))
    told(story, f"e{story.state.version}-1", told="3", untold=None)
    assert story.state.ledgers[IDEAS].untold == {}
    story.when(AGAIN).then_refused(NothingToDo, "arrived")


def test_what_is_under_way_is_not_sent_twice() -> None:
    """Nor what could not be sent: that is retried as the message it is."""
    story, _seq = missed()
    story.and_(AGAIN).when(AGAIN).then_refused(NothingToDo, "under way")
    story.world(f"e{story.state.version}-1", succeeds=False)
    story.when(AGAIN).then_refused(NothingToDo, "under way")


def test_only_what_did_not_arrive_can_be_sent_again() -> None:
    """Nobody gets the same answer twice."""
    story, _seq = missed()
    wish = TellAnswersAgain(window=IDEAS, numbers="1-2")
    story.when(wish).then_refused(ToldAlready, "1")
    story.when(wish.model_copy(update={"numbers": "2"}))
    story.then(has(AnswersToldAgain, numbers="2"))
    assert [*owed(story).values()] == ["2"]


def test_another_answer_takes_the_place_of_one_that_did_not_arrive() -> None:
    """Nobody hears what is not so any more, also if they got it meanwhile."""
    story, _seq = missed()
    story.and_(answer("2", "not"))
    assert [each.numbers for each in story.state.ledgers[IDEAS].untold.values()] == [
        1 << 3
    ]
    late = asked(1).and_(answer("1"))
    first = late.state.version
    late.and_(answer("1", "not"))
    told(late, f"e{first}-1", told=None, untold="1")
    assert late.state.ledgers[IDEAS].untold == {}


def test_the_answers_to_two_groups_stand_beside_each_other() -> None:
    """Whoever missed both hears both; a new answer to one replaces that one."""
    story = asked(2).and_(group("green", "1-2"), group("loud", "2"))
    seqs: list[int] = []
    for name in ("green", "loud"):
        story.and_(answer(group=name))
        seqs.append(story.state.version)
    told(story, f"e{seqs[0]}-1", told="1", untold="2")
    told(story, f"e{seqs[1]}-1", told=None, untold="2")
    untold = story.state.ledgers[IDEAS].untold
    assert {seq: each.numbers for seq, each in untold.items()} == {
        str(seq): 1 << 2 for seq in seqs
    }
    story.and_(answer(group="green", outcome="not"))
    assert [*story.state.ledgers[IDEAS].untold] == [str(seqs[1])]
    told(story, f"e{story.state.version}-1", told="1", untold="2")
    story.and_(AGAIN)
    assert sorted(filter(None, owed(story).values())) == ["2", "2"]


def test_many_go_a_few_answers_at_a_time() -> None:
    """No command asks for hundreds of messages; the next goes on with the rest."""
    story = many(MOST_AGAIN + 1)
    for number in range(1, MOST_AGAIN + 2):
        story.and_(answer(str(number)))
        told(story, f"e{story.state.version}-1", told=None, untold=str(number))
    story.when(AGAIN).then(has(AnswersToldAgain, numbers=f"1-{MOST_AGAIN}"))
    story.when(AGAIN).then(has(AnswersToldAgain, numbers=str(MOST_AGAIN + 1)))


def test_who_is_told_leaves_nothing_in_the_state() -> None:
    """A state is no larger for a thousand answers that arrived."""
    story = asked(2).and_(answer("1-2"))
    told(story, f"e{story.state.version}-1", told="1-2", untold=None)
    assert "untold" not in story.state.ledgers[IDEAS].model_dump()

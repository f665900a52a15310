"""What happens to answers is told in plain sentences, with how many heard."""

from __future__ import annotations

from desk.in_words.answers import how_many
from desk.in_words.events import told
from desk.overview import seen
from domain.alarms import CLOCK_ACTOR
from domain.commands import RecordResponse, ReportEffect, StartStep
from domain.events import to_data
from domain.ledger_facts import AnswerResponse, GroupResponses
from tests.domain.story import SAID, STREAM, Story, given

WINDOW = "brief.ideas"


def answered() -> Story:
    """Two ideas on one theme, and their answer."""
    story = given(StartStep(step="brief"))
    for who in ("r-1", "r-2", "r-3"):
        story.and_(RecordResponse(window=WINDOW, respondent=who))
    group = {"group": "light", "window": WINDOW, "numbers": "1-2", "because": "theme"}
    story.and_(GroupResponses.model_validate(group))
    return story.and_(AnswerResponse(group="light", outcome="partly", reason=SAID))


def sentences(story: Story) -> list[str]:
    """The events of a story in words."""
    view = seen(STREAM, story.state, story.now, "en")
    return [
        told(view, {"type": event.type, "data": to_data(event)[0]})
        for event in story.events
    ]


def test_an_answer_is_told_with_its_outcome() -> None:
    """By the window's title, and what was done in words."""
    said = sentences(answered())
    assert "Groep light: reactie 1-2 in termijn ‘First ideas’." in said
    wanted = "Antwoord op reactie 1-2 in termijn ‘First ideas’: deels overgenomen."
    assert said[-1] == wanted


def test_how_many_heard_is_counted_by_their_responses() -> None:
    """Numbers are ranges, and are counted as what they stand for."""
    story = answered()
    (effect,) = [e for e in story.state.effects.values() if e.responses]
    report = {"effect": effect.id, "attempt": 1, "succeeded": True, "told": "1-2"}
    story.and_(ReportEffect.model_validate(report), by=CLOCK_ACTOR)
    assert sentences(story)[-1] == (
        "Bericht ‘antwoord op een reactie’: mensen die bericht kregen: 2, "
        "niet bereikt: 0."
    )
    assert how_many("1-40,52") == 41
    assert how_many(None) == 0

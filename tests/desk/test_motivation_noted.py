"""How responses came, when people met, what was promised: told as it was noted."""

from __future__ import annotations

from domain.commands import CompleteItems, RecordResponse
from domain.window_facts import Channel
from tests.desk.test_motivation_composed import document, record, said
from tests.domain.story import Story, given


def sent(*channels: Channel | None) -> Story:
    """Begin a story in which as many respond, each by such a channel."""
    story = given(CompleteItems(items=("brief.wish",)))
    for number, channel in enumerate(channels):
        story.and_(
            RecordResponse(
                window="brief.ideas", respondent=f"r-{number}", channel=channel
            )
        )
    return story


def test_responses_are_counted_by_how_they_came() -> None:
    """Each count rests on its own events; what was not said is said to be unknown."""
    story = sent("web", "post", "web", None, "telephone")
    made = document(record(story))
    (how,) = said(made, "This is how they came")
    assert how.text == "This is how they came: website (2), post (1) and telephone (1)."
    assert len(how.events) == 4
    (rest,) = said(made, "How one of them came")
    assert not {*rest.events} & {*how.events}
    (dutch,) = said(document(record(story), "nl"), "This is how they came")
    assert dutch.text == "Zo kwamen ze binnen: website (2), post (1) en telefoon (1)."


def test_where_nobody_said_how_responses_came_nothing_is_told_of_it() -> None:
    """A document of before says what it said before."""
    made = document(record(sent(None, None)))
    assert said(made, "This is how they came") == []
    assert said(made, "How {n} of them came") == []

"""Stories in which people responded, and wishes about what they get."""

from __future__ import annotations

from typing import Any

from domain.commands import (
    RecordResponse,
    StartStep,
)
from domain.coverage import coverage, waiting
from domain.ledger_facts import (
    AnswerOutcome,
    AnswerResponse,
    Because,
    GroupResponses,
    LeaveUnanswered,
)
from domain.response_numbers import written
from tests.domain.story import (
    SAID,
    Story,
    given,
)

IDEAS = "brief.ideas"
DRAFT = "invite.draft"


def asked(count: int, window: str = IDEAS) -> Story:
    """Begin a story in which so many people responded to a window that is open."""
    story = given(StartStep(step="brief"))
    return responded(story, count, window)


def responded(story: Story, count: int, window: str) -> Story:
    """Let so many people respond."""
    for number in range(1, count + 1):
        story.and_(RecordResponse(window=window, respondent=f"r-{number}"))
    return story


def answer(
    numbers: str | None = None,
    outcome: AnswerOutcome = "adopted",
    *,
    window: str = IDEAS,
    group: str | None = None,
) -> AnswerResponse:
    """Answer responses, or a group."""
    at = {} if group else {"window": window, "numbers": numbers}
    return AnswerResponse(group=group, outcome=outcome, reason=SAID, **at)


def group(
    name: str, numbers: str, because: Because = "theme", window: str = IDEAS
) -> GroupResponses:
    """Put responses in a group."""
    return GroupResponses(group=name, window=window, numbers=numbers, because=because)


def leave(numbers: str | None = None, window: str = IDEAS) -> LeaveUnanswered:
    """Leave responses without an answer."""
    return LeaveUnanswered(window=window, numbers=numbers, reason=SAID)


def counts(story: Story, window: str = IDEAS) -> dict[str, int]:
    """What became of the responses to a window, without what is nothing."""
    found = coverage(story.state, window)._asdict()
    return {name: count for name, count in found.items() if count}


def waits(story: Story, window: str = IDEAS) -> str:
    """The numbers of the responses that wait."""
    return written(waiting(story.state, window))


def many(count: int) -> Story:
    """Begin a story with so many responses, which the state only counts."""
    story = asked(1)
    runs = story.state.windows[IDEAS]
    full = runs[0].model_copy(update={"on_time": count})
    windows: dict[str, Any] = story.state.windows | {IDEAS: (full,)}
    story.as_if(story.state.but(windows=windows))
    return story

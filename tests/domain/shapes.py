"""What the shapes of real dialogues are told with."""

from __future__ import annotations

from typing import Any, Final

from domain.agreement_facts import (
    MakeAgreement,
)
from domain.commands import (
    OpenWindow,
    PauseDialogue,
    RecordResponse,
    ResumeDialogue,
    StartStep,
)
from domain.correction_facts import NoteFact
from domain.happenings import Happened
from domain.outcome_facts import (
    RecordDecision,
)
from domain.terms import Duration
from tests.domain.answering import DRAFT, answer
from tests.domain.story import (
    SAID,
    Story,
    brief_done,
    given,
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


def panel_reply(who: str = "k-1", **more: Any) -> RecordResponse:  # noqa: ANN401 (any member)
    """Give the response of somebody in the panel, where several audiences are asked."""
    return reply(who, audience="panel", **more)


def responded_to_draft(story: Story) -> Story:
    """Let one of the panel respond to the draft and be answered."""
    story.and_(OpenWindow(window=DRAFT), reply())
    story.window_ends(DRAFT).and_(answer("1", window=DRAFT))
    return story

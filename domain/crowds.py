"""Many responses in one command: each goes by the rules, and none holds up another.

A public window can take many thousands. A dialogue remembers every command for life,
so the desk gathers them; what they came under once for ever, the desk's inbox knows.
"""

from __future__ import annotations

from collections import Counter

from domain.audiences import known_window
from domain.draft import Draft
from domain.errors import DomainError
from domain.events import ResponseRecorded
from domain.responses import gathered, recorded
from domain.window_facts import RecordResponses, RefusedResponse, ResponsesGathered


class SubmittedTwice(DomainError):
    """The submission {submission} is there twice. Send each response once."""


def record_responses(draft: Draft, command: RecordResponses) -> None:
    """Record what the rules let in, and say which they did not."""
    known_window(draft.state, command.window)
    times = Counter(each.submission for each in command.responses)
    for submission, count in times.items():
        if count > 1:
            raise SubmittedTwice(submission=submission)
    facts, refused = _tried(draft, command)
    draft.happen(
        ResponsesGathered(window=command.window, count=len(facts), refused=refused)
    )
    draft.happen(*facts)


def _tried(
    draft: Draft, command: RecordResponses
) -> tuple[tuple[ResponseRecorded, ...], tuple[RefusedResponse, ...]]:
    """Give what would happen, each response on the state after the one before it."""
    trial = Draft(draft.state, draft.by)
    facts: list[ResponseRecorded] = []
    refused: list[RefusedResponse] = []
    for each in command.responses:
        try:
            fact = recorded(trial, gathered(command.window, each))
        except DomainError as refusal:
            error = type(refusal).__name__
            refused.append(RefusedResponse(submission=each.submission, error=error))
        else:
            trial.happen(fact)
            facts.append(fact)
    return tuple(facts), tuple(refused)

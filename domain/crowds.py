"""Many responses in one command: each goes by the rules, and none holds up another.

A public window can take many thousands. A dialogue remembers every command for life,
so the desk gathers them; what they came under once for ever, the desk's inbox knows.
"""

from __future__ import annotations

from collections import Counter

from domain.audiences import known_window
from domain.draft import Draft
from domain.errors import DomainError
from domain.responses import gathered, recorded
from domain.window_facts import RecordResponses, RefusedResponse, ResponsesGathered


class SubmittedTwice(DomainError):
    """The submission {submission} is there twice. Send each response once."""


def record_responses(draft: Draft, command: RecordResponses) -> None:
    """Record what the rules let in, and say which they did not."""
    window = command.window
    known_window(draft.state, window)
    times = Counter(each.submission for each in command.responses)
    for submission, count in times.items():
        if count > 1:
            raise SubmittedTwice(submission=submission)
    first = len(draft.events)
    draft.happen(ResponsesGathered(window=window, count=0, refused=()))
    refused: list[RefusedResponse] = []
    for each in command.responses:
        try:
            draft.happen(recorded(draft, gathered(window, each)))
        except DomainError as refusal:
            error = type(refusal).__name__
            refused.append(RefusedResponse(submission=each.submission, error=error))
    count = len(draft.events) - first - 1
    told = ResponsesGathered(window=window, count=count, refused=tuple(refused))
    # Only now it is known how many; no state comes of that.
    draft.events[first] = draft.events[first].model_copy(update={"data": told})

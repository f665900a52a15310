"""The answer ledger: what the organisation does with what people said, as facts.

Responses are known by the number they have in their window. An answer is given to
numbers or to a group of them; the ledger holds for each number what became of it, as
bits, and no person: who gave a response is on record with the response.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from domain.facts import Fact, Line, PartId, Private, ShortLine, absent
from domain.messages import Command, TargetId
from domain.response_numbers import Bits, Numbers

AnswerOutcome = Literal["adopted", "partly", "not"]
"""What is done with a response: all of it is adopted, a part, or nothing."""

OUTCOMES: Final[tuple[AnswerOutcome, ...]] = ("adopted", "partly", "not")

Because = Literal["identical", "theme"]
"""Why responses are one group: they say the same, or are about the same."""


# Commands.


class GroupResponses(Command):
    """Put responses of a window in a group; to one that waits more can be added."""

    group: PartId
    window: TargetId
    numbers: Numbers
    because: Because
    title: ShortLine | None = None


class UngroupResponses(Command):
    """Take responses out of a group that waits for its answer; all of them end it."""

    group: PartId
    numbers: Numbers | None = None


class AnswerResponse(Command):
    """Answer responses of a window, or a group. Once more: the answer changes."""

    window: TargetId | None = None
    numbers: Numbers | None = None
    group: PartId | None = None
    outcome: AnswerOutcome
    reason: Private
    reference: Line | None = None

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        singly = self.window is not None and self.numbers is not None
        if self.group is None and not singly:
            message = "name a window with numbers, or a group"
            raise ValueError(message)
        if self.group is not None and (self.window or self.numbers):
            message = "name a group, or a window with numbers; not both"
            raise ValueError(message)
        return self


class LeaveUnanswered(Command):
    """Leave responses without an answer, with a reason; default: all that wait."""

    window: TargetId
    numbers: Numbers | None = None
    reason: Private


class CarryResponses(Command):
    """Let responses of an earlier round count in this one; they are answered anew."""

    window: TargetId
    numbers: Numbers | None = None
    reason: Private | None = None


class TellAnswersAgain(Command):
    """Send answers that did not reach some once more; default: all of a window."""

    window: TargetId
    numbers: Numbers | None = None


LedgerCommand = (
    GroupResponses
    | UngroupResponses
    | AnswerResponse
    | LeaveUnanswered
    | CarryResponses
    | TellAnswersAgain
)


# Events.


class ResponsesGrouped(Fact):
    """Responses of a window became one group, or part of one. Nothing private."""

    group: PartId
    window: TargetId
    numbers: Numbers
    because: Because
    title: ShortLine | None


class ResponsesUngrouped(Fact):
    """Responses left a group. Nothing private."""

    group: PartId
    window: TargetId
    numbers: Numbers


class ResponseAnswered(Fact):
    """Responses got an answer, the same for each of them. Private: ``reason``.

    ``group`` is the group that was answered, if it was one. ``was`` says of those that
    had an answer what it was.
    """

    window: TargetId
    numbers: Numbers
    group: PartId | None
    outcome: AnswerOutcome
    reason: Private
    reference: Line | None
    was: dict[AnswerOutcome, Numbers] = {}


class ResponsesLeftUnanswered(Fact):
    """It was said that responses get no answer, and why. Private: ``reason``."""

    window: TargetId
    numbers: Numbers
    reason: Private


class ResponsesCarried(Fact):
    """Responses of earlier rounds count in this one, and wait. Private: ``reason``."""

    window: TargetId
    numbers: Numbers
    round: int
    reason: Private | None


class AnswersToldAgain(Fact):
    """Answers are sent once more to those they did not reach. Nothing private."""

    window: TargetId
    numbers: Numbers


LedgerEvent = (
    ResponsesGrouped
    | ResponsesUngrouped
    | ResponseAnswered
    | ResponsesLeftUnanswered
    | ResponsesCarried
    | AnswersToldAgain
)


# State.


class Group(Fact):
    """Responses that are answered as one; without an outcome the group waits.

    ``answer`` is the seq of the event that gave the last one.
    """

    because: Because
    numbers: Bits
    outcome: AnswerOutcome | None = None
    answer: int | None = Field(default=None, exclude_if=absent)


class Untold(Fact):
    """Responses whose respondents an answer did not reach, and what it said."""

    numbers: Bits
    outcome: AnswerOutcome
    reference: Line | None = Field(default=None, exclude_if=absent)


def _none(untold: dict[str, Untold]) -> bool:
    return not untold


class Ledger(Fact):
    """What became of the responses to one window, over all its openings.

    ``adopted``, ``partly`` and ``rejected`` are those answered themselves; an answer to
    a group is with the group. ``left`` are those of which it was said that they get
    none. Numbers up to ``earlier`` came in rounds that a revisit undid; those
    ``carried`` count in the present one all the same. ``untold`` are those whom an
    answer that holds did not reach, by the seq of that answer.
    """

    adopted: Bits = 0
    partly: Bits = 0
    rejected: Bits = 0
    left: Bits = 0
    earlier: Annotated[int, Field(ge=0)] = 0
    carried: Bits = 0
    groups: dict[str, Group] = {}
    untold: dict[str, Untold] = Field(default={}, exclude_if=_none)

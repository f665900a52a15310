"""What came of a play: every command as it was sent, and how it was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from desk.errors import Refused
from desk.sending import Answer
from domain.clock import Clock
from examples.acts import Act, Do, Preview
from examples.scenario import Scenario


class Missed(Exception):
    """An act had another outcome than the scenario expects."""

    def __init__(self, expected: str, seen: str) -> None:
        """Keep both."""
        self.expected = expected
        self.seen = seen
        super().__init__(f"expected {expected}, seen {seen}")


@dataclass(slots=True)
class Sent:
    """One command as it was sent, and its outcome: an answer, or a refusal."""

    id: str
    kind: str
    at: datetime
    """Dialogue time."""
    act: Do | None = None
    answer: Answer | None = None
    again: Answer | None = None
    seconds: float = 0
    """Real time from sending to the answer."""
    refusal: Refused | None = None
    in_flight: int = 0
    """For the one during which the worker was killed: how many were under way then."""


@dataclass(slots=True)
class Played:
    """What came of a scenario."""

    scenario: Scenario
    clock: Clock
    sent: list[Sent] = field(default_factory=list[Sent])
    previews: dict[str, dict[str, Any]] = field(
        default_factory=dict[str, dict[str, Any]]
    )
    asides: list[tuple[Act, datetime]] = field(
        default_factory=list[tuple[Act, datetime]]
    )
    """Acts that are no commands, with the dialogue time at which they were done."""
    missed: str | None = None
    """The act whose outcome was another one: which, what was expected, and seen."""

    @property
    def stream(self) -> str:
        """The dialogue's name."""
        return self.scenario.stream


def name_of(act: Act) -> str:
    """Give what an act does, in a word."""
    match act:
        case Do():
            return act.do
        case Preview():
            return f"preview {act.preview}"
        case _:
            return type(act).__name__.lower()

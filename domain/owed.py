"""What the world is owed: messages, and acts that undo what was done outward."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.facts import Fact, Instant, absent
from domain.notices import About, Act, NoticeKind
from domain.response_numbers import Numbers


class Effect(Fact):
    """Messages that the world must get, kept until their outcome is on record.

    ``seq`` is the event that asks for it: it starts once that event is on record.
    ``about`` says what it is about where that is no window or item of the plan.
    ``responses`` are the numbers of those that it answers: who gave them gets it.
    """

    id: str
    notice: NoticeKind
    target: str
    run: int | None = None
    recipients: tuple[str, ...]
    closes: Instant | None = None
    compensation: str | None = None
    about: About | None = Field(default=None, exclude_if=absent)
    responses: Numbers | None = Field(default=None, exclude_if=absent)
    attempt: int = 1
    status: Literal["pending", "failed"] = "pending"
    problem: str | None = None
    seq: int


CompensationStatus = Literal["planned", "started", "failed", "completed", "waived"]


class Compensation(Fact):
    """An act that undoes an outward effect; one that has ended needs no recipients."""

    id: str
    act: Act
    step: str
    undoes: str
    undoes_seq: int
    run: int | None
    recipients: tuple[str, ...]
    of: About | None = Field(default=None, exclude_if=absent)
    status: CompensationStatus = "planned"
    attempt: int = 0
    problem: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in {"completed", "waived"}

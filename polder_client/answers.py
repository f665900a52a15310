"""What the server answers, typed. A member that we don't know yet is let pass.

Elsewhere models refuse unknown members; a client has to go on working when the server
it talks to learns something new.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Received(BaseModel):
    """Something that the server said; every member is still in `model_extra`."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True
    )

    @property
    def members(self) -> dict[str, Any]:
        """Everything that came, as it was named."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Fact(Received):
    """An event as an answer names it: its place, what happened, and its hash."""

    seq: int
    type: str
    hash: str


class Answer(Received):
    """What a dialogue answers to a command.

    With `repeated` the command was handled before, and these are its events of then.
    Without `recorded` the events are durable, and will be on record.
    """

    id: str = ""
    version: int
    recorded: bool
    events: tuple[Fact, ...] = ()
    repeated: bool = False


class MethodRef(Received):
    """A method that a dialogue follows, by its version and its SHA-256."""

    id: str
    version: str
    hash: str


class Need(Received):
    """Something that waits for a person."""

    kind: str
    target: str


class Summary(Received):
    """A dialogue with where it stands."""

    id: str
    organisation: str
    slug: str
    title: str
    status: str
    phase: str
    step: str | None = None
    method: MethodRef
    version: int
    head: str
    next_deadline: datetime | None = None
    open_windows: int
    attention: int
    needs: tuple[Need, ...] = ()
    calendar_hash: str | None = None
    started_at: datetime
    updated_at: datetime
    zone: str


class Deadline(Received):
    """A date that has to be kept."""

    title: str
    date: str


class Dialogue(Summary):
    """A dialogue with who has a role in it, and what waits for whom."""

    question: str | None = None
    language: str
    roles: dict[str, tuple[str, ...]]
    deadlines: tuple[Deadline, ...] = ()


class Case(Received):
    """A case of a case system that a dialogue is about."""

    id: str
    url: str
    linked_at: datetime
    linked_by: str


class Happened(Received):
    """An event on record: `event` has its members as they were hashed.

    `leaf` is its place in the order of all events of the log: what to go on after.
    """

    leaf: int
    dialogue: str
    seq: int
    type: str
    hash: str
    at: datetime
    recorded_at: datetime | None = None
    event: dict[str, Any]


class Checkpoint(Received):
    """A signed statement of the whole log: keep `note`, to compare with later."""

    origin: str
    size: int
    root: str
    at: datetime
    note: str


class Subscription(Received):
    """Where events are sent, and how that goes.

    `secret` is told once: when it was made.
    """

    id: str
    organisation: str
    target: str
    format: str
    status: str
    problem: str | None = None
    cursor: int
    behind: int
    dead_letters: int
    failures: int
    failing_since: datetime | None = None
    secret: str | None = None


class Delivery(Received):
    """One attempt to deliver an event."""

    id: str
    event: str
    type: str
    at: datetime
    outcome: str
    status: int | None = None
    problem: str | None = None

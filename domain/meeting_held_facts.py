"""What came of meetings: who came, what was said, and those that are noted afterwards.

A meeting that was planned has two instants. Of one that is only noted, a source may
give no more than a day, a month or a year; it stands among the others as precisely as
it is known, and nobody is invited to it any more.
"""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from domain.facts import Fact, Hash, Line, OpaqueId, PartId, Private
from domain.happenings import Happened
from domain.messages import Command

MOST_PEOPLE: Final = 350
"""As many people as one command about a meeting may name."""


def once(people: tuple[str, ...]) -> tuple[str, ...]:
    """Let nobody, and no role, be named twice."""
    if len(set(people)) != len(people):
        message = "name everybody once"
        raise ValueError(message)
    return people


People = Annotated[
    tuple[OpaqueId, ...], Field(max_length=MOST_PEOPLE), AfterValidator(once)
]
Headcount = Annotated[int, Field(ge=0, le=1_000_000)]
"""How many people there were."""

Times = Annotated[int, Field(ge=2, le=1_000)]
"""How many meetings one note stands for, where a source tells of several at once."""


class RecordAttendance(Command):
    """Record who came to a meeting; again, to correct it.

    ``others`` is how many more there were, whom nobody knows by an id.
    """

    meeting: PartId
    present: People = ()
    absent: People = ()
    others: Headcount = 0

    @model_validator(mode="after")
    def _nobody_is_both(self) -> Self:
        if set(self.present) & set(self.absent):
            message = "nobody is both present and absent"
            raise ValueError(message)
        return self


class RecordMinutes(Command):
    """Record the minutes of a meeting by reference and SHA-256; again: a new version.

    Private: ``minutes``, their text or a summary of it.
    """

    meeting: PartId
    reference: Line
    sha256: Hash | None = None
    minutes: Private | None = None


class NoteMeetingHeld(Command):
    """Note a meeting of which no more is known than a day, a month or a year.

    ``held`` may lie between two dates; ``times`` says how many meetings it stands for,
    ``came`` how many people there were. Nobody is invited. Private: ``place``.
    """

    meeting: PartId
    title: Line
    step: PartId | None = None
    held: Happened
    times: Times | None = None
    came: Headcount | None = None
    format: PartId | None = None
    place: Private | None = None
    source: Line | None = None


class AttendanceRecorded(Fact):
    """Who came to a meeting, and how many others did."""

    meeting: PartId
    present: tuple[OpaqueId, ...]
    absent: tuple[OpaqueId, ...]
    others: int


class MinutesRecorded(Fact):
    """The minutes of a meeting, in their ``version``-th form. Private: ``minutes``."""

    meeting: PartId
    version: int
    reference: Line
    sha256: Hash | None
    minutes: Private | None


class MeetingNoted(Fact):
    """A meeting that was held was noted, as precisely as a source knows when.

    Private: ``place``. The event's own ``at`` is when it was recorded.
    """

    meeting: PartId
    title: Line
    step: str | None
    held: Happened
    times: int | None
    came: int | None
    format: PartId | None
    place: Private | None
    source: Line | None

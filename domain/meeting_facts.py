"""Meetings: what is wished and what happens, and what the state holds of them.

A meeting has an id for life. Its title and times are public; where it is, its programme
and what was said there are private, and lie in the vault.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from domain.facts import Fact, Instant, Line, OpaqueId, PartId, Private
from domain.meeting_held_facts import (
    MOST_PEOPLE,
    AttendanceRecorded,
    MeetingNoted,
    MinutesRecorded,
    NoteMeetingHeld,
    People,
    RecordAttendance,
    RecordMinutes,
    once,
)
from domain.messages import Command

Roles = Annotated[tuple[PartId, ...], Field(max_length=50), AfterValidator(once)]
Places = Annotated[int, Field(ge=1, le=100_000)]
"""How many people there is room for."""

Clearable = Literal["place", "online", "programme", "format", "capacity"]
"""What a meeting may have, or no longer have."""


def _nothing(value: object) -> bool:
    return not value


Maybe = Field(default=None, exclude_if=_nothing)


class Meeting(Fact):
    """What decisions need of a meeting.

    ``sequence`` counts its changes, as calendars do. ``invited`` are those who were
    sent word of it, ``missed`` those of them whom that did not reach. ``words`` gives
    the event that holds each private text as it is now. Once it was held, or called
    off, nobody has to be told of it any more, and the state names nobody. Of one that
    was noted afterwards ``begins`` and ``ends`` are the widest bounds of when it was.
    """

    title: str
    begins: Instant
    ends: Instant
    seq: int
    sequence: int = Field(default=0, exclude_if=_nothing)
    status: Literal["planned", "held", "cancelled", "voided"] = "planned"
    step: str | None = Maybe
    roles: tuple[str, ...] = Field(default=(), exclude_if=_nothing)
    invited: tuple[str, ...] = Field(default=(), exclude_if=_nothing)
    missed: tuple[str, ...] = Field(default=(), exclude_if=_nothing)
    words: dict[str, int] = Field(default={}, exclude_if=_nothing)
    capacity: int | None = Maybe
    minutes: int = Field(default=0, exclude_if=_nothing)

    def but(self, **changes: Any) -> Meeting:  # noqa: ANN401 (any member)
        """Give this meeting with some members changed."""
        return self.model_copy(update=changes)


class ScheduleMeeting(Command):
    """Plan a meeting and invite to it; one that was held already is only noted.

    ``roles`` are those whose holders are invited, now and when they join; ``guests``
    are others, by id. Nobody at all: an open meeting. Private: ``place``, ``online``,
    ``programme``.
    """

    meeting: PartId
    title: Line
    step: PartId | None = None
    begins: Instant
    ends: Instant
    place: Private | None = None
    online: Private | None = None
    format: PartId | None = None
    programme: Private | None = None
    roles: Roles = ()
    guests: People = ()
    capacity: Places | None = None


class ChangeMeeting(Command):
    """Change a meeting that is still to come; whoever was invited hears of it.

    What is not named stays; ``without`` names what it no longer has. ``message`` is
    for those invited, ``reason`` for the record alone.
    """

    meeting: PartId
    title: Line | None = None
    begins: Instant | None = None
    ends: Instant | None = None
    place: Private | None = None
    online: Private | None = None
    format: PartId | None = None
    programme: Private | None = None
    capacity: Places | None = None
    without: Annotated[tuple[Clearable, ...], Field(max_length=5)] = ()
    message: Private | None = None
    reason: Private | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        kept = {"meeting", "without", "message", "reason"}
        named = {n for n in type(self).model_fields if getattr(self, n) is not None}
        if not (named - kept) and not self.without:
            message = "name what changes"
            raise ValueError(message)
        if both := sorted(named & set(self.without)):
            message = f"either change or take away: {', '.join(both)}"
            raise ValueError(message)
        return self


class CancelMeeting(Command):
    """Call a meeting off. ``message`` is for those invited, ``reason`` is not."""

    meeting: PartId
    reason: Private
    message: Private | None = None


class Invite(Command):
    """Invite more people to a meeting, or once more those whom no message reached."""

    meeting: PartId
    who: People = ()
    roles: Roles = ()

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.who and not self.roles:
            message = "name people, or roles"
            raise ValueError(message)
        return self


class Uninvite(Command):
    """Take back an invitation to a meeting from some of those who were invited."""

    meeting: PartId
    who: Annotated[
        tuple[OpaqueId, ...],
        Field(min_length=1, max_length=MOST_PEOPLE),
        AfterValidator(once),
    ]
    reason: Private | None = None


class MeetingScheduled(Fact):
    """A meeting was planned, or one that had been held was noted.

    Private: ``place``, ``online``, ``programme``. ``invited`` are all who are sent word
    of it; ``unreached`` is how many stakeholders had not been reached by then.
    """

    meeting: PartId
    title: Line
    step: str | None
    begins: Instant
    ends: Instant
    zone: str
    format: PartId | None
    roles: tuple[PartId, ...]
    invited: tuple[OpaqueId, ...]
    capacity: int | None
    unreached: int
    place: Private | None
    online: Private | None
    programme: Private | None


class MeetingChanged(Fact):
    """A meeting changed; members that are null stayed as they were.

    Private: ``place``, ``online``, ``programme``, ``message``, ``reason``. ``was``
    holds the times before, where they changed.
    """

    meeting: PartId
    sequence: int
    title: Line | None
    begins: Instant | None
    ends: Instant | None
    was: tuple[Instant, Instant] | None
    format: PartId | None
    capacity: int | None
    without: tuple[Clearable, ...]
    place: Private | None
    online: Private | None
    programme: Private | None
    message: Private | None
    reason: Private | None


class MeetingCancelled(Fact):
    """A meeting was called off, by hand or with the dialogue.

    Private: ``message``, ``reason``. ``told`` are those who had been invited.
    """

    meeting: PartId
    sequence: int
    told: tuple[OpaqueId, ...]
    message: Private | None
    reason: Private | None


class MeetingVoided(Fact):
    """A meeting still to come no longer holds, because ``by`` was revisited."""

    meeting: PartId
    sequence: int
    by: str


class PeopleInvited(Fact):
    """More people were invited to a meeting."""

    meeting: PartId
    invited: tuple[OpaqueId, ...]
    roles: tuple[PartId, ...]


class PeopleUninvited(Fact):
    """The invitation of some was taken back. Private: ``reason``."""

    meeting: PartId
    sequence: int
    uninvited: tuple[OpaqueId, ...]
    reason: Private | None


MeetingCommand = (
    ScheduleMeeting
    | ChangeMeeting
    | CancelMeeting
    | Invite
    | Uninvite
    | RecordAttendance
    | RecordMinutes
    | NoteMeetingHeld
)

MeetingEvent = (
    MeetingScheduled
    | MeetingChanged
    | MeetingCancelled
    | MeetingVoided
    | PeopleInvited
    | PeopleUninvited
    | AttendanceRecorded
    | MinutesRecorded
    | MeetingNoted
)

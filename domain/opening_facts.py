"""A window's openings and the responses in them: wishes, and what happened.

What goes beyond that (lists, opening again, many at once) is in `domain.window_facts`.
"""

from __future__ import annotations

from pydantic import Field

from domain.facts import Fact, Instant, Line, OpaqueId, PartId, Private, absent
from domain.messages import Command, Day, TargetId
from domain.terms import Duration, Rule
from domain.window_facts import Because, Channel, Number


class OpenWindow(Command):
    """Open a feedback window; another ``duration`` than the method's needs a reason."""

    window: TargetId
    audience: PartId | None = None
    duration: Duration | None = None
    reason: Private | None = None


class ExtendWindow(Command):
    """Let a window close later: so much longer, or until the end of a date."""

    window: TargetId
    audience: PartId | None = None
    duration: Duration
    reason: Private


class ShortenWindow(Command):
    """Let a window close sooner, at the end of a date."""

    window: TargetId
    audience: PartId | None = None
    duration: Duration
    reason: Private


class CloseWindow(Command):
    """Close a window. Before its time only if the method allows it, with a reason."""

    window: TargetId
    audience: PartId | None = Field(default=None, exclude_if=absent)
    generation: int | None = None
    reason: Private | None = None


class RemindWindow(Command):
    """Remind those who were invited and have not responded."""

    window: TargetId
    audience: PartId | None = Field(default=None, exclude_if=absent)
    generation: int | None = None


class RecordResponse(Command):
    """Record a response. ``received_at`` is when the desk had it, in dialogue time.

    A response to a window as a whole belongs to the audience in which its sender has
    longest. ``supplements`` is the number of a response to which this one adds.
    ``posted_on`` is the day of the postmark, ``channel`` how it came. ``address`` is
    where the answer may go, of somebody whom the dialogue does not know otherwise.
    """

    window: TargetId
    audience: PartId | None = None
    respondent: OpaqueId
    response: Private | None = None
    reference: Line | None = None
    received_at: Instant | None = None
    posted_on: Day | None = None
    supplements: Number | None = None
    channel: Channel | None = Field(default=None, exclude_if=absent)
    address: Private | None = None


class WindowOpened(Fact):
    """A window opened, until the instant ``closes``, by ``rule``. Private: ``reason``.

    ``invited`` are the holders of the audience's role; empty for the public.
    ``because`` says why it was opened again, with what was received kept.
    """

    window: TargetId
    run: int
    round: int
    audience: str
    invited: tuple[OpaqueId, ...]
    closes: Instant
    zone: str
    rule: Rule
    reminders: tuple[Instant, ...]
    reason: Private | None
    because: Because | None = Field(default=None, exclude_if=absent)


class WindowExtended(Fact):
    """A window closes later than was said. Private: ``reason``."""

    window: TargetId
    run: int
    generation: int
    closes: Instant
    was: Instant
    rule: Rule
    reminders: tuple[Instant, ...]
    reason: Private


class WindowShortened(Fact):
    """A window closes sooner than was said. Private: ``reason``."""

    window: TargetId
    run: int
    generation: int
    closes: Instant
    was: Instant
    rule: Rule
    reminders: tuple[Instant, ...]
    reason: Private


class WindowClosed(Fact):
    """A window closed, by the clock or by hand. Private: ``reason``."""

    window: TargetId
    run: int
    early: bool
    on_time: int
    late: int
    silent: int
    reason: Private | None


class AudienceReminded(Fact):
    """The silent were reminded: those invited who had not responded."""

    window: TargetId
    run: int
    silent: tuple[OpaqueId, ...]


class ResponseRecorded(Fact):
    """A response came in, on time or late. Private: ``response``, ``address``.

    ``received_at`` is when the desk had it and decides what is late; the event's own
    ``at`` is when it was recorded.
    ``posted_on`` is the day of the postmark, ``supplements`` the number of the response
    to which it adds, ``channel`` how it came, and ``submission`` what its text lies
    under in the vault, where that is not the event's cause.
    ``number`` counts the responses to this window, over all its openings, in the order
    of the record, from 1; earlier builds did not say it (0), and it follows from that
    order.
    """

    window: TargetId
    run: int
    respondent: OpaqueId
    late: bool
    received_at: Instant
    response: Private | None
    reference: Line | None
    number: int = Field(default=0, ge=0, exclude_if=lambda number: number == 0)
    posted_on: Day | None = Field(default=None, exclude_if=absent)
    supplements: int | None = Field(default=None, exclude_if=absent)
    channel: Channel | None = Field(default=None, exclude_if=absent)
    submission: OpaqueId | None = Field(default=None, exclude_if=absent)
    address: Private | None = Field(default=None, exclude_if=absent)


OpeningCommand = (
    OpenWindow
    | ExtendWindow
    | ShortenWindow
    | CloseWindow
    | RemindWindow
    | RecordResponse
)
OpeningEvent = (
    WindowOpened
    | WindowExtended
    | WindowShortened
    | WindowClosed
    | AudienceReminded
    | ResponseRecorded
)

"""An organisation stops the windows of all its dialogues at once, and lets them go on.

In a dialogue a suspension is a pause with a name, beside a pause of its own: the
windows run on once neither holds any more. The reason is on record at the organisation.
"""

from __future__ import annotations

from domain.facts import Fact, Instant, OpaqueId
from domain.messages import Command, TargetId


class SuspendDialogue(Command):
    """Stop the windows for a suspension of the organisation."""

    suspension: OpaqueId


class LiftSuspension(Command):
    """Let the windows run on, as far as this suspension stopped them."""

    suspension: OpaqueId


class WindowLeft(Fact):
    """How much of a window was left at a pause: milliseconds, rounded up.

    To be read, not counted with: resuming moves the closing by the whole pause.
    """

    window: TargetId
    run: int
    left_ms: int


class WindowResumed(Fact):
    """When a window closes now that the dialogue goes on."""

    window: TargetId
    run: int
    closes: Instant
    reminders: tuple[Instant, ...]


class DialogueSuspended(Fact):
    """The organisation stopped its windows, these among them. Nothing private."""

    suspension: OpaqueId
    windows: tuple[WindowLeft, ...]


class SuspensionLifted(Fact):
    """A suspension ended here; ``windows`` are those that run on. Nothing private."""

    suspension: OpaqueId
    windows: tuple[WindowResumed, ...]


SuspensionCommand = SuspendDialogue | LiftSuspension
SuspensionEvent = DialogueSuspended | SuspensionLifted

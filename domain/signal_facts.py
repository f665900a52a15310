"""Signals of other systems: what they report, and what was refused of them."""

from __future__ import annotations

from domain.facts import Fact, Line, OpaqueId, PartId
from domain.messages import Command


class NoteSignal(Command):
    """Note what another system reports."""

    type: PartId
    source: OpaqueId
    reference: Line | None = None


class SignalNoted(Fact):
    """Another system reported something. Nothing private."""

    type: str
    source: OpaqueId
    reference: Line | None


class CommandRefused(Fact):
    """A signal was refused: its name and the error, never what it carried.

    ``name`` is null where the name itself was not one a command can have.
    """

    name: str | None
    command: OpaqueId | None
    error: str


SignalCommand = NoteSignal
SignalEvent = SignalNoted | CommandRefused

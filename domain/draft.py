"""A draft gathers the events of one command, each decided on the state after the last.

Nothing outside sees a draft: a refusal half-way throws it away whole.
"""

from __future__ import annotations

from domain.errors import NotStarted
from domain.events import AnyEvent, Event
from domain.evolve import evolve
from domain.facts import Cause
from domain.state import Dialogue


class Draft:
    """The events so far, and the state as it would be after them."""

    def __init__(self, state: Dialogue | None, by: Cause) -> None:
        """Begin with the state before the command."""
        self._state = state
        self.by = by
        self.events: list[Event] = []

    @property
    def state(self) -> Dialogue:
        """The state after the events so far."""
        if self._state is None:
            raise NotStarted
        return self._state

    @property
    def next_seq(self) -> int:
        """The sequence number that the next event will have."""
        return (self._state.version if self._state else 0) + 1

    def happen(self, *facts: AnyEvent) -> None:
        """Let these facts happen, in this order."""
        for fact in facts:
            event = Event(
                seq=self.next_seq,
                at=self.by.at,
                actor=self.by.actor,
                mandate=self.by.mandate,
                cause=self.by.id,
                digest=None if self.events else self.by.digest,
                data=fact,
            )
            self._state = evolve(self._state, event)
            self.events.append(event)

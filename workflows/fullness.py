"""How much a dialogue holds, so that one run can always hand over to the next.

Temporal takes two million bytes from one run to the next. Measuring the state at each
event would cost more than the event; what an event adds is hardly more than its body,
unless it changes the plan.
"""

from __future__ import annotations

from typing import Final

from domain.method import Method
from domain.state import Dialogue

MAX_STATE_BYTES: Final = 1_200_000
"""A dialogue that holds more takes only what ends it, and what Polder itself does."""

MAX_TO_CARRY: Final = 1_800_000
"""State and outbox together, beyond which nothing more may wait for the record."""

_EVENTS: Final = 64
_BYTES: Final = 32 * 1024
"""So many events, or bytes of them, are estimated before the state is measured."""


class Fullness:
    """An estimate of the state's size as JSON, exact now and then."""

    def __init__(self) -> None:
        """Nothing is held yet."""
        self._measured = 0
        self._since = 0
        self._events = 0
        self._plan: Method | None = None

    def measure(self, state: Dialogue) -> None:
        """Measure the state as it is."""
        self._measured = len(state.model_dump_json())
        self._since = self._events = 0
        self._plan = state.plan

    def grew(self, state: Dialogue, events: int, size: int) -> None:
        """Note that the state is this after so many more events of this size."""
        self._events += events
        self._since += size
        replanned = self._plan is not state.plan
        if replanned or self._events >= _EVENTS or self._since >= _BYTES:
            self.measure(state)

    @property
    def bytes(self) -> int:
        """About how large the state is; what it took lately counts in full."""
        return self._measured + self._since

    @property
    def is_full(self) -> bool:
        """Whether the state is as large as it may become."""
        return self.bytes >= MAX_STATE_BYTES

"""A need is something that a person has to do; time alone can begin it and end it.

So what needs somebody is kept with the instants between which it does, and nothing has
to be written when time passes.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Need(NamedTuple):
    """Something that needs a person: what kind of thing, and which one."""

    kind: str
    target: str


class Span(NamedTuple):
    """A need from ``since`` on and before ``until``, in dialogue time; None: always."""

    kind: str
    target: str
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime | None) -> bool:
        """Whether it is there at a moment; without one, whether it came by an event."""
        if now is None:
            return self.since is None
        begun = self.since is None or self.since <= now
        return begun and (self.until is None or now < self.until)

    @property
    def need(self) -> Need:
        """What needs a person, whenever that is."""
        return Need(self.kind, self.target)

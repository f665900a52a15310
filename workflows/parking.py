"""Refusals that wait for room in the record, the first one first.

As many as fit are kept whole, and go along from run to run; what is beyond them is
counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from domain.errors import RecordFull
from workflows.beginning import Parked

MAX_BYTES: Final = 120_000
"""As much is kept whole while there is no room, some two thousand refusals."""

AT_ONCE: Final = 100
"""As many as go in one batch, so that no workflow task takes long."""


class Parking:
    """Where refused signals wait; who takes them out puts them on record."""

    def __init__(self, whole: Iterable[Parked] = (), more: int = 0) -> None:
        """Begin with what an earlier run left: some whole, and so many more."""
        self._whole = list(whole)
        self._more = more

    @property
    def whole(self) -> tuple[Parked, ...]:
        """Those that are kept whole."""
        return tuple(self._whole)

    @property
    def more(self) -> int:
        """How many there are beyond those."""
        return self._more

    def park(self, told: Parked) -> None:
        """Keep a refusal, or count it where there are too many."""
        if sum(map(_size, self._whole)) + _size(told) <= MAX_BYTES:
            self._whole.append(told)
        else:
            self._more += 1

    def take(self) -> Parked | None:
        """Take out the next one; of what was only counted nothing else is known."""
        if self._whole:
            return self._whole.pop(0)
        if not self._more:
            return None
        self._more -= 1
        return Parked(None, None, RecordFull.__name__)


def _size(told: Parked) -> int:
    """Give about how many bytes a refusal takes when it is carried."""
    return sum(len(part or "null") for part in told) + len('["","",""],')

"""How much a caller may ask at a time: a bucket that fills at a rate, to a brim.

One for each token, one for its organisation and one for a dialogue that is written to:
nobody's haste delays another. In this process alone; with more, each counts for itself.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final, NamedTuple

RATE: Final = 20.0
"""Requests a second, for one token."""

BURST: Final = 60
"""Requests at once, after a rest."""

MOST: Final = 10_000
"""How many buckets are kept; those that were used longest ago go first."""


class Limit(NamedTuple):
    """So many a second, and so many at once. A rate of 0 is no limit."""

    rate: float = RATE
    burst: int = BURST

    def times(self, number: int) -> Limit:
        """Give a limit that is so much wider."""
        return Limit(self.rate * number, self.burst * number)


class Limits:
    """The buckets of a process."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin with none; ``clock`` gives seconds."""
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, wanted: Iterable[tuple[str, Limit]]) -> int:
        """Take one from each of these buckets; or say how many seconds to wait.

        All or none: 0 where it was taken, whole seconds, at least 1, where one of them
        is empty.
        """
        now = self._clock()
        each = [(name, limit) for name, limit in wanted if limit.rate > 0]
        levels = [(name, self._level(name, limit, now), limit) for name, limit in each]
        lacking = max(
            ((1 - level) / limit.rate for _, level, limit in levels), default=0.0
        )
        if lacking > 0:
            return max(1, math.ceil(lacking))
        for name, level, _ in levels:
            self._put(name, level - 1, now)
        return 0

    def _level(self, name: str, limit: Limit, now: float) -> float:
        level, since = self._buckets.get(name, (float(limit.burst), now))
        return min(limit.burst, level + (now - since) * limit.rate)

    def _put(self, name: str, level: float, now: float) -> None:
        self._buckets[name] = level, now
        self._buckets.move_to_end(name)
        while len(self._buckets) > MOST:
            self._buckets.popitem(last=False)

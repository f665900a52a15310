"""What a gate takes and what was counted, read off an event as recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.thresholds import Counts, Threshold, needed


class Measured(NamedTuple):
    """What was asked, and what was counted."""

    takes: Threshold
    counts: Counts

    @property
    def needed(self) -> int | None:
        """How many in favour would have done; none where that can't be said."""
        return needed(self.takes, self.counts)


def measured(data: Mapping[str, Any]) -> Measured:
    """Read the ``threshold`` and ``counts`` of an event's data."""
    return Measured(
        Threshold.model_validate(data["threshold"]),
        Counts.model_validate(data["counts"]),
    )

"""Everything an organisation has under way, in numbers, with what is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from desk.desk import Desk
from desk.today import counts
from storage.agenda import Standing, standing

__all__ = ["Portfolio", "Standing", "portfolio"]


class Portfolio(NamedTuple):
    """Where the dialogues of an organisation stand, and what they ask for."""

    standing: list[Standing]
    tasks: Mapping[str, int]
    """How many tasks of each kind there are for anybody; of all dialogues only."""

    @property
    def dialogues(self) -> int:
        """How many dialogues there are."""
        return sum(each.dialogues for each in self.standing)

    @property
    def statuses(self) -> Mapping[str, int]:
        """How many dialogues have each status."""
        found: Counter[str] = Counter()
        for each in self.standing:
            found[each.status] += each.dialogues
        return found

    @property
    def open_windows(self) -> int:
        """How many windows are open."""
        return sum(each.open_windows for each in self.standing)

    @property
    def need_attention(self) -> int:
        """How many dialogues ask for attention."""
        return sum(each.need_attention for each in self.standing)

    @property
    def next_deadline(self) -> datetime | None:
        """When something falls due first."""
        every = [each.next_deadline for each in self.standing if each.next_deadline]
        return min(every, default=None)


async def portfolio(
    desk: Desk, organisation: str, *, only: str | None = None
) -> Portfolio:
    """Look over all dialogues of an organisation, or the one named ``only``."""
    found = await standing(desk.pool, organisation, only)
    if only:
        return Portfolio(found, {})
    return Portfolio(found, await counts(desk, None, organisation))

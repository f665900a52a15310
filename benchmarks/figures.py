"""A figure: what was measured, how surely, and the bound that it has to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.measuring import Ratio

Verdict = Literal["reached", "reached?", "missed?", "missed", ""]
"""With a question mark where the bound lies inside the interval; "" without a bound."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table.

    ``low`` and ``high`` are the ends of the interval; a count has none, and is what it
    is. ``at_least`` turns the bound around. ``aim`` is what we would like.
    """

    name: str
    what: str
    value: float
    unit: str = "×"
    low: float | None = None
    high: float | None = None
    bound: float | None = None
    aim: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether the bound is held, and whether that is sure."""
        if self.bound is None:
            return ""
        worst = self.low if self.at_least else self.high
        best = self.high if self.at_least else self.low
        if not self._holds(self.value):
            return "missed?" if best is not None and self._holds(best) else "missed"
        return "reached" if worst is None or self._holds(worst) else "reached?"

    def _holds(self, value: float) -> bool:
        assert self.bound is not None
        return value >= self.bound if self.at_least else value <= self.bound


def compared(name: str, what: str, found: Ratio, **more: object) -> Figure:
    """Make a figure of a ratio."""
    told: dict[str, object] = {
        "name": name,
        "what": what,
        **found._asdict(),
        **more,
    }
    return Figure(**told)  # type: ignore[arg-type]

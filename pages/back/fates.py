"""What becomes of a step when another is returned to, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from desk.overview import Standing, StepView
from domain.rounds import step_of
from domain.state import Dialogue
from pages.chain import Fate
from pages.counting import (
    AGREEMENTS,
    DECISIONS,
    ITEMS_AGAIN,
    MEETINGS,
    REPORTS,
    WINDOWS,
    all_counted,
)

FATES: Final[Mapping[Standing, Fate]] = {
    "completed": "stays",
    "skipped": "stays",
    "started": "open",
    "voided": "again",
    "ready": "ahead",
    "waiting": "ahead",
    "ended": "ahead",
}
"""How a step is that an act does not touch."""


class StepFate(NamedTuple):
    """A step, how it stands now, and what becomes of it."""

    view: StepView
    fate: Fate
    now: str
    after: str
    lost: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """What becomes of it and what goes with it, on one line."""
        return f"{self.after}: {', '.join(self.lost)}" if self.lost else self.after


def losses_of(state: Dialogue, found: Mapping[str, Any], step: str) -> tuple[str, ...]:
    """Count what a preview says of one step: what goes with it, in a few words each."""
    harvest = state.harvest
    return all_counted(
        (
            (_in(step, found["reopens"]), ITEMS_AGAIN),
            (_in(step, (each["window"] for each in found["windows"])), WINDOWS),
            (
                sum(harvest.reports[r].step == step for r in found["reports"]),
                REPORTS,
            ),
            (
                sum(
                    state.meetings[e["meeting"]].step == step for e in found["meetings"]
                ),
                MEETINGS,
            ),
            (
                sum(harvest.agreements[a].step == step for a in found["agreements"]),
                AGREEMENTS,
            ),
            (
                sum(harvest.decisions[d].step == step for d in found["decisions"]),
                DECISIONS,
            ),
        )
    )


def _in(step: str, parts: Iterable[str]) -> int:
    return sum(step_of(part) == step for part in parts)

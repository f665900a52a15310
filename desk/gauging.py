"""What stands at a moment, as figures for operators: one look at the record.

No organisation, dialogue or person can be told from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from domain.asked import ANYBODY
from domain.asks import ORDER
from observing.gauges import Gauge
from storage.pool import Source
from storage.waiting import counts
from storage.watching import responses_waiting, seal_delay, standing

OVERDUE: Final = ("window_overdue", "deadline_passed", "agreement_overdue")
"""What people let pass, as `polder today` calls it."""

FAILED: Final = ("message_failed", "compensation_failed")
"""What went wrong and waits for somebody."""


async def look(source: Source) -> Sequence[Gauge]:
    """Ask the record how things stand. Raises ``StorageError``."""
    statuses = await standing(source)
    asked = await counts(source, ANYBODY, datetime.now(UTC))

    def of(kinds: Sequence[str]) -> list[tuple[str | None, float]]:
        return [(kind, asked.get(ORDER.index(kind), 0)) for kind in kinds]

    return (
        Gauge(
            "polder_dialogues",
            "Dialogues, by status.",
            [(each.status, each.dialogues) for each in statuses],
            "status",
        ),
        Gauge(
            "polder_open_windows",
            "Windows in which an audience can respond.",
            [(None, sum(each.open_windows for each in statuses))],
        ),
        Gauge("polder_overdue", "What is past its date, by kind.", of(OVERDUE)),
        Gauge("polder_failed", "What failed and waits for a person.", of(FAILED)),
        Gauge(
            "polder_responses_waiting",
            "Responses that no dialogue has taken in yet.",
            [(None, await responses_waiting(source))],
        ),
        Gauge(
            "polder_seal_delay_seconds",
            "How long the oldest event waits for its place in the log.",
            [(None, await seal_delay(source))],
        ),
    )

"""Search attributes: for finding dialogues in Temporal, without personal data.

Screens and counts come from PostgreSQL; these are for operators.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain.progress import current_phase
from domain.state import Dialogue

ORGANISATION: Final = SearchAttributeKey.for_keyword("PolderOrganisation")
PHASE: Final = SearchAttributeKey.for_keyword("PolderPhase")
STATUS: Final = SearchAttributeKey.for_keyword("PolderStatus")
METHOD: Final = SearchAttributeKey.for_keyword("PolderMethod")
NEXT_DEADLINE: Final = SearchAttributeKey.for_datetime("PolderNextDeadline")

KEYS: Final = (ORGANISATION, PHASE, STATUS, METHOD, NEXT_DEADLINE)
"""Every search attribute; each must be registered before a worker runs."""

SEARCH_ATTRIBUTES: Final = {
    key.name: key.indexed_value_type.name.capitalize() for key in KEYS
}
"""The type of each search attribute, as Temporal calls it, by its name."""

Attributes = tuple[str, str, str, str, datetime | None]
"""Organisation, phase, status, method and next deadline, in the order of `KEYS`."""


def attributes(state: Dialogue) -> Attributes:
    """Give the attributes that a dialogue has now."""
    closes = (run.closes for run in state.open_windows().values())
    return (
        state.organisation,
        current_phase(state),
        state.status,
        f"{state.method.id}@{state.method.version}",
        min(closes, default=None),
    )


def updates(
    before: Attributes | None, after: Attributes
) -> list[SearchAttributeUpdate[str] | SearchAttributeUpdate[datetime]]:
    """Give the changes between two sets of attributes; none costs nothing."""
    changes: list[SearchAttributeUpdate[str] | SearchAttributeUpdate[datetime]] = []
    texts = (ORGANISATION, PHASE, STATUS, METHOD)
    for position, key in enumerate(texts):
        value = after[position]
        if before is None or before[position] != value:
            changes.append(key.value_set(str(value)))
    deadline = after[4]
    if (before[4] if before else None) != deadline:
        unset = NEXT_DEADLINE.value_unset()
        known = deadline.astimezone(UTC) if deadline else None
        changes.append(NEXT_DEADLINE.value_set(known) if known else unset)
    return changes

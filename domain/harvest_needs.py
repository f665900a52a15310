"""What of the harvest needs a person: promises that are due, what a revisit shook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from domain.harvest_state import Agreement
from domain.state import Dialogue

_SOON: Final = timedelta(days=7)
"""How long before its last day an agreement begins to show."""


def needs_of(state: Dialogue, now: datetime | None = None) -> Iterator[tuple[str, str]]:
    """Give kind and target of each, in an order of its own.

    Without ``now`` an agreement is due or overdue as its holder has heard. Nothing of
    an archived dialogue needs anybody.
    """
    harvest = state.harvest
    if state.status == "archived":
        return
    for name, agreement in sorted(harvest.open_agreements().items()):
        if agreement.to_review:
            yield "agreement_to_review", name
        if standing := _due(agreement, now):
            yield standing, name
        if agreement.who in state.unreachable:
            yield "agreement_unreached", name
    for name, decision in sorted(harvest.decisions.items()):
        if decision.to_review:
            yield "decision_to_review", name
    if harvest.feedback:
        first = min(harvest.feedback.items(), key=lambda found: found[1].seq)
        yield "feedback_unanswered", first[0]
    if harvest.withdrawn is not None and not state.ended:
        yield "proposal_withdrawn", state.title


def _due(agreement: Agreement, now: datetime | None) -> str | None:
    if agreement.due is None:
        return None
    if agreement.overdue or (now is not None and agreement.due <= now):
        return "agreement_overdue"
    soon = now is not None and agreement.due - now <= _SOON
    return "agreement_due" if soon or agreement.reminded else None

"""What of the harvest needs a person: promises that are due, what a revisit shook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from domain.harvest_state import Agreement
from domain.need import Need, Span
from domain.sameness import once_for
from domain.state import Dialogue

_SOON: Final = timedelta(days=7)
"""How long before its last day an agreement begins to show."""

PROMISES: Final = frozenset(
    {
        "agreement_to_review",
        "agreement_due",
        "agreement_overdue",
        "agreement_unreached",
    }
)
"""Kinds of needs that are about agreements."""


def needs_of(state: Dialogue) -> Iterator[Span]:
    """Give each with its time, in an order of its own.

    An agreement is due from a week before on, or as soon as its holder has heard. Of an
    archived dialogue nothing needs anybody.
    """
    if state.status != "archived":
        yield from promised(state)
        yield from _others(state)


def needs_now(state: Dialogue) -> Iterator[Need]:
    """Give those of them that came by an event, and not by time."""
    if state.status != "archived":
        yield from _promised_now(state)
        yield from (span.need for span in _others(state) if span.holds(None))


def _others(state: Dialogue) -> Iterator[Span]:
    harvest = state.harvest
    for name, decision in sorted(harvest.decisions.items()):
        if decision.to_review:
            yield Span("decision_to_review", name)
    if harvest.feedback:
        first = min(harvest.feedback.items(), key=lambda found: found[1].seq)
        yield Span("feedback_unanswered", first[0])
    if harvest.withdrawn is not None and not state.ended:
        yield Span("proposal_withdrawn", state.title)


@once_for(lambda state: (state.harvest.agreements, state.unreachable))
def promised(state: Dialogue) -> tuple[Span, ...]:
    """Give what of its agreements needs a person, or will."""
    return tuple(_promised(state))


@once_for(lambda state: (state.harvest.agreements, state.unreachable))
def _promised_now(state: Dialogue) -> tuple[Need, ...]:
    return tuple(span.need for span in promised(state) if span.holds(None))


def _promised(state: Dialogue) -> Iterator[Span]:
    for name, agreement in sorted(state.harvest.open_agreements().items()):
        if agreement.to_review:
            yield Span("agreement_to_review", name)
        yield from _due(name, agreement)
        if any(who in state.unreachable for who in agreement.waiting):
            yield Span("agreement_unreached", name)


def _due(name: str, agreement: Agreement) -> Iterator[Span]:
    if agreement.due is None:
        return
    if agreement.overdue:
        yield Span("agreement_overdue", name)
        return
    soon = None if agreement.reminded else agreement.due - _SOON
    yield Span("agreement_due", name, soon, agreement.due)
    yield Span("agreement_overdue", name, agreement.due)

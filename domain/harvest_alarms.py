"""When the clock reminds of agreements: before the last day, on it, and after it.

A pause does not stop them, nor does the end of the dialogue: only archiving does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.agreement_facts import RemindAgreement
from domain.harvest_state import Agreement
from domain.state import Dialogue


def agreement_moments(state: Dialogue) -> Iterator[datetime]:
    """Give when the next alarm of each agreement is; asked after every event."""
    return (moment for moment, _, _ in _next_of_each(state))


def agreement_alarms(
    state: Dialogue,
) -> Iterator[tuple[datetime, str, RemindAgreement]]:
    """Give the next alarm of each agreement: when, under which id, and the command."""
    for moment, name, agreement in _next_of_each(state):
        mark = f"{name}:{agreement.generation}:{moment:%Y%m%dT%H%M%S}"
        command = RemindAgreement(agreement=name, generation=agreement.generation)
        yield moment, f"polder:agreement:{mark}", command


def _next_of_each(state: Dialogue) -> Iterator[tuple[datetime, str, Agreement]]:
    if state.status == "archived":
        return
    for name, agreement in state.harvest.open_agreements().items():
        if agreement.due is not None and not agreement.overdue:
            yield min((*agreement.reminders, agreement.due)), name, agreement

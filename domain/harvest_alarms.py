"""When the clock reminds of agreements: before the last day, on it, and after it.

A pause does not stop them, nor does the end of the dialogue: only archiving does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.agreement_facts import RemindAgreement
from domain.state import Dialogue


def agreement_alarms(
    state: Dialogue,
) -> Iterator[tuple[datetime, str, RemindAgreement]]:
    """Give the next alarm of each agreement: when, under which id, and the command."""
    if state.status == "archived":
        return
    for name, agreement in state.harvest.open_agreements().items():
        if agreement.due is None or agreement.overdue:
            continue
        moment = min((*agreement.reminders, agreement.due))
        mark = f"{name}:{agreement.generation}:{moment:%Y%m%dT%H%M%S}"
        command = RemindAgreement(agreement=name, generation=agreement.generation)
        yield moment, f"polder:agreement:{mark}", command

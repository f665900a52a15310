"""What the record answers to a batch that it does not take, as an error each."""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

from storage.batch import Batch
from storage.errors import (
    Blocked,
    DialogueExists,
    Forked,
    Gap,
    Superseded,
    UnknownEpoch,
)


class Verdict(NamedTuple):
    """What the record says of a batch, and the head of its stream."""

    outcome: str
    head_seq: int
    head: str
    incident: str | None
    projected: bool = False
    missing: list[list[Any]] | None = None
    rung: bool | None = None
    """Whether it was this append that told whoever listens."""


def refuse(batch: Batch, verdict: Verdict) -> NoReturn:
    """Raise the error for what the record said of a batch."""
    facts = (batch.stream, verdict.head_seq, verdict.head)
    after = f"what was offered follows event {batch.after_seq}"
    incident = verdict.incident or ""
    match verdict.outcome:
        case "superseded":
            raise Superseded(
                *facts, "a dialogue restored later has taken over; stop this one"
            )
        case "exists":
            raise DialogueExists(*facts, "the dialogue was started before, otherwise")
        case "blocked":
            raise Blocked(*facts, "blocked until the dialogue is restored", incident)
        case "gap":
            raise Gap(*facts, f"{after}, which is not on record", incident)
        case "unknown_epoch":
            known = f"epoch {batch.epoch} was never given out"
            raise UnknownEpoch(*facts, known, incident)
        case _:
            raise Forked(*facts, f"{after}, but another event did", incident)

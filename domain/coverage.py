"""What waits for an answer, and how much has one: read off the ledger, exactly.

A response is answered when it got an answer itself, or when all groups that it is in
were answered; what it got is then what the groups got together: all adopted, none, or
partly. An answer to the response itself goes before those of its groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from domain.errors import DomainError
from domain.ledger_facts import AnswerOutcome, Ledger
from domain.response_numbers import span
from domain.state import Dialogue

NOTHING: Final = Ledger()


class ResponsesUnanswered(DomainError):
    """Responses that wait for an answer: {count}, in {windows}. Answer them one by one or as a group (answer_response), or say why they get no answer (leave_unanswered)."""  # noqa: E501 (the docstring is the message)


class Outcomes(NamedTuple):
    """The numbers of responses by what became of them; bits."""

    adopted: int
    partly: int
    rejected: int

    @property
    def answered(self) -> int:
        """All that have an answer."""
        return self.adopted | self.partly | self.rejected

    def by_name(self) -> dict[AnswerOutcome, int]:
        """Give them by the outcome's name."""
        return {"adopted": self.adopted, "partly": self.partly, "not": self.rejected}


class Coverage(NamedTuple):
    """How many responses got what. Together: ``total``."""

    total: int
    adopted: int
    partly: int
    rejected: int
    left: int
    waiting: int

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return self.adopted + self.partly + self.rejected

    def plus(self, other: Coverage) -> Coverage:
        """Count both together."""
        return Coverage(*(a + b for a, b in zip(self, other, strict=True)))


def ledger_of(state: Dialogue, window: str) -> Ledger:
    """Give the ledger of a window; an empty one where nothing was written in it."""
    return state.ledgers.get(window, NOTHING)


def outcomes(ledger: Ledger) -> Outcomes:
    """Give what became of each response, its own answer before those of groups."""
    own = ledger.adopted | ledger.partly | ledger.rejected
    wanted = {"adopted": 0, "partly": 0, "not": 0}
    waiting = 0
    for group in ledger.groups.values():
        if group.outcome is None:
            waiting |= group.numbers
        else:
            wanted[group.outcome] |= group.numbers
    yes, half, no = wanted["adopted"], wanted["partly"], wanted["not"]
    together = (yes | half | no) & ~waiting & ~own
    return Outcomes(
        adopted=ledger.adopted | (together & yes & ~half & ~no),
        partly=ledger.partly | (together & (half | (yes & no))),
        rejected=ledger.rejected | (together & no & ~half & ~yes),
    )


def received(state: Dialogue, window: str) -> int:
    """Give the numbers of all responses to a window, as bits."""
    return span(1, state.received(window))


def earlier_rounds(ledger: Ledger) -> int:
    """Give the responses of rounds that a revisit undid, and that were not carried."""
    return span(1, ledger.earlier) & ~ledger.carried


def waiting(state: Dialogue, window: str) -> int:
    """Give the responses to a window that wait for an answer, as bits."""
    ledger = ledger_of(state, window)
    return received(state, window) & ~outcomes(ledger).answered & ~ledger.left


def unanswered(state: Dialogue, step: str | None = None) -> dict[str, int]:
    """Give what waits for an answer: bits by window, of one step or of all.

    Windows in which nothing waits are left out.
    """
    return dict(_unanswered(state, step))


def _unanswered(state: Dialogue, step: str | None) -> Iterator[tuple[str, int]]:
    for window in state.windows:
        if step in {None, window.partition(".")[0]}:
            found = waiting(state, window)
            if found:
                yield window, found


def check_answered(state: Dialogue, step: str | None = None) -> None:
    """Raise `ResponsesUnanswered` where a response waits, in a step or anywhere."""
    found = unanswered(state, step)
    if found:
        count = sum(bits.bit_count() for bits in found.values())
        raise ResponsesUnanswered(count=count, windows=", ".join(found))


def coverage(state: Dialogue, window: str) -> Coverage:
    """Count what became of the responses to a window."""
    ledger, total = ledger_of(state, window), state.received(window)
    found = outcomes(ledger)
    left = (ledger.left & ~found.answered).bit_count()
    counts = [bits.bit_count() for bits in found]
    return Coverage(total, *counts, left=left, waiting=total - sum(counts) - left)

"""The record and what stands outside it are compared, and the outcome is an event.

Temporal holds the head of every live dialogue independently of the record, and a
checkpoint that somebody kept holds the whole log as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from domain.facts import Fact, PartId
from domain.incidents import LogStream, Todo, todo

DONE: Final = "reconciliation_done"

MAX_LISTED: Final = 100
"""Differences that the event lists; beyond these they are counted."""

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]


class Difference(Fact):
    """Where the record and the other side part: ``kind`` as in `domain.incidents`.

    ``recorded`` is the last event on record, ``held`` the last one that the other side
    holds as recorded (for a checkpoint: sizes of the log); None where there is none.
    """

    stream: LogStream
    kind: PartId
    todo: Todo
    recorded: Count | None = None
    held: Count | None = None

    @classmethod
    def of(
        cls,
        stream: str,
        kind: str,
        *,
        recorded: int | None = None,
        held: int | None = None,
    ) -> Difference:
        """Make one, with what must be done about it."""
        return cls(
            stream=stream, kind=kind, todo=todo(kind), recorded=recorded, held=held
        )


class ReconciliationDone(Fact):
    """What was compared, and where it differed.

    ``dialogues`` were compared with Temporal and ``checkpoints`` with the log, after
    ``caught_up`` dialogues had been brought up to date.
    """

    dialogues: Count
    checkpoints: Count
    caught_up: Count
    differences: tuple[Difference, ...]
    more: Count

    @classmethod
    def of(
        cls,
        differences: Sequence[Difference],
        *,
        dialogues: int,
        checkpoints: int,
        caught_up: int = 0,
    ) -> ReconciliationDone:
        """Make one that lists as many differences as an event takes."""
        return cls(
            dialogues=dialogues,
            checkpoints=checkpoints,
            caught_up=caught_up,
            differences=tuple(differences[:MAX_LISTED]),
            more=max(0, len(differences) - MAX_LISTED),
        )

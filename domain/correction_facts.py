"""Corrections and facts: what was wrong on record, and what became known afterwards.

A correction changes nothing that was recorded: it stands beside it, and both values
are visible. A fact says when it happened, by what source, and when it became known;
that is apart from when it was recorded. Facts of one type that contradict each other
stand side by side.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.facts import Fact, Line, PartId, Pointer, Private
from domain.happenings import Dated, Happened
from domain.messages import Command

Seq = Annotated[int, Field(strict=True, ge=1, le=2**53 - 1)]

Figure = Annotated[int, Field(strict=True, ge=-(2**53) + 1, le=2**53 - 1)] | Line
"""A value that can be corrected: a whole number, or one line of public text."""

Certainty = Literal["sure", "inferred", "conflicting", "one_source"]
"""How sure a fact is: sure, inferred by us, contradicted, or from one source alone."""

Status = Literal["happened", "planned", "cancelled"]
"""Whether it happened, was announced, or was announced and called off."""


class CorrectFact(Command):
    """Correct a figure or a text on record. Private: ``reason``.

    ``seq`` and ``pointer`` say where it stands: which member of which event's data.
    ``event_type`` is that event's type, ``was`` what stands there now, corrections
    included: so nobody corrects what they did not see. The desk fills both in.
    """

    seq: Seq
    pointer: Pointer
    value: Figure
    reason: Private
    source: Line | None = None
    event_type: PartId | None = None
    was: Figure | None = None


class FactCorrected(Fact):
    """A value on record was wrong; both stand here. Private: ``reason``.

    ``seq`` and ``pointer`` say where the first stands, in an event of this ``type``;
    ``was`` is what was held until now, and ``value`` what is held from now on.
    """

    seq: int
    pointer: Pointer
    type: str
    was: Figure
    value: Figure
    source: Line | None
    reason: Private


class NoteFact(Command):
    """Note something that happened, afterwards and by a source. Nothing private.

    ``type`` is what it is about, such as ``homes`` or ``party_left``; facts of one type
    stand side by side. ``known_on`` is when it became known, as precisely as the source
    has it. No names of people in ``value`` or ``source``: they are public.
    """

    type: PartId
    value: Line
    happened: Happened
    source: Line
    known_on: Dated | None = None
    certainty: Certainty = "sure"
    status: Status = "happened"
    step: PartId | None = None


class FactNoted(Fact):
    """A fact was noted afterwards: when it happened, by what source, known since when.

    Nothing private. The event's own ``at`` is when it was recorded.
    """

    type: PartId
    value: Line
    happened: Happened
    source: Line
    known_on: Dated | None
    certainty: Certainty
    status: Status
    step: str | None


CorrectionCommand = CorrectFact | NoteFact
CorrectionEvent = FactCorrected | FactNoted

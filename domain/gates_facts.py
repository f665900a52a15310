"""Gates: what is said about them, what is on record, and what the state keeps.

A gate stands in a step and lets it pass or not: consent of enough people, enough
signatures, or an approval. Its full id is ``step.gate``.
"""

from __future__ import annotations

from domain.facts import Fact, Line, PartId, Private
from domain.messages import Command, TargetId
from domain.thresholds import Counts, GateKind, Threshold


class RecordGate(Command):
    """Record what came of a gate. Private: ``reason``.

    ``gate`` is its full id, ``step.gate``, or its id within ``step``. A gate of the
    method has its title, kind and threshold there; another one needs kind and
    threshold here (an approval needs one yes, unless a threshold says otherwise).
    """

    gate: TargetId
    step: PartId | None = None
    title: Line | None = None
    kind: GateKind | None = None
    threshold: Threshold | None = None
    counts: Counts
    reference: Line | None = None
    reason: Private | None = None


class GatePassed(Fact):
    """A gate was held in a round of its step, and passed. Private: ``reason``.

    ``title`` is that of a gate which the method does not have.
    """

    gate: TargetId
    step: str
    round: int
    title: Line | None
    kind: GateKind
    threshold: Threshold
    counts: Counts
    reference: Line | None
    reason: Private | None


class GateFailed(Fact):
    """A gate was held in a round of its step, and did not pass. Private: ``reason``.

    ``title`` is that of a gate which the method does not have.
    """

    gate: TargetId
    step: str
    round: int
    title: Line | None
    kind: GateKind
    threshold: Threshold
    counts: Counts
    reference: Line | None
    reason: Private | None


GateCommand = RecordGate
GateEvent = GatePassed | GateFailed


class GateState(Fact):
    """What came of a gate when it was last held.

    ``counts`` are as corrected since; ``passed`` is what was on record first. Where
    the two disagree the gate is in doubt.
    """

    round: int
    kind: GateKind
    title: Line | None = None
    threshold: Threshold
    counts: Counts
    passed: bool
    doubted: bool = False
    seq: int

"""Rows about gates, corrections, facts and reflection: what people look up of them.

Each time that something was held, corrected, noted or said is a row of its own, so that
rounds and contradicting values stand side by side.
"""

from __future__ import annotations

from domain.correction_facts import FactCorrected, FactNoted
from domain.entry import Entry, said
from domain.events import AnyEvent, Event
from domain.facts import written
from domain.gates_facts import GateFailed, GatePassed
from domain.reflection_facts import EvaluationRecorded, SelfAssessmentRecorded
from domain.state import Dialogue


def entries_of(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give rows of kinds gate, correction, fact, assessment and evaluation.

    A gate's row is named ``step.gate:seq``, those of assessments and evaluations by
    their number, the others by the seq of their event.
    """
    del after
    match data:
        case GatePassed() | GateFailed():
            outcome = "passed" if isinstance(data, GatePassed) else "failed"
            name = f"{data.gate}:{event.seq}"
            return (_row(event, "gate", name, outcome=outcome),)
        case FactCorrected():
            return (_row(event, "correction", str(event.seq), corrects=data.seq),)
        case FactNoted():
            return (_row(event, "fact", str(event.seq)),)
        case SelfAssessmentRecorded():
            return (_row(event, "assessment", str(data.number)),)
        case EvaluationRecorded():
            return (_row(event, "evaluation", str(data.number)),)
        case _:
            return ()


def _row(event: Event, kind: str, name: str, **more: str | int) -> Entry:
    known = {**said(event), **more, "at": written(event.at), "by_actor": event.actor.id}
    return Entry(kind, name, known)

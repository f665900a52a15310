"""Reflection: how we think we do, and what they say it brought.

A self-assessment scores elements of the method, from 1 (weakest) to as many as the
method's scale has; weak ones mark steps for extra attention. An evaluation is made with
the stakeholders: was the goal reached, and what did it bring, them and us?
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from domain.facts import Fact, OpaqueId, PartId, Private
from domain.messages import Command

US: Final = "us"
"""Who evaluates where the organisation itself does."""

Score = Annotated[int, Field(strict=True, ge=1, le=10)]

Scores = Annotated[dict[PartId, Score], Field(max_length=60)]
"""Scores by element of the method's self-assessment; 1 is the weakest."""

Reached = Literal["yes", "partly", "no"]


class RecordSelfAssessment(Command):
    """Score elements of the method's self-assessment. Private: ``note``.

    Elements that are not scored now keep the score of before.
    """

    scores: Annotated[dict[PartId, Score], Field(min_length=1, max_length=60)]
    note: Private | None = None


class SelfAssessmentRecorded(Fact):
    """The organisation looked at itself, for the ``number``-th time. Private: ``note``.

    ``scores`` are all that hold now, in the order of the method; ``scored`` which were
    given this time. ``weak`` are the elements with a weak score, ``steps`` those that
    get extra attention because of them, by the method.
    """

    number: int
    scores: dict[str, int]
    scored: tuple[str, ...]
    weak: tuple[str, ...]
    steps: tuple[str, ...]
    note: Private | None


class RecordEvaluation(Command):
    """Evaluate the dialogue. Private: ``gained_them`` and ``gained_us``.

    ``by`` is a stakeholder or another participant, or ``us`` for the organisation.
    ``gained_them`` is what it brought them, ``gained_us`` what it brought the
    organisation; ``scores`` are on the elements of the self-assessment, to compare.
    """

    by: OpaqueId
    goal_reached: Reached
    gained_them: Private | None = None
    gained_us: Private | None = None
    scores: Scores = {}


class EvaluationRecorded(Fact):
    """Somebody evaluated the dialogue. Private: ``gained_them`` and ``gained_us``.

    ``number`` counts the evaluations.
    """

    number: int
    by: OpaqueId
    goal_reached: Reached
    scores: dict[str, int]
    gained_them: Private | None
    gained_us: Private | None


ReflectionCommand = RecordSelfAssessment | RecordEvaluation
ReflectionEvent = SelfAssessmentRecorded | EvaluationRecorded


class Reflection(Fact):
    """How often we looked at ourselves and were evaluated, and the scores that hold."""

    assessments: int = 0
    evaluations: int = 0
    scores: dict[str, int] = {}

"""Reflecting: scores mark steps, and what people say of the whole stands beside them.

A weak score asks for attention and keeps nothing from going on: it is our own opinion
of ourselves. The last score of an element is the one that marks.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.draft import Draft
from domain.errors import DomainError
from domain.method import Element, Method, SelfAssessment
from domain.reflection_facts import (
    EvaluationRecorded,
    RecordEvaluation,
    RecordSelfAssessment,
    ReflectionCommand,
    SelfAssessmentRecorded,
)
from domain.state import Dialogue

# ruff: noqa: E501 (a docstring of a refusal is its message, whole and on one line)


class NoSelfAssessment(DomainError):
    """The method of this dialogue has no self-assessment, so there is nothing to score."""


class UnknownElement(DomainError):
    """There is no element {element} in the self-assessment of this method. Its elements are: {known}."""


class ScoreOffScale(DomainError):
    """The score {score} of {element} is not on the scale of this method, from 1 to {highest}."""


def obey(draft: Draft, command: ReflectionCommand) -> None:
    """Record how we think we do, or what somebody says of the dialogue."""
    match command:
        case RecordSelfAssessment():
            _assess(draft, command)
        case RecordEvaluation():
            _evaluate(draft, command)


def _assess(draft: Draft, command: RecordSelfAssessment) -> None:
    state = draft.state
    asked = _checked(state.plan, command.scores)
    all_of_them = state.reflection.scores | command.scores
    scores = {e.id: all_of_them[e.id] for e in asked.elements if e.id in all_of_them}
    weak = _weak(asked, scores)
    draft.happen(
        SelfAssessmentRecorded(
            number=state.reflection.assessments + 1,
            scores=scores,
            scored=tuple(e for e in scores if e in command.scores),
            weak=tuple(element.id for element in weak),
            steps=tuple(_marked(state.plan, weak)),
            note=command.note,
        )
    )


def _evaluate(draft: Draft, command: RecordEvaluation) -> None:
    state = draft.state
    if command.scores:
        _checked(state.plan, command.scores)
    draft.happen(
        EvaluationRecorded(
            number=state.reflection.evaluations + 1,
            by=command.by,
            goal_reached=command.goal_reached,
            scores=command.scores,
            gained_them=command.gained_them,
            gained_us=command.gained_us,
        )
    )


def _checked(plan: Method, scores: Mapping[str, int]) -> SelfAssessment:
    """Give the method's self-assessment, if these are scores on it."""
    asked = plan.self_assessment
    if asked is None:
        raise NoSelfAssessment
    known = [element.id for element in asked.elements]
    for element, score in scores.items():
        if element not in known:
            raise UnknownElement(element=element, known=", ".join(known))
        if score > asked.scale:
            raise ScoreOffScale(element=element, score=score, highest=asked.scale)
    return asked


def _weak(asked: SelfAssessment, scores: Mapping[str, int]) -> tuple[Element, ...]:
    """Give the elements whose score is weak by the method."""
    return tuple(e for e in asked.elements if 0 < scores.get(e.id, 0) <= asked.weak)


def _marked(plan: Method, weak: tuple[Element, ...]) -> dict[str, tuple[str, ...]]:
    """Give the steps that weak elements mark, in the order of the plan."""
    found = {step: tuple(e.id for e in weak if step in e.marks) for step in plan.steps}
    return {step: why for step, why in found.items() if why}


def extra_attention(state: Dialogue) -> dict[str, tuple[str, ...]]:
    """Give the steps that weak scores mark, each with the elements that do so."""
    asked = state.plan.self_assessment
    if asked is None or not state.reflection.scores:
        return {}
    return _marked(state.plan, _weak(asked, state.reflection.scores))

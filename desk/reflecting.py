"""How we thought we did, how we think so later, and what the stakeholders say of it.

One table: the elements of the method's self-assessment down, each time that somebody
scored them across. Beside it the evaluations, with whether the goal was reached.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from desk.desk import Desk, Sender
from desk.dossier import listed, opened
from desk.titles import Titles
from domain.method import Element, SelfAssessment
from domain.reflection import extra_attention
from domain.reflection_facts import US


class Assessment(NamedTuple):
    """One self-assessment; ``scored`` are the elements that were scored that time."""

    seq: int
    number: int
    at: str
    scores: dict[str, int]
    scored: tuple[str, ...]
    weak: tuple[str, ...]
    steps: tuple[str, ...]
    note: str | None


class Evaluation(NamedTuple):
    """What somebody says of the dialogue; texts where they were opened."""

    seq: int
    number: int
    at: str
    by: str
    goal_reached: str
    scores: dict[str, int]
    gained_them: str | None
    gained_us: str | None

    @property
    def ours(self) -> bool:
        """Whether it is the organisation's own."""
        return self.by == US


class ElementView(NamedTuple):
    """An element: how it was scored, first and last by us, and by the stakeholders.

    ``theirs`` are all their scores; ``told`` the steps that it marks, by title.
    """

    id: str
    title: str
    first: int | None
    last: int | None
    theirs: tuple[int, ...]
    weak: bool
    steps: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def change(self) -> int | None:
        """How far the last score is from the first."""
        if self.first is None or self.last is None:
            return None
        return self.last - self.first

    @property
    def apart(self) -> float | None:
        """How far the stakeholders are from us: below nought, they say less."""
        if self.last is None or not self.theirs:
            return None
        return round(sum(self.theirs) / len(self.theirs) - self.last, 1)


class Reflected(NamedTuple):
    """All of it. ``highest`` is the top of the scale; 0 where the method has none."""

    title: str
    highest: int
    weak: int
    mapping_is_ours: bool
    elements: tuple[ElementView, ...]
    assessments: tuple[Assessment, ...]
    evaluations: tuple[Evaluation, ...]
    attention: dict[str, tuple[str, ...]]

    @property
    def document(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {
            "scale": {"highest": self.highest, "weak": self.weak},
            "elements": [
                {**each._asdict(), "change": each.change, "apart": each.apart}
                for each in self.elements
            ],
            "assessments": [each._asdict() for each in self.assessments],
            "evaluations": [each._asdict() for each in self.evaluations],
            "extraAttention": {s: list(why) for s, why in self.attention.items()},
        }


async def reflected(
    desk: Desk, stream: str, lang: str, reader: Sender | None = None
) -> Reflected:
    """Compare what was assessed and evaluated; texts for a reader who may."""
    state = await desk.dialogue(stream)
    asked = state.plan.self_assessment
    assessments = await _assessments(desk, stream, reader)
    evaluations = await _evaluations(desk, stream, reader)
    titles = Titles(state.plan, lang)
    return Reflected(
        title=titles.text(asked.title) if asked else "",
        highest=asked.scale if asked else 0,
        weak=asked.weak if asked else 0,
        mapping_is_ours=asked.mapping_is_ours if asked else False,
        elements=tuple(
            _element(titles, asked, element, assessments, evaluations)
            for element in (asked.elements if asked else ())
        )
        if asked
        else (),
        assessments=assessments,
        evaluations=evaluations,
        attention=extra_attention(state),
    )


def _element(
    titles: Titles,
    asked: SelfAssessment,
    element: Element,
    assessments: tuple[Assessment, ...],
    evaluations: tuple[Evaluation, ...],
) -> ElementView:
    ours = [a.scores[element.id] for a in assessments if element.id in a.scored]
    last = ours[-1] if ours else None
    return ElementView(
        id=element.id,
        title=titles.text(element.title),
        first=ours[0] if ours else None,
        last=last,
        theirs=tuple(
            e.scores[element.id]
            for e in evaluations
            if element.id in e.scores and not e.ours
        ),
        weak=last is not None and last <= asked.weak,
        steps=element.marks,
        told=tuple(titles.step(step) for step in element.marks),
    )


async def _assessments(
    desk: Desk, stream: str, reader: Sender | None
) -> tuple[Assessment, ...]:
    rows = await listed(desk, stream, "assessment", reader)
    return tuple(
        Assessment(
            seq=row.seq,
            number=row.data["number"],
            at=row.data["at"],
            scores=row.data["scores"],
            scored=tuple(row.data["scored"]),
            weak=tuple(row.data["weak"]),
            steps=tuple(row.data["steps"]),
            note=opened(row.data.get("note")),
        )
        for row in rows
    )


async def _evaluations(
    desk: Desk, stream: str, reader: Sender | None
) -> tuple[Evaluation, ...]:
    rows = await listed(desk, stream, "evaluation", reader)
    return tuple(
        Evaluation(
            seq=row.seq,
            number=row.data["number"],
            at=row.data["at"],
            by=row.data["by"],
            goal_reached=row.data["goal_reached"],
            scores=row.data.get("scores", {}),
            gained_them=opened(row.data.get("gained_them")),
            gained_us=opened(row.data.get("gained_us")),
        )
        for row in rows
    )

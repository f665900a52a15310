"""A plan that changes as a picture: what comes in, what goes, and what stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.in_words.standings import STANDING
from desk.overview import Overview, StepView
from desk.plans import PlanView
from desk.titles import Titles
from domain.method import Method, Step
from language import mark
from language.speaking import _
from pages.back.fates import FATES
from pages.chain import Fate, Link, Picture, draw

_NEW: Final = mark("comes into the plan")
_GONE: Final = mark("goes out of the plan")
_MOVED: Final = mark("comes here; {now}")
_WAITS: Final = mark("waits for others; {now}")


def as_it_is(found: PlanView) -> Picture:
    """Draw a plan as it stands, with what was added to it."""
    return draw(
        [
            (phase.title, [_standing(step.view, step.needs) for step in phase.steps])
            for phase in found.phases
        ]
    )


def _standing(step: StepView, needs: tuple[str, ...]) -> Link:
    words = [_(STANDING[step.status][0])]
    words += [f"{step.done}/{step.total}"] if step.total else []
    fate = FATES[step.status]
    return Link(step.id, step.number, step.title, needs, fate, ", ".join(words))


def as_it_would_be(view: Overview, after: Method) -> Picture:
    """Draw the plan that comes of a change, with what goes in its old place."""
    before = view.state.plan
    titles = Titles(after, view.titles.lang)
    known = {step.id: step for phase in view.phases for step in phase.steps}
    order = _moved(before, after)
    phases: list[tuple[str, list[Link]]] = []
    for phase in after.phases:
        links = [_link(before, titles, known, step, order) for step in phase.steps]
        phases.append((titles.text(phase.title), links))
    _put_back(view, after, phases)
    return draw(phases)


def _moved(before: Method, after: Method) -> frozenset[str]:
    """Give the steps that come earlier than they did, among those that stay."""
    old = [name for name in before.steps if name in after.steps]
    new = [name for name in after.steps if name in before.steps]
    return frozenset(n for n in new if new.index(n) < old.index(n))


def _link(
    before: Method,
    titles: Titles,
    known: Mapping[str, StepView],
    step: Step,
    moved: frozenset[str],
) -> Link:
    title, needs = titles.text(step.title), step.needs or ()
    if step.id not in known:
        return Link(step.id, step.number, title, needs, "new", _(_NEW))
    now = _(STANDING[known[step.id].status][0])
    fate: Fate = FATES[known[step.id].status]
    verdict = now
    if step.id in moved:
        verdict, fate = _(_MOVED).format(now=now), "here"
    elif {*needs} != {*(before.steps[step.id].needs or ())}:
        verdict = _(_WAITS).format(now=now)
    return Link(step.id, step.number, title, needs, fate, verdict)


def _put_back(
    view: Overview, after: Method, phases: list[tuple[str, list[Link]]]
) -> None:
    """Put what goes behind the step that it came after, so that it is seen to go."""
    last: str | None = None
    for step in view.state.plan.all_steps():
        if step.id in after.steps:
            last = step.id
            continue
        link = Link(
            step.id,
            step.number,
            view.titles.text(step.title),
            (),
            "gone",
            _(_GONE),
        )
        links = next(
            (each for _title, each in phases if any(one.id == last for one in each)),
            phases[0][1] if phases else [],
        )
        at = next((n + 1 for n, one in enumerate(links) if one.id == last), 0)
        links.insert(at, link)
        last = step.id

"""Where a dialogue stands and what now: what its overview shows, worked out plainly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from desk.advice import Advice
from desk.in_words.moments import days_away, due_in
from desk.in_words.mood import Mood
from desk.in_words.standings import (
    STANDING,
    counted,
    need_in_words,
    window_in_words,
)
from desk.needs_meetings import ahead
from desk.overview import Overview, PhaseView, StepView, WindowView
from domain.audiences import whole_window
from language import mark, translator
from language.speaking import speaking
from pages.ways import Way, dialogue_path, way, way_of_need

MOST_ACTS: Final = 6
"""How many things that can be done next are named."""

_OVER: Final = frozenset({"completed", "skipped"})


class Line(NamedTuple):
    """Something that asks for somebody, or that can be done, with its one way there."""

    text: str
    way: Way
    mood: Mood = "plain"
    more: str = ""


class StepLine(NamedTuple):
    """A step as one line of its phase."""

    view: StepView
    href: str
    word: str
    mood: Mood
    waits_for: tuple[str, ...]
    """Titles of the steps that it waits for."""


class PhaseLines(NamedTuple):
    """A phase: how much of it is done, and its steps."""

    id: str
    title: str
    done: int
    total: int
    steps: tuple[StepLine, ...]

    @property
    def over(self) -> bool:
        """Whether all its steps are done or left out."""
        return all(step.view.status in _OVER for step in self.steps)


class DateLine(NamedTuple):
    """Something with a date: a window that runs, a date to keep, or a meeting."""

    title: str
    href: str
    kind: str
    day: date
    when: str
    more: str = ""
    closes: datetime | None = None


def needs(view: Overview, lang: str) -> list[Line]:
    """Give what needs somebody, each with where it is seen to."""
    with speaking(lang):
        return [
            Line(
                need_in_words(need),
                way_of_need(view.stream, need.kind, need.target, need.advice),
                "alarm",
            )
            for need in view.needs
        ]


def acts(view: Overview, reader: str | None, lang: str) -> list[Line]:
    """Give what can be done next, without what `needs` said already."""
    said = {need.advice for need in view.needs}
    found = [advice for advice in view.next_for(reader) if advice not in said]
    return [
        Line(_about(view, advice, lang), way(view.stream, advice))
        for advice in found[:MOST_ACTS]
    ]


def _about(view: Overview, advice: Advice, lang: str) -> str:
    """Say what an act is about: the title of its part, and of the step around it."""
    body, titles = advice.body, view.titles
    if "items" in body:
        item = str(body["items"][0])
        return titles.item(item)
    named = (("window", titles.window), ("gate", titles.gate), ("step", titles.step))
    for name, title in named:
        if name in body:
            return title(str(body[name]))
    return translator(lang)(_WHOLE.get(advice.kind, _ALL))


_ALL: Final = mark("The whole dialogue")
_WHOLE: Final = {
    "resume_dialogue": mark("The dialogue is paused"),
    "complete_dialogue": mark("All steps are done"),
    "archive_dialogue": mark("The dialogue has ended, and nothing is open any more"),
}


def phases(view: Overview, lang: str) -> list[PhaseLines]:
    """Give the phases with their steps."""
    return [_phase(view, phase, lang) for phase in view.phases]


def _phase(view: Overview, phase: PhaseView, lang: str) -> PhaseLines:
    return PhaseLines(
        phase.id,
        phase.title,
        sum(step.done for step in phase.steps),
        sum(step.total for step in phase.steps),
        tuple(step_line(view, step, lang) for step in phase.steps),
    )


def step_line(view: Overview, step: StepView, lang: str) -> StepLine:
    """Give a step as a line."""
    word, mood = STANDING[step.status]
    waits = step.waits_for if step.status in {"waiting", "voided"} else ()
    return StepLine(
        step,
        dialogue_path(view.stream, "steps", step.id),
        translator(lang)(word),
        mood,
        tuple(map(view.titles.step, waits)),
    )


def dates(view: Overview, lang: str) -> list[DateLine]:
    """Give what has a date, the first one first; nothing of a dialogue that is over."""
    with speaking(lang):
        return sorted(_dates(view), key=lambda line: line.day)


def _dates(view: Overview) -> Iterator[DateLine]:
    for window in view.windows:
        if window.due is not None and window.status in {"open", "paused"}:
            yield _of_window(view, window)
    if not view.state.ended:
        for deadline in view.deadlines:
            yield DateLine(
                deadline.title,
                dialogue_path(view.stream, "life", at="dates"),
                "deadline",
                deadline.date,
                days_away(deadline.days),
            )
    for title, begins, _ends, _asked in ahead(view.state, view.now):
        yield DateLine(
            title,
            dialogue_path(view.stream, "meetings"),
            "meeting",
            begins.date(),
            days_away((begins.date() - view.now.date()).days),
        )


def _of_window(view: Overview, window: WindowView) -> DateLine:
    assert window.due is not None  # noqa: S101  (whoever calls saw to it)
    still = window.status == "paused"
    return DateLine(
        window.title,
        dialogue_path(view.stream, "windows", whole_window(window.id)),
        "window",
        window.due.last_day,
        window_in_words(window) if still else due_in(window.due),
        counted(window),
        None if still else window.due.closes,
    )

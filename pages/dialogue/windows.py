"""A feedback window as its page shows it: whom it asks, until when, by which rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from desk.history import Past
from desk.in_words.moments import due_in, short_day
from desk.in_words.mood import Mood
from desk.in_words.standings import WINDOW, window_in_words
from desk.overview import Overview, StepView, WindowView, local
from desk.window_story import rule_of
from domain.audiences import audiences_of, known_window, whole_window
from domain.method import LIST, PUBLIC, Window
from domain.state import Dialogue, WindowRun
from domain.terms import Duration, Rule
from language import mark, translator
from language.speaking import speaking
from pages.ways import dialogue_path

MOODS: Final[Mapping[str, Mood]] = {
    "not_opened": "quiet",
    "open": "open",
    "paused": "open",
    "closed": "good",
    "voided": "quiet",
}
_PUBLIC: Final = mark("the public")
_LIST: Final = mark("people on a list")
_LONG: Final[Mapping[str, str]] = {
    "working_days": mark("{n} working days"),
    "calendar_days": mark("{n} calendar days"),
    "until": mark("up to {day}"),
}
_COUNTED: Final = mark("{length}, counted from the day after {day}")
_ROLLED: Final = mark(
    "{day} is no working day, or gives too few of them; so it ends on {last}"
)
LAWS: Final[Mapping[str, str]] = {
    "NL:Atw:1": mark("General Extension of Time Limits Act (Netherlands), art. 1"),
    "NL:Atw:2": mark("General Extension of Time Limits Act (Netherlands), art. 2"),
    "NL:Atw:3": mark("General Extension of Time Limits Act (Netherlands), art. 3"),
    "NL:Atw:4": mark("General Extension of Time Limits Act (Netherlands), art. 4"),
    "BE:KB-1974-04-18:1": mark("royal decree of 18 April 1974 (Belgium), art. 1"),
    "BE:GerW:53": mark("Judicial Code (Belgium), art. 53"),
}
"""The provisions that decide when a term ends, by their codes (`calendars.law`)."""


class Line(NamedTuple):
    """A window on the page of its step, or in the list of all."""

    title: str
    href: str
    word: str
    mood: Mood
    when: str
    required: bool
    on_time: int
    late: int
    silent: int
    invited: int
    audience: str


class Asked(NamedTuple):
    """One audience of a window, with the opening that counts for it now."""

    id: str
    name: str
    """As a command names it: the role, ``public``, ``list``, or its own id."""
    title: str
    audience: str
    word: str
    mood: Mood
    status: str
    left: str
    opened: datetime | None
    closes: datetime | None
    still: bool
    """Whether its time stands still."""
    rule: tuple[str, ...]
    law: str
    on_time: int
    late: int
    invited: int
    silent: tuple[str, ...]
    named: bool
    """Whether people are asked by name, so that one can be silent."""
    reminders: tuple[datetime, ...]


class Opening(NamedTuple):
    """One time that a window was open, beside the others."""

    title: str
    run: int
    round: int
    word: str
    mood: Mood
    opened: datetime
    closes: datetime
    moved: int
    on_time: int
    late: int
    silent: int | None


class WindowPage(NamedTuple):
    """All that a window's page says about it."""

    id: str
    title: str
    step: str
    step_title: str
    step_href: str
    plan: Window
    length: str
    late: bool
    asked: tuple[Asked, ...]
    openings: tuple[Opening, ...]

    @property
    def open(self) -> list[Asked]:
        """The audiences whose time runs, or stands still."""
        return [each for each in self.asked if each.status in {"open", "paused"}]

    @property
    def silent(self) -> list[Asked]:
        """The audiences in which somebody who was asked by name is silent."""
        return [each for each in self.open if each.silent]


def lines(view: Overview, step: StepView, lang: str) -> list[Line]:
    """Give the windows of a step, each audience on a line of its own."""
    with speaking(lang):
        return [_line(view, window, lang) for window in step.windows]


def _line(view: Overview, window: WindowView, lang: str) -> Line:
    _ = translator(lang)
    return Line(
        title=window.title,
        href=dialogue_path(view.stream, "windows", whole_window(window.id)),
        word=_(WINDOW[window.status]),
        mood=MOODS[window.status],
        when=due_in(window.due)
        if window.due and window.status == "open"
        else window_in_words(window),
        required=window.required,
        on_time=window.on_time,
        late=window.late,
        silent=len(window.silent),
        invited=window.invited,
        audience=_whom(view, window.id, lang),
    )


def _whom(view: Overview, name: str, lang: str) -> str:
    """Say whom a window, or one audience of it, asks."""
    audience, _ = known_window(view.state, name).audience, translator(lang)
    if audience == PUBLIC:
        return _(_PUBLIC)
    if audience != LIST:
        return view.titles.role(audience)
    own = name == whole_window(name)
    return _(_LIST) if own else f"{_(_LIST)}: {name.rpartition('.')[2]}"


def window_page(view: Overview, name: str, told: list[Past], lang: str) -> WindowPage:
    """Give a window, by its own full id, as its page shows it."""
    state, titles = view.state, view.titles
    plan, step = known_window(state, name), name.partition(".")[0]
    every = {window.id: window for window in view.windows}
    with speaking(lang):
        return WindowPage(
            id=name,
            title=titles.text(plan.title),
            step=step,
            step_title=titles.step(step),
            step_href=dialogue_path(view.stream, "steps", step),
            plan=plan,
            length=length(plan.duration, lang),
            late=plan.late == "accept",
            asked=tuple(
                _asked(view, every[each], told, lang)
                for each in audiences_of(state, name)
            ),
            openings=tuple(_openings(view, name, lang)),
        )


def _asked(view: Overview, seen: WindowView, told: list[Past], lang: str) -> Asked:
    run, _ = view.state.run(seen.id), translator(lang)
    plan = known_window(view.state, seen.id)
    own = seen.id.count(".") == 1
    rule = rule_of(told, seen.id, run.closes) if run else None
    return Asked(
        id=seen.id,
        name=plan.audience if own else seen.id.rpartition(".")[2],
        title=seen.title,
        audience=_whom(view, seen.id, lang),
        word=_(WINDOW[seen.status]),
        mood=MOODS[seen.status],
        status=seen.status,
        left=due_in(seen.due) if seen.due and seen.status == "open" else "",
        opened=local(view.state, run.opened) if run else None,
        closes=local(view.state, run.closes) if run else None,
        still=seen.status == "paused",
        rule=rule_told(rule, lang) if rule else (),
        law=_(LAWS[rule.law]) if rule and rule.law in LAWS else "",
        on_time=seen.on_time,
        late=seen.late,
        invited=seen.invited,
        silent=seen.silent,
        named=plan.audience != PUBLIC,
        reminders=_reminders(view, run),
    )


def _reminders(view: Overview, run: WindowRun | None) -> tuple[datetime, ...]:
    if run is None or run.status != "open" or view.state.paused_at is not None:
        return ()
    coming = (
        moment for moment in run.reminders if local(view.state, moment) > view.now
    )
    return tuple(local(view.state, moment) for moment in coming)


def length(duration: Duration, lang: str) -> str:
    """Say how long something is."""
    text = translator(lang)(_LONG[duration.kind])
    if duration.until is not None:
        with speaking(lang):
            return text.format(day=short_day(duration.until))
    return text.format(n=duration.amount)


def rule_told(rule: Rule, lang: str) -> tuple[str, ...]:
    """Say by which rule a term ends when it ends, so that it can be counted again."""
    _ = translator(lang)
    with speaking(lang):
        if rule.kind == "until" or rule.amount is None:
            return (_(_LONG["until"]).format(day=short_day(rule.last_day)),)
        amount = _(_LONG[rule.kind]).format(n=rule.amount)
        day = short_day(rule.counted_from)
        counted = _(_COUNTED).format(length=amount, day=day)
        if rule.rolled_from is None:
            return (counted,)
        day, last = short_day(rule.rolled_from), short_day(rule.last_day)
        return counted, _(_ROLLED).format(day=day, last=last)


def _openings(view: Overview, name: str, lang: str) -> Iterator[Opening]:
    """Give every time that it was open, those of all rounds side by side."""
    state, _ = view.state, translator(lang)
    for each in audiences_of(state, name):
        runs: Sequence[WindowRun] = state.windows.get(each, ())
        for run in runs:
            still = run.status == "open" and state.paused_at is not None
            status = "paused" if still else run.status
            yield Opening(
                title=view.titles.window(each),
                run=run.run,
                round=run.round,
                word=_(WINDOW[status]),
                mood=MOODS[status],
                opened=local(state, run.opened),
                closes=local(state, run.closes),
                moved=run.generation - 1,
                on_time=run.on_time,
                late=run.late,
                silent=None if run.audience == PUBLIC else len(run.silent),
            )


def sight(state: Dialogue, window: str) -> str:
    """Give what somebody decides on who changes a window: its openings' closings."""
    runs = ((name, state.run(name)) for name in audiences_of(state, window))
    return " ".join(
        f"{name}:{run.run}.{run.generation}.{run.status}" for name, run in runs if run
    )

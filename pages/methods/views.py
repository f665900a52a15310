"""A method as people look at it: its steps, its source, and what that leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from desk.in_words.gates import GATE_KINDS, takes
from desk.in_words.methods import RIGHTS, lasts, opens
from desk.methods import LoadedMethod, Step, titles_of
from desk.titles import Titles
from domain.method import PUBLIC, Method, Text, Window
from language.speaking import _
from pages.chain import Link, Picture, draw
from pages.counting import ITEMS, WINDOWS, all_counted


class Line(NamedTuple):
    """A method in a list."""

    id: str
    version: str
    title: str
    summary: str
    source: str
    phases: int
    steps: int
    items: int
    left_out: int
    ours: bool
    """Whether it was published here, and does not come along."""
    lang: str


class ItemShown(NamedTuple):
    """An item, with what to do, whose it is and what is special about it."""

    title: str
    help: str
    part: str
    marks: tuple[str, ...]
    sub: tuple[tuple[str, str], ...]


class WindowShown(NamedTuple):
    """A feedback window: whom it asks, how long, and what becomes of what is late."""

    title: str
    told: tuple[str, ...]


class StepShown(NamedTuple):
    """A step with everything in it."""

    id: str
    number: str
    title: str
    goal: str
    owner: str
    undescribed: bool
    needs: tuple[str, ...]
    advice: tuple[str, ...]
    tools: tuple[tuple[str, str], ...]
    pitfalls: tuple[str, ...]
    items: tuple[ItemShown, ...]
    windows: tuple[WindowShown, ...]
    gates: tuple[tuple[str, str], ...]
    undoes: tuple[tuple[str, str], ...]


class PhaseShown(NamedTuple):
    """A phase with its steps."""

    title: str
    may_overlap: bool
    steps: tuple[StepShown, ...]


class Shown(NamedTuple):
    """A method, to be looked at."""

    line: Line
    hash: str
    publisher: str | None
    note: str
    left_out: tuple[str, ...]
    languages: tuple[str, ...]
    roles: tuple[tuple[str, str, str], ...]
    kinds: tuple[str, ...]
    levels: tuple[str, ...]
    assessed: tuple[tuple[str, str], ...]
    assessed_ours: bool
    phases: tuple[PhaseShown, ...]
    picture: Picture


def line(found: LoadedMethod, lang: str, shipped: Iterable[str]) -> Line:
    """Put a method on a line."""
    plan, titles = found.method, titles_of(found.method, lang)
    return Line(
        id=plan.id,
        version=plan.version,
        title=titles.text(plan.title),
        summary=_text(titles, plan.summary),
        source=plan.source.name,
        phases=len(plan.phases),
        steps=len(plan.steps),
        items=len(plan.items),
        left_out=len(plan.source.left_out),
        ours=found.hash not in shipped,
        lang=lang if lang in plan.languages else plan.languages[0],
    )


def shown(found: LoadedMethod, lang: str, shipped: Iterable[str]) -> Shown:
    """Show a method whole."""
    plan, titles = found.method, titles_of(found.method, lang)
    asked = plan.self_assessment
    elements = asked.elements if asked else ()
    return Shown(
        line=line(found, lang, shipped),
        hash=found.hash,
        publisher=plan.source.publisher,
        note=_text(titles, plan.source.note),
        left_out=tuple(map(titles.text, plan.source.left_out)),
        languages=plan.languages,
        roles=tuple(
            (titles.text(r.title), ", ".join(_(RIGHTS[m]) for m in r.may), r.id)
            for r in plan.roles
        ),
        kinds=tuple(titles.text(each.title) for each in plan.stakeholder_kinds),
        levels=tuple(titles.text(each.title) for each in plan.engagement_levels),
        assessed=tuple(
            (titles.text(e.title), ", ".join(map(titles.step, e.marks)))
            for e in elements
        ),
        assessed_ours=bool(asked and asked.mapping_is_ours),
        phases=tuple(
            PhaseShown(
                titles.text(phase.title),
                phase.may_overlap,
                tuple(_step(plan, titles, step) for step in phase.steps),
            )
            for phase in plan.phases
        ),
        picture=chain_of(plan, titles),
    )


def chain_of(plan: Method, titles: Titles) -> Picture:
    """Draw the steps of a method, and who builds on whom."""
    return draw(
        [
            (titles.text(phase.title), [_link(titles, step) for step in phase.steps])
            for phase in plan.phases
        ]
    )


def _link(titles: Titles, step: Step) -> Link:
    inside = all_counted(((len(step.items), ITEMS), (len(step.windows), WINDOWS)))
    bare = step.undescribed
    told = _("not described in the source") if bare else ", ".join(inside)
    title, needs = titles.text(step.title), step.needs or ()
    return Link(step.id, step.number, title, needs, "ahead" if bare else "plain", told)


def _text(titles: Titles, text: Text | None) -> str:
    return titles.text(text) if text else ""


def _step(plan: Method, titles: Titles, step: Step) -> StepShown:
    return StepShown(
        id=step.id,
        number=step.number,
        title=titles.text(step.title),
        goal=_text(titles, step.goal),
        owner=titles.role(step.owner) if step.owner else "",
        undescribed=step.undescribed,
        needs=tuple(plan.steps[n].number for n in step.needs or () if n in plan.steps),
        advice=tuple(map(titles.text, step.advice)),
        tools=tuple(_tools(titles, step)),
        pitfalls=tuple(_pitfalls(titles, step)),
        items=tuple(_items(titles, step)),
        windows=tuple(_window(titles, window) for window in step.windows),
        gates=tuple(
            (titles.text(g.title), f"{_(GATE_KINDS[g.kind])}, {takes(g.threshold)}")
            for g in step.gates
        ),
        undoes=tuple(
            (titles.text(rule.title), ", ".join(map(titles.role, rule.to)))
            for rule in step.revisit.compensations
        ),
    )


def _tools(titles: Titles, step: Step) -> Iterator[tuple[str, str]]:
    for tool in (*step.tools, *(tool for part in step.parts for tool in part.tools)):
        yield titles.text(tool.title), _text(titles, tool.note)


def _pitfalls(titles: Titles, step: Step) -> Iterator[str]:
    inside = (pitfall for part in step.parts for pitfall in part.pitfalls)
    for each in (*step.pitfalls, *inside):
        text = titles.text(each.text)
        yield f"{each.number}. {text}" if each.number else text


def _items(titles: Titles, step: Step) -> Iterator[ItemShown]:
    parts = {p.id: f"{p.number} {titles.text(p.title)}" for p in step.parts}
    for item in step.items:
        marks = [] if item.required else [_("not required")]
        marks += [_("gate")] if item.gate else []
        marks += [titles.role(item.role)] if item.role else []
        marks += [_("ours, not the source's")] if item.ours else []
        yield ItemShown(
            title=titles.text(item.title),
            help=_text(titles, item.help),
            part=parts.get(item.part or "", ""),
            marks=tuple(marks),
            sub=tuple((titles.text(s.title), _text(titles, s.help)) for s in item.sub),
        )


def _window(titles: Titles, window: Window) -> WindowShown:
    told = [_asks(titles, window.audience), lasts(window.duration)]
    told.append(opens(window, titles.step(window.opens.step or "")))
    if window.reminders:
        days = ", ".join(map(str, window.reminders))
        told.append(_("reminders {days} working days before the end").format(days=days))
    told.append(
        _("late responses count as late")
        if window.late == "accept"
        else _("late responses are refused")
    )
    told += [_("the step needs it")] if window.required else []
    told += [_("ours, not the source's")] if window.ours else []
    told += [
        f"{titles.text(each.title)}: {_asks(titles, each.audience)}"
        for each in window.audiences
    ]
    return WindowShown(titles.text(window.title), tuple(told))


def _asks(titles: Titles, audience: str) -> str:
    who = _("everybody") if audience == PUBLIC else titles.role(audience)
    return _("asks {who}").format(who=who)

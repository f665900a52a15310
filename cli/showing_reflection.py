"""A page that sets side by side: what we thought, think now, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cli.page import Cell, Mood, Page
from cli.showing_dossier import on_day
from cli.speech import _
from desk.in_words.dossier import DOSSIER_PRIVATE, GOAL
from desk.in_words.moments import short_day

if TYPE_CHECKING:
    from desk.overview import Overview
    from desk.reflecting import ElementView, Evaluation, Reflected

MOODS: Final[Mapping[str, Mood]] = {"yes": "good", "partly": "open", "no": "alarm"}


def reflection_page(page: Page, view: Overview, found: Reflected) -> None:
    """Show elements in a table, then what needs attention, then what people say."""
    page.line(f"{view.state.title}  ({view.stream})", "title")
    if found.elements:
        _assessed(page, view, found)
    else:
        page.line(_("This method has no self-assessment."), "quiet")
    _attention(page, view, found)
    _evaluated(page, view, found)


def _assessed(page: Page, view: Overview, found: Reflected) -> None:
    page.title(found.title)
    if not found.assessments:
        page.line(_("Nobody scored it yet. To do so, from 1 (weak) up:"), indent=2)
        first = found.elements[0].id
        page.command(f"polder dialogue assess {view.stream} --score {first}=2")
        return
    days = [
        f"{each.number}. {short_day(on_day(view, each.at))}"
        for each in found.assessments
    ]
    text = _("Scored {n} times, from 1 to {highest}; {weak} and below is weak.")
    told = text.format(n=len(days), highest=found.highest, weak=found.weak)
    page.line(told, "quiet", indent=2)
    page.table(
        (_element(found, each) for each in found.elements),
        header=(
            _("element"),
            *days,
            _("change"),
            _("stakeholders"),
            _("apart"),
        ),
        indent=2,
    )
    for each in found.assessments:
        if each.note:
            page.line(f"{short_day(on_day(view, each.at))}: {each.note}", indent=2)


def _element(found: Reflected, each: ElementView) -> tuple[str | Cell, ...]:
    scores = (
        str(a.scores[each.id]) if each.id in a.scored else "·"
        for a in found.assessments
    )
    last = Cell(each.title, "alarm" if each.weak else "plain")
    theirs = ", ".join(map(str, each.theirs))
    return (
        last,
        *scores,
        Cell(*_signed(each.change)),
        theirs,
        Cell(*_signed(each.apart)),
    )


def _signed(value: float | None) -> tuple[str, Mood]:
    if value is None:
        return "", "quiet"
    if value == 0:
        return "=", "quiet"
    return f"{value:+g}", "good" if value > 0 else "alarm"


def _attention(page: Page, view: Overview, found: Reflected) -> None:
    if not found.attention:
        return
    page.title(_("Steps that ask for extra attention"))
    if found.mapping_is_ours:
        text = _("Which element marks which step is our choice, not the source's.")
        page.line(text, "quiet", indent=2)
    names = {element.id: element.title for element in found.elements}
    page.table(
        (
            (view.titles.step(step), ", ".join(names.get(e, e) for e in why))
            for step, why in found.attention.items()
        ),
        indent=2,
    )


def _evaluated(page: Page, view: Overview, found: Reflected) -> None:
    page.title(_("Evaluations"))
    if not found.evaluations:
        page.line(_("Nobody evaluated the dialogue yet."), indent=2)
        command = f"polder dialogue evaluate {view.stream} k-1 --goal-reached partly"
        page.command(command)
        return
    for each in found.evaluations:
        _evaluation(page, view, each)
    if not any(not each.ours for each in found.evaluations):
        text = _("No stakeholder has evaluated it yet; only we did.")
        page.line(text, "alarm", indent=2)


def _evaluation(page: Page, view: Overview, each: Evaluation) -> None:
    who = _("the organisation") if each.ours else each.by
    day = short_day(on_day(view, each.at))
    page.line(
        f"{day}, {who}: {_(GOAL[each.goal_reached])}", MOODS[each.goal_reached], 2
    )
    for label, text in (
        (_(DOSSIER_PRIVATE["gained_them"]), each.gained_them),
        (_(DOSSIER_PRIVATE["gained_us"]), each.gained_us),
    ):
        if text:
            page.line(f"{label}: {text}", indent=4)

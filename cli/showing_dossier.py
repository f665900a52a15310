"""Pages about gates, corrections and facts: first what stands, then how it came so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from cli.page import Cell, Mood, Page
from cli.speech import _
from desk.in_words.dossier import corrected
from desk.in_words.gates import GATE, GATE_KINDS, counted, takes
from desk.in_words.moments import short_day
from desk.overview import local
from language import mark

if TYPE_CHECKING:
    from desk.dossier import (
        CorrectionView,
        FactView,
        GateView,
        Holding,
        Topic,
    )
    from desk.overview import Overview

CERTAINTY: Final[Mapping[str, tuple[str, Mood]]] = {
    "sure": (mark("sure"), "good"),
    "inferred": (mark("inferred"), "open"),
    "conflicting": (mark("contradicted"), "alarm"),
    "one_source": (mark("one source"), "open"),
}
HAPPENED: Final[Mapping[str, str]] = {
    "happened": "",
    "planned": mark("planned"),
    "cancelled": mark("called off"),
}


def gates_page(page: Page, view: Overview, found: Sequence[GateView]) -> None:
    """Show each gate under its step, with each time that it was held."""
    page.line(f"{view.state.title}  ({view.stream})", "title")
    if not found:
        page.line(_("This plan has no gates, and none was held."))
        return
    step = ""
    for gate in found:
        if gate.step != step:
            step = gate.step
            page.title(view.titles.step(step))
        _gate(page, view, gate)


def _gate(page: Page, view: Overview, gate: GateView) -> None:
    word, mood = GATE[gate.standing]
    kind = _(GATE_KINDS[gate.kind])
    page.line(f"{gate.title} [{gate.id}]: {_(word)}", mood, indent=2)
    page.line(f"{kind}, {takes(gate.takes)}{_more(view, gate)}", indent=4)
    for each in gate.holdings:
        _holding(page, view, each)
    if gate.standing == "in_doubt" and gate.counts is not None:
        now = _("Corrected, it is: {counts}.").format(counts=counted(gate.counts))
        page.line(now, "alarm", indent=4)


def _more(view: Overview, gate: GateView) -> str:
    more = ""
    if gate.needed is not None and gate.counts and not gate.takes.count:
        more += "; " + _("{n} are needed").format(n=gate.needed)
    if gate.role is not None:
        more += "; " + _("by {role}").format(role=view.titles.role(gate.role))
    return more if gate.planned else more + "; " + _("added to the plan")


def _holding(page: Page, view: Overview, each: Holding) -> None:
    word, mood = GATE["passed" if each.passed else "failed"]
    day = short_day(on_day(view, each.at))
    text = _("{day}, round {round}: {counts}; {outcome} (event {seq}).")
    told = text.format(
        day=day,
        round=each.round,
        counts=counted(each.counts),
        outcome=_(word),
        seq=each.seq,
    )
    page.line(told, mood, indent=4)
    for line in (each.reference, each.reason):
        if line:
            page.line(line, "quiet", indent=6)
    for correction in each.corrections:
        page.line(corrected(correction.seq, *correction[3:6]), "open", indent=6)


def on_day(view: Overview, written: str) -> date:
    """Give the day of a moment on record, on the dialogue's wall clock."""
    return local(view.state, datetime.fromisoformat(written)).date()


def corrections_page(
    page: Page, view: Overview, found: Sequence[CorrectionView]
) -> None:
    """Show both values of each correction, and where the first stands."""
    page.line(f"{view.state.title}  ({view.stream})", "title")
    if not found:
        page.line(_("Nothing was corrected."))
        page.line(_("To correct a figure, by its event and member in the history:"))
        why = f'--reason "{_("WHY")}"'
        page.command(f"polder dialogue correct {view.stream} 12 on_time 18833 {why}")
        return
    for each in found:
        text = _("Event {seq}, {member}: {was} → {value}")
        member = each.pointer.removeprefix("/").replace("/", ".")
        told = text.format(
            seq=each.corrects, member=member, was=each.was, value=each.value
        )
        page.line(told)
        day = short_day(on_day(view, each.at))
        how = _("corrected on {day} by {actor} (event {seq})")
        source = f"; {each.source}" if each.source else ""
        page.line(
            how.format(day=day, actor=each.by, seq=each.seq) + source,
            "quiet",
            indent=4,
        )
        if each.reason:
            page.line(each.reason, indent=4)


def facts_page(page: Page, view: Overview, found: Sequence[Topic]) -> None:
    """Show facts by what they are about; say where sources contradict each other."""
    page.line(f"{view.state.title}  ({view.stream})", "title")
    if not found:
        page.line(_("No facts were noted."))
        return
    for topic in found:
        page.title(topic.type)
        if topic.contradicted:
            page.line(_("The sources contradict each other."), "alarm", indent=2)
        page.table((_fact(view, each) for each in topic.facts), indent=2)


def _fact(view: Overview, fact: FactView) -> tuple[str | Cell, ...]:
    word, mood = CERTAINTY[fact.certainty]
    known = _("known on {day}").format(day=fact.known_on) if fact.known_on else ""
    day = on_day(view, fact.at).isoformat()
    noted = _("noted on {day}, event {seq}").format(day=day, seq=fact.seq)
    status = _(HAPPENED[fact.status]) if HAPPENED[fact.status] else ""
    between = f"{fact.happened} / {fact.until}" if fact.until else fact.happened
    corrected = "" if fact.value == fact.first else f" ({_('first')}: {fact.first})"
    return (
        between,
        Cell(status, "open"),
        f"{fact.value}{corrected}",
        Cell(_(word), mood),
        fact.source,
        Cell(known, "quiet"),
        Cell(noted, "quiet"),
    )

"""Two rounds of a step side by side: what was done then, and what is made of it now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from desk.in_words.standings import ITEM, WINDOW
from desk.overview import Overview, local
from domain.audiences import windows_of
from domain.method import Method
from domain.state import Dialogue, Mark, Round, WindowRun
from language import mark
from language.speaking import _
from pages.counting import RESPONSES, counted
from pages.dialogue.steps import ROUND


class Side(NamedTuple):
    """What became of an item or a window in one round: a sign, words, by whom, when."""

    sign: str
    word: str
    mood: str
    by: str | None = None
    at: datetime | None = None
    seq: int | None = None


class Line(NamedTuple):
    """An item or a window in the one round and in the other."""

    id: str
    title: str
    before: Side | None
    after: Side | None


class Rounds(NamedTuple):
    """A step in two rounds; ``standing`` is how the later one stands."""

    step: str
    number: str
    title: str
    before: int
    after: int
    standing: str
    fell: int | None
    """The event by which the earlier round no longer stands."""
    lines: tuple[Line, ...]


def side_by_side(view: Overview, step: str, before: int, fell: int) -> Rounds | None:
    """Give a step in this round and the next; None where the plan has it no more."""
    state = view.state
    rounds = {each.number: each for each in state.steps.get(step, ())}
    one, other = rounds.get(before), rounds.get(before + 1)
    known = state.plan.steps.get(step)
    if one is None or other is None or known is None:
        return None
    return Rounds(
        step=step,
        number=known.number,
        title=view.titles.step(step),
        before=before,
        after=before + 1,
        standing=_(
            ROUND[other.status] if other.voided_by is None else mark("has fallen too")
        ),
        fell=fell,
        lines=(*_items(view, one, other), *_windows(view, step, before)),
    )


def _items(view: Overview, one: Round, other: Round) -> Iterator[Line]:
    plan = view.state.plan
    for name in in_order(plan, dict.fromkeys((*one.marks, *other.marks))):
        yield Line(
            name,
            view.titles.item(name),
            _side(view.state, one.marks.get(name)),
            _side(view.state, other.marks.get(name)),
        )


def in_order(plan: Method, names: Iterable[str]) -> list[str]:
    """Give items and sub-items in the order of the plan; others come last."""
    places = {name: number for number, name in enumerate(plan.items)}
    last = len(places)

    def place(name: str) -> tuple[int, str]:
        whole = ".".join(name.split(".")[:2])
        return places.get(whole, last), name if name != whole else ""

    return sorted(names, key=place)


def _side(state: Dialogue, found: Mark | None) -> Side | None:
    if found is None:
        return None
    sign, word, mood = ITEM[found.status]
    if found.status == "to_reconfirm":
        return Side(sign, _(word), mood)
    word = _("confirmed again") if found.reconfirmed else _(word)
    return Side(sign, word, mood, found.by, local(state, found.at), found.stands_since)


def _windows(view: Overview, step: str, before: int) -> Iterator[Line]:
    for name in windows_of(view.state, step):
        runs = view.state.windows.get(name, ())
        one = [run for run in runs if run.round == before]
        other = [run for run in runs if run.round == before + 1]
        if one or other:
            yield Line(name, view.titles.window(name), _runs(one), _runs(other))


def _runs(runs: list[WindowRun]) -> Side | None:
    if not runs:
        return None
    last = runs[-1]
    said = counted(sum(run.on_time + run.late for run in runs), RESPONSES)
    mood = {"open": "open", "closed": "good", "voided": "quiet"}[last.status]
    return Side("⧖", f"{_(WINDOW[last.status])}, {said}", mood, seq=last.seq)

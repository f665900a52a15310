"""A step as its page shows it: items with their help, what is around them, rounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from desk.in_words.mood import Mood
from desk.in_words.standings import ITEM, STANDING
from desk.overview import ItemView, Overview, StepView, local
from domain.method import Item, Part, Step, Text, Tool
from domain.state import Dialogue, Mark, Round
from language import mark
from pages.ways import dialogue_path, item_anchor

TOOL_KINDS: Final[Mapping[str, str]] = {
    "tool": mark("Tool"),
    "knowledge": mark("Background"),
}
ROUND: Final[Mapping[str, str]] = {
    "started": mark("under way"),
    "completed": mark("done"),
    "skipped": mark("left out"),
    "voided": mark("has to be redone"),
}


class Row(NamedTuple):
    """An item on its step's page, with what became of it in this round."""

    id: str
    anchor: str
    title: str
    help: str | None
    sign: str
    word: str
    mood: Mood
    status: str
    required: bool
    gate: bool
    role: str | None
    by: str | None = None
    at: datetime | None = None
    was: str | None = None
    sub: tuple[Row, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it still has to be done."""
        return self.status == "open"


class PartRows(NamedTuple):
    """Items under the heading of a part of the step, such as 4a; or without one."""

    part: Part | None
    number: str
    title: str
    goal: str | None
    tools: tuple[ToolRow, ...]
    pitfalls: tuple[PitfallRow, ...]
    rows: tuple[Row, ...]


class ToolRow(NamedTuple):
    """A tool or a document of the method, and what it is for here."""

    title: str
    kind: str
    note: str | None


class PitfallRow(NamedTuple):
    """A pitfall of the method, by its number where it has one."""

    number: int | None
    text: str


class Cell(NamedTuple):
    """What became of an item in one round."""

    word: str
    mood: Mood
    by: str | None
    at: datetime | None
    note: str = ""


class RoundColumn(NamedTuple):
    """One round of a step, beside the others."""

    number: int
    word: str
    voided: bool
    cells: tuple[Cell, ...]


class StepPage(NamedTuple):
    """All that a step's page says about the step itself."""

    view: StepView
    plan: Step
    title: str
    goal: str | None
    owner: str | None
    word: str
    mood: Mood
    phase: str
    advice: tuple[str, ...]
    tools: tuple[ToolRow, ...]
    pitfalls: tuple[PitfallRow, ...]
    parts: tuple[PartRows, ...]
    rounds: tuple[RoundColumn, ...]
    before: tuple[str, str] | None
    """Address and title of the step before it in the method."""
    after: tuple[str, str] | None
    waits_for: tuple[tuple[str, str], ...]

    @property
    def rows(self) -> Iterator[Row]:
        """Every item, under whichever part."""
        for part in self.parts:
            yield from part.rows

    @property
    def open(self) -> list[Row]:
        """The items that still have to be done."""
        return [row for row in self.rows if row.open]

    @property
    def to_reconfirm(self) -> list[Row]:
        """Items that an earlier round did, and that somebody has to look at again."""
        return [row for row in self.rows if row.status == "to_reconfirm"]

    @property
    def over(self) -> list[Row]:
        """The items that were done or set aside, in this round or confirmed in it."""
        return [row for row in self.rows if row.status in {"completed", "waived"}]


def find(view: Overview, step: str) -> StepView | None:
    """Give a step by its id; None where the plan has none of that name."""
    every = (each for phase in view.phases for each in phase.steps)
    return next((each for each in every if each.id == step), None)


def step_page(view: Overview, step: StepView) -> StepPage:
    """Give a step as its page shows it."""
    state, titles = view.state, view.titles
    plan = state.plan.steps[step.id]
    word, mood = STANDING[step.status]
    before, after = _neighbours(view, step.id)
    return StepPage(
        view=step,
        plan=plan,
        title=step.title,
        goal=titles.text(plan.goal) if plan.goal else None,
        owner=titles.role(plan.owner) if plan.owner else None,
        word=word,
        mood=mood,
        phase=titles.text(state.plan.phase_of[step.id].title),
        advice=tuple(map(titles.text, plan.advice)),
        tools=tuple(_tools(view, plan)),
        pitfalls=tuple(_pitfalls(view, plan)),
        parts=tuple(_parts(view, plan, step)),
        rounds=tuple(_rounds(view, plan)),
        before=before,
        after=after,
        waits_for=tuple(
            (dialogue_path(view.stream, "steps", name), titles.step(name))
            for name in step.waits_for
        ),
    )


def _neighbours(
    view: Overview, step: str
) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    every = [each for phase in view.phases for each in phase.steps]
    here = next(n for n, each in enumerate(every) if each.id == step)

    def link(number: int) -> tuple[str, str] | None:
        if not 0 <= number < len(every):
            return None
        found = every[number]
        title = f"{found.number}. {found.title}"
        return dialogue_path(view.stream, "steps", found.id), title

    return link(here - 1), link(here + 1)


def _tools(view: Overview, of: Step | Part) -> Iterator[ToolRow]:
    for tool in of.tools:
        yield _tool(view, tool)


def _tool(view: Overview, tool: Tool) -> ToolRow:
    titles = view.titles
    note = titles.text(tool.note) if tool.note else None
    return ToolRow(titles.text(tool.title), TOOL_KINDS[tool.kind], note)


def _pitfalls(view: Overview, of: Step | Part) -> Iterator[PitfallRow]:
    for pitfall in of.pitfalls:
        yield PitfallRow(pitfall.number, view.titles.text(pitfall.text))


def _parts(view: Overview, plan: Step, step: StepView) -> Iterator[PartRows]:
    """Give the items by part, those under no part first."""
    rows = [
        (item.part, _row(view, item, seen))
        for item, seen in zip(plan.items, step.items, strict=True)
    ]
    loose = tuple(row for part, row in rows if part is None)
    if loose:
        yield PartRows(None, "", "", None, (), (), loose)
    for part in plan.parts:
        yield PartRows(
            part,
            part.number,
            view.titles.text(part.title),
            view.titles.text(part.goal) if part.goal else None,
            tuple(_tools(view, part)),
            tuple(_pitfalls(view, part)),
            tuple(row for name, row in rows if name == part.id),
        )


def _row(view: Overview, item: Item, seen: ItemView) -> Row:
    titles = view.titles
    current = view.state.round(seen.id.partition(".")[0])
    found = current.marks.get(seen.id) if current else None
    return Row(
        id=seen.id,
        anchor=item_anchor(seen.id),
        title=seen.title,
        help=titles.text(item.help) if item.help else None,
        sign=ITEM[seen.status][0],
        word=ITEM[seen.status][1],
        mood=ITEM[seen.status][2],
        status=seen.status,
        required=item.required,
        gate=item.gate,
        role=titles.role(item.role) if item.role else None,
        by=seen.by,
        at=local(view.state, seen.at) if seen.at else None,
        was=ITEM[found.was][1] if found and found.was else None,
        sub=tuple(
            _sub(view, part.help, each)
            for part, each in zip(item.sub, seen.sub, strict=True)
        ),
    )


def _sub(view: Overview, help_: Text | None, seen: ItemView) -> Row:
    return Row(
        id=seen.id,
        anchor=item_anchor(seen.id),
        title=seen.title,
        help=view.titles.text(help_) if help_ else None,
        sign=ITEM[seen.status][0],
        word=ITEM[seen.status][1],
        mood=ITEM[seen.status][2],
        status=seen.status,
        required=False,
        gate=False,
        role=None,
    )


def _rounds(view: Overview, plan: Step) -> Iterator[RoundColumn]:
    """Give the rounds side by side; nothing while there is only one."""
    rounds = view.state.steps.get(plan.id, ())
    if len(rounds) > 1:
        names = [f"{plan.id}.{item.id}" for item in plan.items]
        for each in rounds:
            yield RoundColumn(
                each.number,
                ROUND[each.status],
                each.voided_by is not None,
                tuple(_cell(view.state, each, name) for name in names),
            )


def _cell(state: Dialogue, each: Round, name: str) -> Cell:
    found: Mark | None = each.marks.get(name)
    _sign, word, mood = ITEM[found.status if found else "open"]
    if found is None:
        return Cell(word, mood, None, None)
    note = ITEM[found.was][1] if found.was else ""
    return Cell(word, mood, found.by, local(state, found.at), note)

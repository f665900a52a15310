"""Pages about dialogues: calm, with what needs somebody first and commands to copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cli.advising import as_command
from cli.page import Cell, Page
from cli.speech import _
from desk.gate_lines import GateLine
from desk.in_words.gates import GATE
from desk.in_words.moments import days_away, due_in, moment, moment_span, short_day
from desk.in_words.standings import (
    ITEM,
    NEEDS,
    STANDING,
    STATUS,
    WINDOW,
    counted,
    need_in_words,
    window_in_words,
)
from desk.listing import Summary
from desk.needs_meetings import ahead
from desk.overview import ItemView, Overview, StepView, WindowView

__all__ = [
    "ITEM",
    "NEEDS",
    "STANDING",
    "STATUS",
    "WINDOW",
    "show_list",
    "show_overview",
    "window_in_words",
]

_FIRST: Final = 5
"""How many people are named where there may be many."""


def show_list(page: Page, rows: Sequence[Summary]) -> None:
    """Show dialogues in a table."""
    if not rows:
        page.line(_("There are no dialogues here. Start one:"))
        page.command(
            "polder dialogue start ORG:NAAM --method stakeholderdialoog --title TITEL"
        )
        return
    page.table(
        (
            (
                Cell(row.stream, "title"),
                row.title,
                _(STATUS[row.status]),
                row.step or "",
                _last_day(row),
                Cell(str(row.attention), "alarm") if row.attention else "",
            )
            for row in rows
        ),
        header=(
            _("dialogue"),
            _("title"),
            _("status"),
            _("step"),
            _("next date"),
            _("attention"),
        ),
    )


def _last_day(row: Summary) -> str:
    """Give the last day of what closes first, by the dialogue's wall clock."""
    if row.next_deadline is None:
        return ""
    last = row.next_deadline - timedelta(microseconds=1)
    return short_day(last.astimezone(ZoneInfo(row.zone)).date())


def show_overview(page: Page, view: Overview, *, every: bool = False) -> None:
    """Show one dialogue: what needs somebody, what is open, what is due, what next."""
    _head(page, view)
    _needs(page, view)
    _due(page, view)
    for phase in view.phases:
        page.title(phase.title)
        page.table((_step_row(step) for step in phase.steps), indent=2)
        for step in phase.steps:
            if every or step.status == "started":
                _items(page, step, every=every)
    _next(page, view)


def _head(page: Page, view: Overview) -> None:
    state, titles = view.state, view.titles
    page.line(f"{state.title}  ({view.stream})", "title")
    if state.question:
        page.line(state.question)
    done = sum(step.done for phase in view.phases for step in phase.steps)
    total = sum(step.total for phase in view.phases for step in phase.steps)
    page.table(
        (
            (_("Status"), _(STATUS["suspended" if view.suspended else state.status])),
            (
                _("Method"),
                f"{titles.text(state.plan.title)} {state.method.version}",
            ),
            (_("Phase"), view.titles.phase(view.phase)),
            (_("Items"), _("{done} of {total} done").format(done=done, total=total)),
            (_("Now"), moment(view.now)),
            (_("Version"), str(state.version)),
        )
    )


def _needs(page: Page, view: Overview) -> None:
    if not view.needs:
        return
    page.title(_("Needs attention"))
    for need in view.needs:
        page.line(need_in_words(need), "alarm", indent=2)
        if need.advice:
            page.command(as_command(view.stream, need.advice))


def _due(page: Page, view: Overview) -> None:
    live = [w for w in view.windows if w.status in {"open", "paused"}]
    meetings = [
        (title, moment_span(begins, ends), _("invited: {n}").format(n=asked))
        for title, begins, ends, asked in ahead(view.state, view.now)
    ]
    if not live and not view.deadlines and not meetings:
        return
    page.title(_("Due"))
    rows = [(w.title, _until(w), counted(w)) for w in live]
    rows += [
        (d.title, f"{short_day(d.date)} ({days_away(d.days)})", "")
        for d in view.deadlines
    ]
    page.table([*rows, *meetings], indent=2)
    for window in live:
        if window.silent:  # on a line of their own: a page is no wider than a screen
            page.line(f"{window.title}: {_silent(window)}", "quiet", indent=4)


def _until(window: WindowView) -> str:
    """Say how long a window that runs is open, or how it stands."""
    if window.due is None or window.status == "paused":
        return window_in_words(window)
    return due_in(window.due)


def _silent(window: WindowView) -> str:
    """Name who is still silent; of many the first."""
    first = ", ".join(window.silent[:_FIRST])
    more = "…" if len(window.silent) > _FIRST else ""
    return _("silent: {who}").format(who=first + more)


def _step_row(step: StepView) -> tuple[Cell, ...]:
    name, mood = STANDING[step.status]
    count = f"{step.done}/{step.total}" if step.total else ""
    rounds = _("round {n}").format(n=step.round) if step.round > 1 else ""
    waits = (
        _("waits for {steps}").format(steps=", ".join(step.waits_for))
        if step.status == "waiting" and step.waits_for
        else ""
    )
    return (
        Cell(step.number, "quiet"),
        Cell(step.title),
        Cell(step.id, "quiet"),
        Cell(_(name), mood),
        Cell(count),
        Cell("  ".join(p for p in (rounds, waits, *_marks(step)) if p), "quiet"),
    )


def _marks(step: StepView) -> tuple[str, ...]:
    """Say what is special about a step: who reads it, and whether it is weak."""
    readers = _("confidential: {roles}").format(roles=", ".join(step.readers))
    attention = step.attention and step.status not in {"completed", "skipped"}
    return (
        readers if step.readers else "",
        _("asks for extra attention") if attention else "",
    )


def _items(page: Page, step: StepView, *, every: bool) -> None:
    wanted = [i for i in step.items if every or i.status in {"open", "to_reconfirm"}]
    if not (wanted or step.windows or step.gates):
        return
    page.line()
    page.line(f"{step.number}  {step.title}", "title", indent=2)
    if step.attention:
        why = ", ".join(step.attention)
        page.line(_("Extra attention: {why}").format(why=why), "open", indent=4)
    page.table((row for item in wanted for row in _item_rows(item)), indent=4)
    page.table((_gate_row(gate) for gate in step.gates), indent=4)
    page.table(
        (
            (
                Cell("⧖"),
                Cell(window.title),
                Cell(window.id, "quiet"),
                Cell(window_in_words(window)),
            )
            for window in step.windows
        ),
        indent=4,
    )


def _item_rows(item: ItemView) -> Iterable[tuple[Cell, ...]]:
    sign, word, mood = ITEM[item.status]
    extra = [] if item.required else [_("not required")]
    extra += [_("gate")] if item.gate else []
    extra += [_(word)] if item.status == "to_reconfirm" else []
    yield (
        Cell(sign, mood),
        Cell(item.title),
        Cell(item.id, "quiet"),
        Cell(", ".join(extra), "quiet"),
    )
    for sub in item.sub:
        sign, _word, mood = ITEM[sub.status]
        yield Cell(sign, mood), Cell(f"  {sub.title}"), Cell(sub.id, "quiet"), Cell("")


def _gate_row(gate: GateLine) -> tuple[Cell, ...]:
    word, mood = GATE[gate.standing]
    return Cell("⊓"), Cell(gate.title), Cell(gate.id, "quiet"), Cell(_(word), mood)


def _next(page: Page, view: Overview) -> None:
    said = {need.advice for need in view.needs}
    following = [advice for advice in view.next if advice not in said]
    if not following:
        return
    page.title(_("Next"))
    for advice in following[:3]:
        page.command(as_command(view.stream, advice))

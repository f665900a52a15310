"""The plan of a dialogue, as a tree, with what was changed in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.frame import command
from cli.options import Stream
from cli.page import Cell, Page, Result
from cli.plan_exports import exported
from cli.settings import Call, Usage
from cli.speech import _, lang
from desk.in_words.moments import short_day
from language import mark

if TYPE_CHECKING:
    from desk.plans import Origin, PlanStep, PlanView

_DEMO = "gemeente-waterdam:parkzicht"

ORIGIN: Final[Mapping[str, str]] = {
    "added": mark("added in {seq}"),
    "changed": mark("changed in {seq}"),
    "moved": mark("moved in {seq}"),
    "along": mark("taken along in {seq}"),
    "copied": mark("track, from {seq}"),
}
"""Where a part of a plan comes from, by the event that made it so."""

TRACK: Final[Mapping[str, str]] = {
    "open": mark("open"),
    "complete": mark("complete"),
    "stopped": mark("stopped"),
}
"""How a track stands."""


@command(
    "dialogue",
    "plan",
    mark("Show the plan: what comes when, how it stands, and what was changed in it."),
    f"polder dialogue plan {_DEMO}",
    f"polder dialogue plan {_DEMO} --all",
    f"polder dialogue plan {_DEMO} --export onze-aanpak.yaml",
)
async def plan(
    call: Call,
    stream: Stream,
    *,
    everything: Annotated[
        bool,
        typer.Option("--all", help=mark("With the items and windows of every step.")),
    ] = False,
    export: Annotated[
        str | None,
        typer.Option(
            "--export",
            metavar="FILE",
            help=mark("Write it as a method's file, to publish; tracks are left out."),
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            "--method", metavar="ID", help=mark("With --export: the method's id.")
        ),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            "--version", metavar="V", help=mark("With --export: its version.")
        ),
    ] = None,
) -> Result:
    """Show the plan of a dialogue, from the record."""
    from desk.plans import plan_now

    if export is not None:
        return await exported(call, stream, export, method, version)
    if method is not None or version is not None:
        raise Usage(_("--method and --version go with --export."))
    async with call.desk() as desk:
        found = await plan_now(desk, stream, lang())
    return Result(found.document, lambda page: _show(page, found, every=everything))


def _show(page: Page, found: PlanView, *, every: bool) -> None:
    view = found.view
    page.line(f"{view.state.title}  ({view.stream})", "title")
    method = f"{view.titles.text(view.state.plan.title)} {view.state.method.version}"
    if found.changes:
        method += f", {_('changed in this dialogue')}"
    page.line(method, "quiet")
    for phase in found.phases:
        page.title(phase.title)
        page.table((_row(step) for step in phase.steps), indent=2)
        for step in phase.steps if every else ():
            _parts(page, step)
    _tracks(page, found)
    _changes(page, found)


def _row(step: PlanStep) -> tuple[Cell, ...]:
    from cli.showing import STANDING

    view = step.view
    name, mood = STANDING[view.status]
    builds = _("builds on {steps}").format(steps=", ".join(step.needs))
    more = [builds] if step.needs else []
    more += [_("round {n}").format(n=view.round)] if view.round > 1 else []
    more += origins_told(step.origins)
    inside = {each.seq for origins in step.parts.values() for each in origins}
    more += (
        [_("parts changed in {seqs}").format(seqs=_listed(inside))] if inside else []
    )
    return (
        Cell(view.number, "quiet"),
        Cell(view.title),
        Cell(view.id, "quiet"),
        Cell(_(name), mood),
        Cell(f"{view.done}/{view.total}" if view.total else ""),
        Cell("; ".join(more), "quiet"),
    )


def origins_told(origins: Sequence[Origin]) -> list[str]:
    """Say where a part comes from."""
    return [_(ORIGIN[each.how]).format(seq=each.seq) for each in origins]


def _listed(seqs: set[int]) -> str:
    return ", ".join(map(str, sorted(seqs)))


def _parts(page: Page, step: PlanStep) -> None:
    from cli.showing import ITEM, window_in_words

    view = step.view
    if not view.items and not view.windows:
        return
    page.line()
    page.line(f"{view.number}  {view.title}", "title", indent=2)
    rows = [
        (
            Cell(ITEM[item.status][0], ITEM[item.status][2]),
            Cell(item.title),
            Cell(item.id, "quiet"),
            Cell("; ".join(origins_told(step.parts.get(item.id, ()))), "quiet"),
        )
        for item in view.items
    ]
    rows += [
        (
            Cell("⧖"),
            Cell(f"{window.title} ({window_in_words(window)})"),
            Cell(window.id, "quiet"),
            Cell("; ".join(origins_told(step.parts.get(window.id, ()))), "quiet"),
        )
        for window in view.windows
    ]
    page.table(rows, indent=4)


def _tracks(page: Page, found: PlanView) -> None:
    if not found.tracks:
        return
    page.title(_("Tracks"))
    page.table(
        (
            (
                Cell(track.id, "quiet"),
                Cell(track.title),
                Cell(_(TRACK[track.status])),
                Cell(
                    _("{done} of {total} steps done").format(
                        done=track.done, total=track.total
                    )
                ),
            )
            for track in found.tracks
        ),
        indent=2,
    )


def _changes(page: Page, found: PlanView) -> None:

    from desk.in_words.events import told

    if not found.changes:
        return
    page.title(_("Changes of the plan"))
    for each in found.changes:
        line = f"{short_day(each.at.date())}  {each.by}"
        page.line(f"{each.seq:>4}  {line}", "quiet")
        page.line(told(found.view, each.members), indent=6)

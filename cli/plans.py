"""The plan of a dialogue, as a tree; and what a change of it would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.frame import command
from cli.moments import short_day
from cli.options import Stream
from cli.page import Cell, Page, Result
from cli.settings import Call, Usage
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.overview import Overview
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
)
async def plan(
    call: Call,
    stream: Stream,
    *,
    everything: Annotated[
        bool,
        typer.Option("--all", help=mark("With the items and windows of every step.")),
    ] = False,
) -> Result:
    """Show the plan of a dialogue, from the record."""
    from desk.plans import plan_now

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

    from cli.telling import told

    if not found.changes:
        return
    page.title(_("Changes of the plan"))
    for each in found.changes:
        line = f"{short_day(each.at.date())}  {each.by}"
        page.line(f"{each.seq:>4}  {line}", "quiet")
        page.line(told(found.view, each.members), indent=6)


# What a change would do.


def amending(body: Mapping[str, Any], state: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give the body of an amendment, with the changes that a file says."""
    from desk.changes import MethodInvalid, changes_in

    name, text = body["changes"]
    try:
        found = changes_in(text, name, state)
    except MethodInvalid as error:
        raise Usage("\n".join(map(str, error.problems))) from error
    return {**body, "changes": found["changes"]}


async def previewed(
    desk: Desk, stream: str, kind: str, body: Mapping[str, Any]
) -> Result:
    """Give what a command about the plan would do, without doing it."""
    from desk.errors import Refused
    from desk.overview import overview
    from desk.plans import preview
    from desk.saying import said

    found = await preview(desk, stream, kind, body)
    view = await overview(desk, stream, lang())
    for each in found["obstacles"]:
        refused = Refused(each["error"], each["because"], each["facts"])
        each["because"] = said(refused, lang())
    return Result(
        {"dialogue": stream, **found},
        lambda page: _show_preview(page, view, found),
        0 if found["possible"] else 4,
    )


def _show_preview(page: Page, view: Overview, found: Mapping[str, Any]) -> None:
    if found["possible"]:
        page.line(_("This can be done. Nothing has happened yet."), "good")
    else:
        page.line(_("This can't be done like this. Nothing has happened."), "alarm")
    for heading, lines in _sections(view, found):
        if lines:
            page.title(heading)
        for line in lines:
            page.line(f"- {line}", indent=2)
    steps = dict.fromkeys(e["revisit"] for e in found["obstacles"] if e["revisit"])
    page.line()
    for step in steps:
        page.line(_("What returning to {step} would undo:").format(step=step))
        page.command(f"polder dialogue preview-revisit {view.stream} {step}")
    if found["possible"]:
        page.line(_("To do it, leave out --dry-run."), "quiet")


def _sections(
    view: Overview, found: Mapping[str, Any]
) -> Iterator[tuple[str, list[str]]]:

    from cli.telling_plans import changes_told, member

    named = _Names(view, found)
    yield _("In the way:"), [_obstacle(each) for each in found["obstacles"]]
    yield (
        _("These have been worked on, and become:"),
        [
            f"{old} → {new}"
            for old, new in found.get("maps", {}).items()
            if new not in {None, old}
        ],
    )
    yield _("Stays behind, and stays visible:"), named.each(found.get("behind", ()))
    yield (
        _("Is left out, since it stays behind and was not done:"),
        named.each(found.get("skips", ())),
    )
    yield _("Goes along, since it was added here:"), named.each(found.get("along", ()))
    yield (
        _("No longer holds; change the plan again where you still want it:"),
        list(changes_told(view, {"changes": found.get("lapses", ())})),
    )
    yield _("Added:"), named.whole(found["added"])
    yield _("Dropped:"), named.whole(found["dropped"])
    yield (
        _("Changed:"),
        [
            f"{named.one(e['part'])}: {', '.join(map(member, e['members']))}"
            for e in found["changed"]
            if e["members"] != ["needs"]
        ],
    )
    yield (
        _("Waits for other steps than before:"),
        [
            f"{named.one(e['step'])}: "
            + ("; ".join(map(named.title, e["for"])) or _("nothing"))
            for e in found["waits"]
        ],
    )
    yield (
        _("Left out, since it runs in tracks only:"),
        named.each(found.get("leaves", ())),
    )
    yield (
        _("Done already; to do it again by the new plan, return to it:"),
        [named.asking(each) for each in found.get("revisit", ())],
    )


class _Names:
    """What parts are called, of the plan as it is and as it would be."""

    def __init__(self, view: Overview, found: Mapping[str, Any]) -> None:
        self._titles = view.titles
        told = (e for m in ("added", "dropped", "changed") for e in found[m])
        self._new = {e["part"]: view.titles.text(e["title"]) for e in told}

    def title(self, part: str) -> str:
        return self._new.get(part) or self._titles.part(part)

    def one(self, part: str) -> str:
        return f"{self.title(part)} [{part}]"

    def each(self, parts: Sequence[str]) -> list[str]:
        return [self.one(part) for part in parts]

    def whole(self, found: Sequence[Mapping[str, Any]]) -> list[str]:
        """Name parts; those inside a step that is among them are counted only."""
        parts = [str(e["part"]) for e in found]
        steps = {part for part in parts if "." not in part}
        inside = Counter(part.partition(".")[0] for part in parts if "." in part)
        return [
            self.one(part)
            + (
                " " + _("with {count} items and windows").format(count=inside[part])
                if part in steps and inside[part]
                else ""
            )
            for part in parts
            if part in steps or part.partition(".")[0] not in steps
        ]

    def asking(self, found: Any) -> str:  # noqa: ANN401  (JSON)
        """Say why a step that is done might be returned to."""
        if isinstance(found, str):
            return self.one(found)
        parts: list[str] = [*found["parts"], *found["after"]]
        return f"{self.one(found['step'])}: {'; '.join(map(self.title, parts))}"


def _obstacle(found: Mapping[str, Any]) -> str:
    if not found["change"]:
        return str(found["because"])
    return _("change {n}: {because}").format(
        n=found["change"], because=found["because"]
    )

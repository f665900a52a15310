"""Events to take along: exports in formats that others read, and samples."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.choosing import choosing, looking, question
from cli.frame import command
from cli.options import As
from cli.page import Cell, Page, Result
from cli.settings import Call, Usage
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.exporting import Exported, Sampled

_DEMO = "gemeente-waterdam:parkzicht"

FORMS: Final = ("csv", "xlsx", "ocel-json", "ocel-sqlite", "cloudevents", "jsonl")
"""What can be asked for; the desk has the same."""

HEADINGS: Final = {
    "events": mark("events"),
    "provenance": mark("provenance"),
    "leaf_index": mark("place in the log"),
    "stream": mark("stream"),
    "seq": mark("event"),
    "type": mark("type"),
    "at": mark("happened (UTC)"),
    "recorded_at": mark("recorded (UTC)"),
    "sealed_at": mark("sealed (UTC)"),
    "actor": mark("who"),
    "role": mark("in which role"),
    "via": mark("by which way"),
    "mandate": mark("mandate"),
    "cause": mark("command"),
    "data": mark("data"),
    "private": mark("private fields"),
    "erased": mark("erased, in event"),
    "opened": mark("private texts"),
    "hash": mark("hash"),
}
"""The headings of a spreadsheet."""


@command(
    "audit",
    "export",
    mark("Write sealed events to a file, with where they come from."),
    f"polder audit export {_DEMO} --format xlsx --out parkzicht.xlsx",
    "polder audit export gemeente-waterdam --format ocel-json --out mining.json",
    "polder audit export --all --late --format csv --out late.csv",
)
@choosing
async def export(
    call: Call,
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMS), help=mark("Which form."))
    ],
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help=mark("The file to write."))
    ],
    opened: Annotated[
        bool,
        typer.Option(
            "--open",
            help=mark("With private texts, for whoever may read them everywhere."),
        ),
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="URN",
            help=mark(
                "For CloudEvents: organisation and system, such as "
                "urn:nld:oin:00000001234567890000:systeem:polder."
            ),
        ),
    ] = None,
    as_: As = None,
    **chosen: Any,  # noqa: ANN401 (see choosing)
) -> Result:
    """Write an export, and its provenance beside it."""
    from desk.exporting import export as write

    if form not in FORMS:
        raise Usage(_("--format takes one of: {forms}.").format(forms=", ".join(FORMS)))
    asked = question(chosen, looking(as_), opened=opened)
    words = {name: _(text) for name, text in HEADINGS.items()}
    async with call.desk() as desk:
        made = await write(
            desk,
            asked,
            form,
            out,
            source=source,
            words=words,
        )
    data = {"out": out, "provenance": str(made.sidecar), **made.block}
    return Result(data, lambda page: _show_export(page, made))


@command(
    "audit",
    "sample",
    mark("Draw events by lot; the lot is the checkpoint, so anyone can redraw them."),
    "polder audit sample gemeente-waterdam --size 25",
    f"polder audit sample {_DEMO} --size 5 --type items_waived --checkpoint 120",
)
@choosing
async def sample(
    call: Call,
    *,
    size: Annotated[
        int, typer.Option("--size", metavar="N", min=1, help=mark("How many events."))
    ],
    as_: As = None,
    **chosen: Any,  # noqa: ANN401 (see choosing)
) -> Result:
    """Draw a sample whose seed is the root of the checkpoint."""
    from desk.exporting import sample as draw
    from desk.past import told_checkpoint

    asked = question(chosen, looking(as_))
    async with call.desk() as desk:
        found = await draw(desk, asked, size)
    events = [{"rank": rank, **row.document} for rank, row in found.rows]
    data: dict[str, Any] = {
        "checkpoint": told_checkpoint(found.checkpoint),
        "query": found.command,
        "filters": asked.told,
        "gone": found.gone,
        "events": events,
    }
    return Result(data, lambda page: _show_sample(page, found))


def _show_gone(page: Page, number: int) -> None:
    """Say that something could not come along, where that is so."""
    if number:
        text = _(
            "Sealed, and no longer on record: {number} events. polder audit verify "
            "--all tells whether they were destroyed or taken away."
        )
        page.line(text.format(number=number), "alarm")


def _show_export(page: Page, made: Exported) -> None:
    block = made.block
    at = block["checkpoint"]
    text = _("{rows} events, within the checkpoint of {size} events of {origin}.")
    facts = {"rows": block["rows"], "size": at["size"], "origin": at["origin"]}
    page.line(text.format_map(facts), "good")
    page.table(
        ((kind, str(count)) for kind, count in block["totals"].items()), indent=2
    )
    _show_gone(page, block["gone"])
    page.line(_("Written: {path}").format(path=made.path))
    page.line(
        _("Where it comes from, and its SHA-256: {path}").format(path=made.sidecar)
    )


def _show_sample(page: Page, found: Sampled) -> None:
    at = found.checkpoint
    text = _("Drawn by the root of the checkpoint of {size} events of {origin}:")
    page.line(text.format(size=at.size, origin=at.origin), "title")
    page.line(b64encode(at.root).decode(), "quiet")
    page.table(
        (
            (
                Cell(rank[:12], "quiet"),
                str(row.leaf_index),
                str(row.members["stream"]),
                str(row.members["seq"]),
                str(row.members["at"]),
                str(row.members["type"]),
                str(row.members["actor"]["id"]),
                Cell(_("erased"), "alarm") if row.erased else "",
            )
            for rank, row in found.rows
        ),
        header=(
            _("rank"),
            _("place in the log"),
            _("stream"),
            _("event"),
            _("happened (UTC)"),
            _("type"),
            _("who"),
            "",
        ),
    )
    _show_gone(page, found.gone)
    page.line(_("To draw it again:"))
    page.command(found.command)

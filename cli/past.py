"""The past of a dialogue: as it was, what differs, and who read it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.choosing import looking
from cli.frame import command
from cli.options import As, At, Seq, Stream
from cli.page import Result
from cli.settings import Call, Usage
from cli.speech import _, lang
from language import mark

_DEMO = "gemeente-waterdam:parkzicht"

_MOMENT = mark(
    "A moment: an event's number (14), checkpoint:SIZE, a day (2026-12-04) or a time "
    "(2026-12-04T14:00)."
)


@command(
    "audit",
    "as-of",
    mark("Show a dialogue as it was, with the checkpoint that covers it."),
    f"polder audit as-of {_DEMO} --at 2026-12-04T14:00",
    f"polder audit as-of {_DEMO} --seq 14 --json",
    f"polder audit as-of {_DEMO} --checkpoint 120",
)
async def as_of(
    call: Call,
    stream: Stream,
    *,
    at: At = None,
    seq: Seq = None,
    checkpoint: Annotated[
        int | None,
        typer.Option(
            "--checkpoint",
            metavar="SIZE",
            min=1,
            help=mark("As the checkpoint of this size covers it."),
        ),
    ] = None,
    as_: As = None,
) -> Result:
    """Fold a dialogue up to a moment and show it."""
    from cli.looking_back import show_as_of
    from desk.past import as_of as look

    size = None if checkpoint is None else f"checkpoint:{checkpoint}"
    place = None if seq is None else str(seq)
    asked = [each for each in (at, place, size) if each]
    if len(asked) != 1:
        raise Usage(_("Say which moment, once: --at, --seq or --checkpoint."))
    async with call.desk() as desk:
        found = await look(desk, stream, asked[0], by=looking(as_).id)
    state = found.state.model_dump(mode="json", exclude={"handled"})
    return Result(
        {**found.document, "state": state}, lambda page: show_as_of(page, found, lang())
    )


@command(
    "audit",
    "diff",
    mark("Compare two moments of a dialogue, property by property."),
    f"polder audit diff {_DEMO} 14 30",
    f"polder audit diff {_DEMO} 2026-12-01 checkpoint:120",
)
async def diff(
    call: Call,
    stream: Stream,
    first: Annotated[str, typer.Argument(metavar="MOMENT", help=_MOMENT)],
    second: Annotated[
        str | None,
        typer.Argument(metavar="[MOMENT]", help=mark("Another one; else: now.")),
    ] = None,
    *,
    as_: As = None,
) -> Result:
    """Compare two moments."""
    from cli.looking_back import show_difference
    from desk.past import diff as compare

    async with call.desk() as desk:
        found = await compare(desk, stream, first, second, by=looking(as_).id)
    data: dict[str, Any] = {
        "stream": stream,
        "from": found.before.document,
        "to": found.after.document,
        "changes": [change.document for change in found.changes],
    }
    return Result(data, lambda page: show_difference(page, found, lang()))


@command(
    "audit",
    "reads",
    mark("Show who read the past: what, when, and how much."),
    "polder audit reads",
    f"polder audit reads {_DEMO} --by a-1",
)
async def reads(
    call: Call,
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[ORG:SLUG|ORG]",
            help=mark("What was read: a dialogue or an organisation."),
        ),
    ] = None,
    *,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="ACTOR", help=mark("By this reader only.")),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help=mark("How many, the newest first."))
    ] = 200,
) -> Result:
    """Show the log of reads."""
    from cli.looking_back import show_reads
    from desk.reads import reads as logged
    from desk.reads import told

    async with call.desk() as desk:
        found = await logged(desk, who=by, target=target, limit=limit)
    return Result(
        {"reads": [told(read) for read in found]}, lambda page: show_reads(page, found)
    )

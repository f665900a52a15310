"""Evidence to take home: packs, checkpoints, and the key of the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.choosing import looking
from cli.frame import command
from cli.options import As
from cli.page import Cell, Page, Result
from cli.publishing import show_vouchers
from cli.settings import Call, Usage, reader, sender
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.packs import Packed, Point

_DEMO = "gemeente-waterdam:parkzicht"

Withhold = Annotated[
    list[str] | None,
    typer.Option(
        "--withhold",
        metavar="all|PATH",
        help=mark("Private texts to leave out: all, /name, or 12:/name."),
    ),
]
Redacted = Annotated[
    bool, typer.Option("--redacted", help=mark("Leave out every private text."))
]
Witnesses = Annotated[
    int,
    typer.Option(
        "--witnesses",
        metavar="N",
        min=0,
        help=mark("Wait until so many witnesses have cosigned."),
    ),
]


@command(
    "audit",
    "pack",
    mark("Make an evidence pack: a file by which anybody can check a dialogue."),
    f"polder audit pack {_DEMO} --out parkzicht.zip",
    f"polder audit pack {_DEMO} --out openbaar.zip --redacted",
    f"polder audit pack {_DEMO} --out getuigd.zip --witnesses 1",
    f"polder audit pack {_DEMO} --out deel.zip --withhold /name --withhold 12:/reason",
)
async def pack(
    call: Call,
    stream: Annotated[
        str,
        typer.Argument(
            metavar="ORG:SLUG",
            help=mark("The dialogue; or org:ORGANISATION, or polder:log."),
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help=mark("Where the pack goes."))
    ],
    *,
    withhold: Withhold = None,
    redacted: Redacted = False,
    witnesses: Witnesses = 0,
    as_: As = None,
) -> Result:
    """Make a pack over a fresh census."""
    from desk.packs import make_pack

    hidden = [*(withhold or ()), *(("all",) if redacted else ())]
    async with call.desk() as desk:
        made = await make_pack(
            desk,
            call.addresses.need("database").database or "",
            call.log_key,
            stream,
            created_by=looking(as_).id,
            reader=sender(as_) if reader(as_) else None,
            withhold=hidden,
            witnesses=witnesses,
        )
    write(out, made.content)
    data = {**made.document, "file": str(out)}
    return Result(data, lambda page: show_pack(page, made, out))


def show_pack(page: Page, made: Packed, out: Path) -> None:
    """Say what is in a pack, and how it is checked."""
    facts = {**made.document, "file": str(out)}
    page.line(_("Evidence of {stream}: {events} events, in {file}.").format_map(facts))
    text = _("Private fields: {opened} opened, {withheld} withheld, {erased} erased.")
    page.line(text.format_map(made.document["private"]))
    if not made.document["sound"]:
        page.line(_("This pack does not verify: the record was changed."), "alarm")
    if made.document["confidential"] and not made.barred:
        steps = ", ".join(made.document["confidential"])
        text = _("Withheld, because these steps are confidential: {steps}.")
        page.line(text.format(steps=steps))
    if made.barred:
        page.line(_("This reader may not read private texts: all are withheld."))
    elif made.document["private"]["opened"]:
        page.line(_("For whoever may not see these texts: --redacted."), "quiet")
    page.line()
    page.line(_("Give the key by another way than the pack. To check:"))
    page.command(f"polder audit verify {out} --key {made.document['key']}")


@command(
    "audit",
    "checkpoint",
    mark("Give the newest published checkpoint: keep it, to compare with later."),
    "polder audit checkpoint --out ijkpunt.txt",
    "polder audit checkpoint --publish",
)
async def checkpoint(
    call: Call,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=mark("Write the note to a file.")),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help=mark("Take a census and sign a new one."))
    ] = False,
) -> Result:
    """Give a checkpoint, or publish one first."""
    from desk.packs import newest_checkpoint, publish_checkpoint

    database = call.addresses.need("database").database or ""
    async with call.desk() as desk:
        if publish:
            await publish_checkpoint(database, call.log_key)
        point = await newest_checkpoint(desk)
    if out is not None:
        write(out, point.note)
    return Result(point.document, lambda page: show_point(page, point, out))


def show_point(page: Page, point: Point, out: Path | None) -> None:
    """Show a checkpoint, or where it went."""
    if out is None:
        for line in point.note.decode().splitlines():
            page.line(line)
        return
    text = _("Checkpoint of {origin}: {size} events, in {file}.")
    page.line(text.format(file=out, **point.document))
    show_vouchers(page, point.document)


@command(
    "audit key",
    "show",
    mark("Show the log's public keys: publish them where you can't change them."),
    "polder audit key show",
)
async def show_key(call: Call) -> Result:
    """Show the verifier keys."""
    from desk.packs import log_keys

    return _keys(log_keys(call.log_key))


@command(
    "audit key",
    "rotate",
    mark("Take a new key for the log; what older keys signed can still be checked."),
    "polder audit key rotate",
)
async def rotate_key(call: Call) -> Result:
    """Rotate the key, and announce it in the log."""
    from desk.packs import rotate_key as rotate

    database = call.addresses.need("database").database or ""
    return _keys(await rotate(database, call.log_key))


def _keys(data: dict[str, Any]) -> Result:
    def show(page: Page) -> None:
        page.table(
            (
                key["vkey"],
                Cell(_("signs now"), "good") if key["signs"] else _("signed before"),
            )
            for key in data["keys"]
        )

    return Result(data, show)


def write(path: Path, content: bytes) -> None:
    """Write a file. Raises `Usage`."""
    try:
        path.write_bytes(content)
    except OSError as error:
        text = _("The file {path} can't be written: {problem}.")
        message = text.format(path=path, problem=error.strerror or error)
        raise Usage(message) from error

"""The motivation of participation: a document from the record, for a decision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.choosing import looking
from cli.frame import command
from cli.options import As, At, PrivateByRight, Seq, Stream
from cli.page import Page, Result
from cli.settings import Call, Usage, sender
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.motivation.document import Motivation

_DEMO = "gemeente-waterdam:parkzicht"
_ENDINGS = (".md", ".html")
_Out = Annotated[
    str,
    typer.Option(
        "--out",
        metavar="FILE",
        help=mark("The file to write; its name ends in .md or .html."),
    ),
]


@command(
    "dialogue",
    "motivation",
    mark("Write who took part, how, and what was done with it; each sentence proven."),
    f"polder dialogue motivation {_DEMO} --out motivering.html",
    f"polder dialogue motivation {_DEMO} --lang en --out motivation.md",
    f"polder dialogue motivation {_DEMO} --at 2026-12-04 --out toen.html",
    f"polder dialogue motivation {_DEMO} --private --as p-1 --out intern.html",
)
async def motivation(
    call: Call,
    stream: Stream,
    *,
    out: _Out,
    at: At = None,
    seq: Seq = None,
    private: PrivateByRight = False,
    as_: As = None,
) -> Result:
    """Make the document and write it."""
    from desk.motivation.making import Asked, told, write
    from desk.motivation.making import motivation as make

    if Path(out).suffix not in _ENDINGS:
        raise Usage(_("--out takes a name that ends in .md or .html."))
    if at is not None and seq is not None:
        raise Usage(_("Say which moment, once: --at or --seq."))
    by = sender(as_) if private else looking(as_)
    moment = at if seq is None else str(seq)
    async with call.desk() as desk:
        made = await make(desk, Asked(stream, lang(), by, out, moment, private))
    path = write(made, out)
    return Result(
        {"out": str(path), **told(made)}, lambda page: _show(page, made, path)
    )


def _show(page: Page, made: Motivation, path: Path) -> None:
    page.line(made.title, "title")
    text = _("{sentences} sentences, resting on {events} events.")
    number = sum(1 for _each in made.sentences())
    page.line(text.format(sentences=number, events=len(made.cited)), "good")
    page.line(_("Written: {path}").format(path=path))

"""`polder dialogue interests`: what everybody wants, where it clashes and helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.frame import command
from cli.options import As, Private, SheetOut, Stream
from cli.page import Cell, Mood, Page, Result
from cli.settings import Call, sender
from cli.sheets import write
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.interests import Matrix, Wish

_DEMO = "gemeente-waterdam:parkzicht"
_WIDE: Final = 26
"""So many interests still fit side by side on a screen."""

BEARS: Final[Mapping[str, tuple[str, str, Mood]]] = {
    "tension": ("−", mark("clashes with {other}"), "alarm"),
    "synergy": ("+", mark("is strengthened by {other}"), "good"),
}
"""Sign, words and mood of a relation."""


@command(
    "dialogue",
    "interests",
    mark("Show what everybody wants: where it clashes, and where it helps."),
    f"polder dialogue interests {_DEMO}",
    f"polder dialogue interests {_DEMO} --matrix",
    f"polder dialogue interests {_DEMO} --svg belangen.svg --csv belangen.csv",
)
async def show_interests(
    call: Call,
    stream: Stream,
    *,
    grid: Annotated[
        bool, typer.Option("--matrix", help=mark("As a matrix, both ways."))
    ] = False,
    out: SheetOut = None,
    drawn: Annotated[
        Path | None,
        typer.Option(
            "--svg", metavar="FILE", help=mark("Draw the matrix in this file.")
        ),
    ] = None,
    private: Private = False,
    as_: As = None,
) -> Result:
    """Show the interests on the table, as a list or as a matrix."""
    from desk.interests import interests, sheet
    from desk.matrix_picture import picture

    async with call.desk() as desk:
        found = await interests(desk, stream, sender(as_) if private else None)
    if out is not None:
        write(out, sheet(found, lang()))
    if drawn is not None:
        write(drawn, picture(found, lang()))
    written = [path for path in (out, drawn) if path is not None]
    return Result(document(found), lambda page: show(page, found, written, grid=grid))


def document(found: Matrix) -> dict[str, Any]:
    """Give all of it for programs."""
    return {
        "dialogue": found.stream,
        "interests": [
            {name: v for name, v in wish._asdict().items() if name != "text" or v}
            for wish in found.wishes
        ],
        "relations": [
            {name: v for name, v in each._asdict().items() if name != "note" or v}
            for each in found.relations
        ],
        "nothingFrom": list(found.missing),
    }


def show(page: Page, found: Matrix, written: list[Path], *, grid: bool = False) -> None:
    """Show what is on the table; where it was also written, say so."""
    page.line(f"{found.title}  ({found.stream})", "title")
    if not found.wishes:
        page.line(_("No interest is on the table yet. Begin with:"))
        page.command(
            f"polder dialogue record-interest {found.stream} ID --of STAKEHOLDER"
            f' --text "{_("WHAT THEY WANT")}"'
        )
    elif grid and len(found.wishes) <= _WIDE:
        show_matrix(page, found)
    else:
        _list(page, found)
    if found.missing:
        page.line()
        text = _("Nothing on the table yet of: {who}")
        page.line(text.format(who=", ".join(found.missing)), "open")
    if grid and len(found.wishes) > _WIDE:
        page.line()
        page.line(_("Too many to stand side by side here: use --svg FILE."), "open")
    for path in written:
        page.line(_("Written: {path}").format(path=path), "good")


def _list(page: Page, found: Matrix) -> None:
    """Show each party with what it wants, and what that has to do with others."""
    for who, wishes in groupby(found.wishes, key=lambda wish: wish.stakeholder):
        own = [*wishes]
        left = _("{who} (left the dialogue)").format(who=who)
        page.title(left if own[0].absent else who)
        for wish in own:
            page.line(f"{wish.id}: {', '.join(_told(wish))}", indent=2)
            if wish.text:
                page.line(f"“{wish.text}”", "quiet", indent=4)
            for other, kind in found.bearing_on(wish.id):
                sign, words, mood = BEARS[kind]
                page.line(f"{sign} {_(words).format(other=other)}", mood, indent=4)


def _told(wish: Wish) -> Iterator[str]:
    from desk.interests import ABOUT, INTEREST_LEVELS, KINDS

    yield _(KINDS[wish.kind])
    yield _(INTEREST_LEVELS[wish.level])
    if wish.priority is not None:
        yield _("priority {n}").format(n=wish.priority)
    if wish.about is not None:
        yield _("about {what}").format(what=_(ABOUT.get(wish.about, wish.about)))


def show_matrix(page: Page, found: Matrix) -> None:
    """Show the matrix, a row and a numbered column for each; then pairs in words."""
    from desk.interests import in_words

    page.line()
    page.table(
        (
            (
                Cell(str(number), "quiet"),
                Cell(wish.id, "title"),
                Cell(wish.stakeholder, "quiet" if wish.absent else "plain"),
                *(_cell(found, wish.id, other.id) for other in found.wishes),
            )
            for number, wish in enumerate(found.wishes, 1)
        ),
        header=("", "", "", *(str(n + 1) for n in range(len(found.wishes)))),
        indent=2,
    )
    page.line()
    page.line(_("− clash   + strengthen each other"), "quiet", indent=2)
    for relation in found.relations:
        _sign, _words, mood = BEARS[relation.kind]
        page.line(f"{in_words(found, relation, lang())}.", mood, indent=2)
        if relation.note:
            page.line(f"“{relation.note}”", "quiet", indent=4)


def _cell(found: Matrix, one: str, other: str) -> Cell:
    if one == other:
        return Cell("\\", "quiet")
    kind = found.between(one, other)
    if kind is None:
        return Cell("·", "quiet")
    sign, _words, mood = BEARS[kind]
    return Cell(sign, mood)

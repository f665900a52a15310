"""`polder dialogue import-people`: a sheet of stakeholders becomes the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.frame import command
from cli.options import As, Stream
from cli.page import Cell, Mood, Page, Result
from cli.settings import Call, Usage, sender
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.people_from_sheet import Done

_DEMO = "gemeente-waterdam:parkzicht"

_SAID: Final = ("choices",)
"""Facts that are themselves words of the code."""

OUTCOMES: Final[Mapping[str, tuple[str, Mood]]] = {
    "registered": (mark("registered"), "good"),
    "changed": (mark("changed"), "open"),
    "unchanged": (mark("unchanged"), "quiet"),
    "left": (mark("left the dialogue before"), "open"),
    "refused": (mark("refused"), "alarm"),
}
"""What came of a row."""


@command(
    "dialogue",
    "import-people",
    mark("Bring a sheet of stakeholders (CSV) to the register; twice changes nothing."),
    f"polder dialogue import-people {_DEMO} stakeholders.csv --dry-run",
    f"polder dialogue import-people {_DEMO} stakeholders.csv --as p-1",
)
async def import_people(
    call: Call,
    stream: Stream,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=mark(
                "Columns: stakeholder, kind, impact, influence, reached, and private: "
                "name, organisation, address, constituency, mandate."
            ),
        ),
    ],
    *,
    dry: Annotated[
        bool, typer.Option("--dry-run", help=mark("Only say what would happen."))
    ] = False,
    as_: As = None,
) -> Result:
    """Register whoever is new, and change what the sheet says differently."""
    from desk.people_from_sheet import bring_in, ignored, read
    from desk.spreadsheet import Unreadable

    text = spreadsheet(file)
    try:
        lines = read(text)
    except Unreadable as error:
        facts = error.facts | {
            n: _(str(v)) for n, v in error.facts.items() if n in _SAID
        }
        problem = _(error.text).format(**facts)
        raise Usage(
            _("The file {path} can't be read: {problem}.").format(
                path=file, problem=problem
            )
        ) from error
    async with call.desk("temporal") as desk:
        who = sender(as_)
        done = [d async for d in bring_in(desk, stream, lines, who, really=not dry)]
    refused = any(each.outcome == "refused" for each in done)
    left_out = ignored(text)
    return Result(
        {"stakeholders": [_member(each) for each in done], "dryRun": dry},
        lambda page: _show(page, done, left_out, dry=dry),
        4 if refused else 0,
    )


def spreadsheet(file: Path | str) -> str:
    """Read a file as spreadsheets write it: UTF-8, or else that of Windows."""
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise Usage(
            _("The file {path} can't be read: {problem}.").format(
                path=file, problem=error.strerror
            )
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _member(done: Done) -> dict[str, Any]:
    from desk.saying import said

    problem = said(done.refusal, lang()) if done.refusal else None
    found = {"id": done.stakeholder, "outcome": done.outcome}
    return {**found, "problem": problem} if problem else found


def _show(
    page: Page, done: Sequence[Done], left_out: Sequence[str], *, dry: bool
) -> None:
    from desk.saying import said

    if dry:
        page.line(_("Nothing has happened yet. This would:"), "title")
    page.table(
        (
            Cell(each.stakeholder, "title"),
            Cell(_(OUTCOMES[each.outcome][0]), OUTCOMES[each.outcome][1]),
            said(each.refusal, lang()) if each.refusal else "",
        )
        for each in done
        if each.outcome != "unchanged"
    )
    counted = Counter(each.outcome for each in done)
    words = (f"{_(text)}: {counted[name]}" for name, (text, _mood) in OUTCOMES.items())
    page.line("; ".join(words))
    if left_out:
        text = _("Not read, since the register has no such column: {columns}")
        page.line(text.format(columns=", ".join(left_out)), "open")

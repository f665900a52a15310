"""`polder dialogue respond --sheet`: responses that came on paper go on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.page import Cell, Mood, Page, Result
from cli.people_in import spreadsheet
from cli.settings import Call, Usage
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.desk import Sender
    from desk.responses_from_sheet import Done

Sheet = Annotated[
    str | None,
    typer.Option(
        "--sheet",
        metavar="FILE",
        help=mark(
            "Bring in many from a sheet (CSV), such as letters on paper. Columns:"
            " respondent; private: response, address; and received, posted on,"
            " how it came, reference, adds to, letter. Twice changes nothing."
        ),
    ),
]
_ALSO: Final = frozenset({"window", "audience", "channel", "reference", "posted_on"})
"""What can be said once for all rows of a sheet."""

OUTCOMES: Final[Mapping[str, tuple[str, Mood]]] = {
    "recorded": (mark("recorded"), "good"),
    "late": (mark("recorded, too late"), "open"),
    "known": (mark("was on record"), "quiet"),
    "waiting": (mark("accepted, not on record yet"), "open"),
    "refused": (mark("refused"), "alarm"),
}
"""What came of a row."""


def check(fields: Mapping[str, Any], sheet: str | None, *, dry: bool) -> None:
    """Raise `Usage` where it is neither one response nor a sheet of them."""
    if sheet is None:
        if "respondent" not in fields:
            raise Usage(_("Say whose response it is, with --respondent or --sheet."))
        if dry:
            raise Usage(_("--dry-run goes with --sheet."))
    elif fields.keys() - _ALSO:
        raise Usage(_("What only one response has stands in the sheet."))


async def brought_in(
    call: Call,
    stream: str,
    file: str,
    fields: Mapping[str, Any],
    who: Sender,
    *,
    dry: bool,
) -> Result:
    """Record what a sheet holds and the record does not; say what came of each row."""
    from desk.names import full_window
    from desk.response_sheet import read
    from desk.responses_from_sheet import bring_in, rehearse
    from desk.spreadsheet import Unreadable

    text = spreadsheet(file)
    async with call.desk("temporal") as desk:
        state = await desk.dialogue(stream)
        window = full_window(state.plan, str(fields["window"]))
        more = {name: fields[name] for name in fields if name != "window"}
        try:
            sheet = read(text, window, state, more)
        except Unreadable as error:
            told = _("The file {path} can't be read: {problem}.")
            raise Usage(told.format(path=file, problem=_problem(error))) from error
        carry = rehearse if dry else bring_in
        done = [each async for each in carry(desk, stream, sheet.rows, who)]
    refused = any(each.outcome == "refused" for each in done)
    return Result(
        {"responses": [_member(each) for each in done], "dryRun": dry},
        lambda page: _show(page, done, sheet.ignored, dry=dry),
        4 if refused else 0,
    )


def _problem(error: Exception) -> str:
    from cli.failing import as_typed
    from desk.saying import said
    from desk.spreadsheet import Unreadable

    if not isinstance(error, Unreadable):
        return as_typed(said(error, lang()))
    facts = error.facts | {
        n: _(str(error.facts[n])) for n in _SAID & error.facts.keys()
    }
    return _(error.text).format(**facts)


_SAID: Final = frozenset({"column"})
"""Facts that are themselves words of the code."""


def _member(done: Done) -> dict[str, Any]:
    found: dict[str, Any] = {"line": done.row.line, "outcome": done.outcome}
    found |= {"respondent": done.row.respondent} if done.row.respondent else {}
    found |= {"number": done.number} if done.number else {}
    return found | ({"problem": _problem(done.problem)} if done.problem else {})


def _show(
    page: Page, done: Sequence[Done], left_out: Sequence[str], *, dry: bool
) -> None:
    if dry:
        page.line(_("Nothing has happened yet. This would:"), "title")
    page.table(
        (
            Cell(_("line {line}").format(line=each.row.line), "quiet"),
            Cell(each.row.respondent, "title"),
            Cell(str(each.number or "")),
            Cell(_(OUTCOMES[each.outcome][0]), OUTCOMES[each.outcome][1]),
            _problem(each.problem) if each.problem else "",
        )
        for each in done
        if each.outcome != "known"
    )
    counted = Counter(each.outcome for each in done)
    words = (f"{_(text)}: {counted[name]}" for name, (text, _mood) in OUTCOMES.items())
    page.line("; ".join(words))
    if left_out:
        text = _("Not read, since a response has no such column: {columns}")
        page.line(text.format(columns=", ".join(left_out)), "open")

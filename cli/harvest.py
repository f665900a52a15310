"""`polder dialogue harvest` and `agreements`: what came of it, and what is promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.frame import command
from cli.options import As, Private, Stream
from cli.page import Cell, Page, Result
from cli.settings import Call, reader, sender
from cli.showing_promises import show_promises
from cli.speech import _
from desk.in_words.harvest import decided, happened, word
from desk.in_words.moments import moment
from language import mark

if TYPE_CHECKING:
    from desk.entries import EntryRow
    from desk.harvest import Harvest

_DEMO: Final = "gemeente-waterdam:parkzicht"


@command(
    "dialogue",
    "harvest",
    mark("Show what came of a dialogue: reports, decisions, agreements, results."),
    f"polder dialogue harvest {_DEMO}",
    f"polder dialogue harvest {_DEMO} --private --as p-1",
)
async def show_harvest(
    call: Call,
    stream: Stream,
    *,
    private: Private = False,
    as_: As = None,
) -> Result:
    """Show the harvest from the record, also while Temporal is down."""
    from desk.harvest import document, harvest

    async with call.desk() as desk:
        found = await harvest(desk, stream, sender(as_) if private else None)
    data: dict[str, Any] = {"dialogue": stream}
    for name, rows in found.rows.items():
        data[name] = [{"id": row.id, "seq": row.seq, **row.data} for row in rows]
    data["agreements"] = [document(promise) for promise in found.agreements]
    return Result(data, lambda page: show(page, found))


@command(
    "dialogue",
    "agreements",
    mark("Tell what was promised and is still open: who, until when."),
    "polder dialogue agreements --as p-1",
    f"polder dialogue agreements {_DEMO} --private --as p-1",
)
async def show_agreements(
    call: Call,
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[ORG[:SLUG]]",
            help=mark("A dialogue, or an organisation; without it all dialogues."),
        ),
    ] = None,
    *,
    private: Annotated[
        bool,
        typer.Option("--private", help=mark("With private texts, of one dialogue.")),
    ] = False,
    as_: As = None,
) -> Result:
    """Show agreements of one dialogue, settled ones too; else all that are open."""
    from desk.harvest import document, harvest, promises

    async with call.desk() as desk:
        if target and ":" in target:
            who = sender(as_) if private else None
            found = [*(await harvest(desk, target, who)).agreements]
        else:
            found = await promises(desk, reader(as_), target)
    data = {"agreements": [document(promise) for promise in found]}
    return Result(data, lambda page: show_promises(page, found, everywhere=True))


def show(page: Page, found: Harvest) -> None:
    """Show all of it under headings; what there is none of is left out."""
    page.line(f"{found.state.title}  ({found.stream})", "title")
    if not any(found.rows.values()):
        page.line(_("Nothing came of this dialogue yet."), "quiet")
        return
    rows = found.rows
    parts = (
        (_("Reports"), _reports(rows["reports"])),
        (_("Conclusions"), _conclusions(found)),
        (_("Decisions"), _decisions(rows["decisions"])),
        (_("Results told"), _communications(found)),
        (_("Late feedback"), _feedback(rows["feedback"])),
        (_("How it ended"), _endings(found)),
    )
    for heading, cells in parts:
        if cells:
            page.title(heading)
            page.table(cells, indent=2)
    if found.agreements:
        page.title(_("Agreements"))
        show_promises(page, found.agreements, everywhere=False)
    _show_words(page, found)


def _reports(rows: Sequence[EntryRow]) -> list[tuple[Cell | str, ...]]:
    return [
        (
            Cell(row.id, "title"),
            row.data["title"],
            word(row.data["status"]),
            _report_standing(row.data),
            Cell(row.data["reference"], "quiet"),
        )
        for row in rows
    ]


def _report_standing(data: Mapping[str, Any]) -> Cell:
    if data.get("retracted"):
        return Cell(_("retracted"), "alarm")
    if by := data.get("superseded_by"):
        return Cell(_("its place was taken by {report}").format(report=by), "quiet")
    return Cell(_("stands"), "good")


def _conclusions(found: Harvest) -> list[tuple[Cell | str, ...]]:
    return [
        (
            Cell(row.id, "title"),
            _("all agreed") if row.data["unanimous"] else _("not all agreed"),
            Cell(_round(found, row.data), "quiet"),
        )
        for row in found.rows["conclusions"]
    ]


def _round(found: Harvest, data: Mapping[str, Any]) -> str:
    """Say that something is of a round that no longer stands."""
    step, number = data.get("step"), data.get("round")
    current = found.state.round(step) if step else None
    if current is None or number is None or current.number == number:
        return ""
    return _("of an earlier round ({n})").format(n=number)


def _decisions(rows: Sequence[EntryRow]) -> list[tuple[Cell | str, ...]]:
    return [
        (
            Cell(row.id, "title"),
            row.data["title"],
            happened(row.data["decided_on"]),
            decided(row.data["outcome"]),
            _decision_standing(row.data),
        )
        for row in rows
    ]


def _decision_standing(data: Mapping[str, Any]) -> Cell:
    if annulled := data.get("annulled"):
        text = _("annulled by {who}").format(who=annulled["annulled_by"])
        return Cell(text, "alarm")
    if data.get("to_review"):
        return Cell(_("does it still stand?"), "alarm")
    return Cell(_("stands"), "good")


def _communications(found: Harvest) -> list[tuple[Cell | str, ...]]:
    return [
        (
            Cell(row.id, "title"),
            _when(found, row.data["at"]),
            _("people told: {count}").format(count=len(row.data.get("told", ()))),
            ", ".join(row.data.get("outside", ())),
            Cell(", ".join(row.data.get("about", ())), "quiet"),
        )
        for row in found.rows["communications"]
    ]


def _feedback(rows: Sequence[EntryRow]) -> list[tuple[Cell | str, ...]]:
    cells: list[tuple[Cell | str, ...]] = []
    for row in rows:
        answer = row.data.get("answer")
        told = (
            Cell(word(answer["outcome"]), "good")
            if answer
            else Cell(_("waits for an answer"), "open")
        )
        cells.append((Cell(row.id, "title"), row.data["respondent"], told))
    return cells


def _endings(found: Harvest) -> list[tuple[Cell | str, ...]]:
    words = {
        "success": _("What was achieved was celebrated."),
        "proposal": _("The proposal was withdrawn."),
    }
    return [
        (_when(found, row.data["at"]), words[row.id.split("_")[0]])
        for row in found.rows["endings"]
    ]


def _when(found: Harvest, text: str) -> str:
    from desk.overview import local

    return moment(local(found.state, datetime.fromisoformat(text)))


def _show_words(page: Page, found: Harvest) -> None:
    """Show the private texts that were opened, under what they belong to."""
    for rows in found.rows.values():
        for row in rows:
            for name in ("text", "reason", "note", "response", "how"):
                if isinstance(said := row.data.get(name), str):
                    page.line()
                    page.line(row.id, "title", 2)
                    page.line(said, "plain", 4)

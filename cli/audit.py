"""The record: show it, verify it, fold it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import Stream
from cli.page import Cell, Page, Result
from cli.settings import Call, Usage
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.checks import Checked


@command(
    "audit",
    "show",
    mark("Show the record of a dialogue: each event with its hash."),
    "polder audit show gemeente-waterdam:parkzicht",
)
async def show(call: Call, stream: Stream) -> Result:
    """Show the chain of a stream, and what contradicted it."""
    from desk.history import incidents_of, whole_history

    async with call.desk() as desk:
        past = await whole_history(desk, stream)
        incidents = await incidents_of(desk, stream)
    data: dict[str, Any] = {
        "stream": stream,
        "events": [{"hash": event.hash, **event.members} for event in past],
        "incidents": incidents,
    }

    def page_of(page: Page) -> None:
        page.table(
            (
                (
                    str(event.seq),
                    event.members["at"],
                    event.members["type"],
                    event.members["actor"]["id"],
                    Cell(event.hash[:16], "quiet"),
                )
                for event in past
            ),
            header=("seq", _("when (UTC)"), _("what"), _("who"), _("hash")),
        )
        for incident in incidents:
            page.line(_("Incident {id}: {kind}, {at}").format_map(incident), "alarm")

    return Result(data, page_of)


@command(
    "audit",
    "verify",
    mark("Check the whole record: hashes, chain, gaps, vault and projections."),
    "polder audit verify --all",
)
async def verify(
    call: Call,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help=mark("Everything in this database."))
    ] = False,
) -> Result:
    """Verify; exit code 1 when something is not sound."""
    if not everything:
        raise Usage(_("Say what to check: --all."))
    from desk.checks import verify as check

    found = await check(call.addresses.need("database").database or "")

    def summary(page: Page) -> None:
        facts = found.facts
        if found.sound:
            page.line(_("Sound."), "good")
        else:
            page.line(_("Not sound."), "alarm")
        text = _("Checked: events {events}, streams {streams}.")
        page.line(text.format_map(facts))
        if not facts["vaultChecked"]:
            page.line(_("The vault could not be checked from here."), "open")
        for stream in facts["blocked"]:
            text = _("{stream} takes nothing until it is restored.")
            page.line(text.format(stream=stream), "alarm")
        _findings(page, found)

    return Result(_document(found), summary, 0 if found.sound else 1)


@command(
    "audit",
    "rebuild",
    mark("Fold all projections again; what differed is put right and reported."),
    "polder audit rebuild",
)
async def rebuild(call: Call) -> Result:
    """Rebuild; exit code 1 when anything differed."""
    from desk.checks import fold_again

    found = await fold_again(call.addresses.need("database").database or "")

    def summary(page: Page) -> None:
        text = _("Dialogues folded again: {dialogues}.")
        page.line(text.format_map(found.facts))
        if found.sound:
            page.line(_("Nothing differed."), "good")
        else:
            page.line(_("This differed, and has been put right:"), "alarm")
        _findings(page, found)

    return Result(_document(found), summary, 0 if found.sound else 1)


def _document(found: Checked) -> dict[str, Any]:
    return {"sound": found.sound, **found.facts, "findings": found.findings}


def _findings(page: Page, found: Checked) -> None:
    page.table(
        (
            (
                finding["stream"] or "-",
                "" if finding["seq"] is None else str(finding["seq"]),
                Cell(finding["check"], "alarm"),
                finding["detail"],
            )
            for finding in found.findings
        ),
        indent=2,
    )

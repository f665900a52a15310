"""Real cases that come along: which there are, and what each shows."""

from __future__ import annotations

from typing import Any

from cli.frame import command
from cli.page import Cell, Page, Result
from cli.settings import Call
from cli.speech import _, lang
from language import mark


@command(
    "case", "list", mark("List the real cases that come along."), "polder case list"
)
async def list_cases(call: Call) -> Result:
    """List cases by id, with what `polder demo --case` plays of them."""
    from examples.scenario import cases

    del call  # nothing has to run
    told = "nl" if lang() == "nl" else "en"
    rows: list[dict[str, Any]] = [
        {
            "id": one.id,
            "title": one.title.in_(told),
            "organisation": one.organisation_name,
            "method": one.method,
            "begins": one.begins.date().isoformat(),
            "ends": one.last_day.isoformat(),
            "entries": len(one.case.timeline) if one.case else 0,
            "acts": len(one.acts),
            "seconds": one.seconds,
        }
        for one in cases()
    ]

    def show(page: Page) -> None:
        page.table(
            (
                Cell(row["id"], "title"),
                row["title"],
                _("{begins} to {ends}").format_map(row),
                _("about {seconds} s").format_map(row),
            )
            for row in rows
        )
        page.line()
        page.command("polder demo --case nl-dijkversterking-neder-betuwe")

    return Result({"cases": rows}, show)

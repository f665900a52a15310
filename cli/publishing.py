"""Where checkpoints are, out of reach of whoever owns the database."""

from __future__ import annotations

from typing import Any, Final

from cli.frame import command
from cli.page import Cell, Page, Result
from cli.settings import Call
from cli.speech import _, lang
from language import mark

_PROBLEMS: Final = (
    mark("the directory can't be written: {why}"),
    mark("the directory holds checkpoints of another log than {origin}"),
    mark(
        "the directory holds a checkpoint of size {size}, and the newest on record is "
        "of size {newest}: was an older record put back?"
    ),
    mark(
        "the directory holds a checkpoint of size {size} that is not on record: was an "
        "older record put back?"
    ),
    mark("{name} holds another checkpoint than the record"),
    mark("the mail server refuses this address"),
    mark("the webhook answered {status}"),
    mark("the authority answered {status}"),
    mark(
        "the witness cosigned a checkpoint of size {size}, and the newest on record is "
        "of size {newest}: was an older record put back?"
    ),
    mark(
        "the witness answered 422: this checkpoint does not continue the one that it "
        "cosigned; was the record put back or written anew?"
    ),
)
"""What places answer, as `activities` words it; the rest is shown as it is."""


@command(
    "audit",
    "publications",
    mark("Show where checkpoints went, how far each place is, and what is wrong."),
    "polder audit publications",
)
async def publications(call: Call) -> Result:
    """Show each target; exit code 1 when one of them holds another log."""
    from desk.publishing import outside

    async with call.desk() as desk:
        found = await outside(desk)
    code = 0 if found.sound else 1
    return Result(found.document, lambda page: _show(page, found.document), code)


def _show(page: Page, document: dict[str, Any]) -> None:
    newest = document["newest"]
    if newest is None:
        page.line(_("No checkpoint was published yet."))
    else:
        text = _("The newest checkpoint: {size} events, {at}.")
        page.line(text.format(size=newest["size"], at=_when(newest["at"])))
        show_vouchers(page, newest)
    if not document["publications"]:
        page.line(_("Checkpoints go nowhere: no setting names a target."), "open")
        return
    page.title(_("Where checkpoints go"))
    size = newest["size"] if newest else 0
    page.table(
        (_row(each, size) for each in document["publications"]),
        header=(_("where"), _("up to"), _("since"), _("failed"), _("last problem")),
        indent=2,
    )
    if any(each["contradicts"] for each in document["publications"]):
        page.line(
            _(
                "A place contradicts the record, and takes nothing more. Keep what it "
                "holds, and compare:"
            ),
            "alarm",
        )
        page.command("polder audit verify --all --since FILE --key VKEY")


def show_vouchers(page: Page, told: dict[str, Any]) -> None:
    """Show who vouches for a checkpoint besides the log."""
    page.table(
        (
            *(
                (_("cosigned by"), each["witness"], _when(each["at"]))
                for each in told.get("cosignatures", ())
            ),
            *(
                (_("timestamp by"), each["authority"], _when(each["at"]))
                for each in told.get("timestamps", ())
            ),
        ),
        indent=2,
    )


def _row(each: dict[str, Any], newest: int) -> tuple[str | Cell, ...]:
    from desk.saying import in_words

    size = each["size"]
    mood = "good" if size == newest else "open"
    told = in_words(each["error"] or "", _PROBLEMS, lang())
    problem = Cell(told, "alarm" if each["contradicts"] else "open")
    return (
        each["target"],
        Cell("-" if size is None else str(size), mood),
        _when(each["publishedAt"]) if each["publishedAt"] else "-",
        str(each["failures"]),
        problem,
    )


def _when(at: str) -> str:
    return f"{at[:16].replace('T', ' ')} UTC"

"""What a check found, in its exact words, and what such a finding means.

The exact words are for whoever looks into it, and are in English. What a kind of
finding means is said once, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cli.page import Cell, Page
from cli.speech import _
from language import mark

MEANINGS: Final[Mapping[str, str]] = {
    "malformed": mark("An event does not have the form of one."),
    "canonical": mark("The bytes of an event were written again by another hand."),
    "version": mark("An event has a form that this program does not know."),
    "private": mark("An event marks a private text in a way that can't be."),
    "stream": mark("An event stands in the stream of another dialogue."),
    "seq": mark("Events are not in their order."),
    "prev": mark("An event does not continue the one before it."),
    "gap": mark("Events are missing in the middle."),
    "hash": mark("An event was changed, or its hash was."),
    "column": mark("A column does not say what the event itself says."),
    "id": mark("The id of an event does not follow from its cause."),
    "head": mark("A stream does not end where its last event left it."),
    "content": mark("A method or calendar is missing, or was changed."),
    "opening": mark("A private text is missing or was changed, without an erasure."),
    "archived": mark("Something was added to a dialogue after its end."),
    "epoch": mark("A dialogue was taken over, and no event says so."),
    "fold": mark("The events can't be read as a dialogue."),
    "projection": mark("What screens show is not what the events say."),
    "leaf": mark("An event has lost its place in the log, or has that of another."),
    "tile": mark("The hashes kept with the log are not those of its events."),
    "checkpoint": mark("The log is not what was signed."),
    "signature": mark("A checkpoint is not signed by a key of this log."),
    "census": mark("A count of all streams does not add up."),
    "witness": mark("What is kept as the signature of a witness is none."),
    "since": mark("The log does not continue your older checkpoint."),
    "consistency": mark("The log does not continue your older checkpoint."),
    "erasure": mark("Something was erased or held otherwise than was decided."),
    "destroyed": mark("A dossier was not destroyed as the record says."),
    "mandate": mark("An act names a mandate that is not on record."),
}
"""What each check of `docs/audit-format.md` means when it finds something."""


def show(page: Page, findings: Iterable[Mapping[str, Any]]) -> None:
    """Show findings: stream, number, check and exact words; then what they mean."""
    found = [*findings]
    page.table((_row(finding) for finding in found), indent=2)
    for check in dict.fromkeys(finding["check"] for finding in found):
        if check in MEANINGS:
            page.line(f"{check}: {_(MEANINGS[check])}")


def _row(finding: Mapping[str, Any]) -> tuple[str | Cell, ...]:
    return (
        finding["stream"] or "-",
        "" if finding["seq"] is None else str(finding["seq"]),
        Cell(finding["check"], "alarm"),
        finding["detail"],
    )

"""Pages about agreements: who keeps them, until when, and how each part stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from cli.page import Cell, Mood, Page
from cli.speech import _
from desk.in_words.moments import days_away, short_day
from language import mark

if TYPE_CHECKING:
    from desk.harvest import Promise

STANDINGS: Final[Mapping[str, tuple[str, Mood]]] = {
    "open": (mark("open"), "plain"),
    "due": (mark("last day is near"), "open"),
    "overdue": (mark("overdue"), "alarm"),
    "to_review": (mark("does it still stand?"), "alarm"),
    "kept": (mark("kept"), "good"),
    "broken": (mark("not kept"), "alarm"),
    "renegotiated": (mark("agreed anew"), "quiet"),
    "lapsed": (mark("lapsed"), "quiet"),
}
"""What it is called how an agreement stands."""


def show_promises(page: Page, found: Sequence[Promise], *, everywhere: bool) -> None:
    """Show agreements; with their dialogue where they are of ``everywhere``."""
    if not found:
        page.line(_("Nothing was promised that is still open."), "good")
        return
    page.table(
        (
            (
                *((Cell(p.stream, "quiet"),) if everywhere else ()),
                Cell(p.id, "title"),
                _who(p),
                short_day(p.last_day) if p.last_day else _("no last day"),
                days_away(p.days) if p.open and p.days is not None else "",
                _standing(p),
                Cell(p.words.get("what", ""), "plain"),
            )
            for p in found
        ),
        indent=2,
    )
    for promise in found:
        if promise.others:
            _show_parts(page, promise)


def _who(promise: Promise) -> str:
    """Name who keeps it; of several how many, and whose part is open yet."""
    if not promise.others:
        return promise.who
    told = _("{n} parties, {open} still open")
    left = len(promise.parties) - len(promise.parts) if promise.open else 0
    return told.format(n=len(promise.parties), open=left)


def _show_parts(page: Page, promise: Promise) -> None:
    """Show what became of each part of an agreement that several made."""
    page.line()
    page.line(f"{promise.id}  ({promise.stream})", "title", 2)
    page.table(
        (
            (
                who,
                _outcome(promise.parts.get(who, "open")),
                Cell(_before(promise.last_parts.get(who)), "quiet"),
            )
            for who in promise.parties
        ),
        indent=4,
    )


def _outcome(code: str) -> Cell:
    text, mood = STANDINGS[code]
    return Cell(_(text), mood)


def _before(code: str | None) -> str:
    if code is None:
        return ""
    return _("the time before: {outcome}").format(outcome=_(STANDINGS[code][0]))


def _standing(promise: Promise) -> Cell:
    return _outcome(promise.standing)

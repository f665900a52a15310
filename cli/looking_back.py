"""Pages about the past: as it was, what differs, what a sample holds, who read it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cli.page import Cell, Mood, Page
from cli.showing import show_overview
from cli.speech import _
from desk.in_words import properties
from desk.in_words.moments import moment
from desk.in_words.places import told_path
from desk.overview import local, seen
from desk.past import AsOf, Difference
from desk.reads import EVERYTHING, LoggedRead
from desk.titles import Titles

_LONG: Final = 70
_KINDS: Final[Mapping[str, tuple[str, Mood]]] = {
    "added": ("+", "good"),
    "removed": ("-", "alarm"),
    "changed": ("~", "open"),
}


def show_as_of(page: Page, found: AsOf, lang: str) -> None:
    """Show a dialogue as it was."""
    then = moment(local(found.state, found.at))
    text = _("As it was after event {seq}, of {moment}.")
    page.line(text.format(seq=found.seq, moment=then), "title")
    show_citation(page, found)
    page.line()
    view = seen(found.stream, found.state, found.shown_at, lang)
    # What to do next is no question about the past.
    show_overview(page, view._replace(next=()))


def show_citation(page: Page, found: AsOf) -> None:
    """Show which checkpoint covers what is shown."""
    if found.covered is None:
        page.line(
            _("Not sealed yet: no checkpoint covers event {seq}.").format(
                seq=found.seq
            ),
            "open",
        )
        return
    one = found.covered.checkpoint
    text = (
        _("Covered by the published checkpoint of {size} events of {origin}.")
        if one.published
        else _("Covered by the checkpoint of {size} events of {origin}.")
    )
    page.line(text.format(size=one.size, origin=one.origin), "good")
    page.line(_("Root: {root}").format(root=b64encode(one.root).decode()), "quiet")


def show_difference(page: Page, found: Difference, lang: str) -> None:
    """Show what differs between two moments, in words."""
    for label, side in ((_("from"), found.before), (_("to"), found.after)):
        when = moment(local(side.state, side.at))
        text = _("{label}: after event {seq}, of {moment}")
        page.line(text.format(label=label, seq=side.seq, moment=when), "title")
        show_citation(page, side)
    page.line()
    changes = [one for one in found.changes if properties.matters(one)]
    if not changes:
        page.line(_("Nothing differs."))
    titles = Titles(found.after.state.plan, lang)
    page.table(
        (
            Cell(*_KINDS[change.kind]),
            told_path(titles, change),
            _told(properties.value(change, change.before, found.after, titles)),
            "→",
            _told(properties.value(change, change.after, found.after, titles)),
        )
        for change in changes
    )


def _told(value: Any) -> str:  # noqa: ANN401 (any JSON)
    if value is None:
        return "·"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def show_reads(page: Page, found: Sequence[LoggedRead]) -> None:
    """Show who read what."""
    if not found:
        page.line(_("Nobody has read the past here."))
    page.table(
        (
            (
                f"{read.at:%Y-%m-%d %H:%M:%S}",
                read.who,
                read.what,
                _("everything") if read.target == EVERYTHING else read.target,
                str(read.rows),
                "" if read.size is None else str(read.size),
                Cell(_("with private texts"), "alarm") if read.opened else "",
                Cell(json.dumps(read.filters, ensure_ascii=False), "quiet"),
            )
            for read in found
        ),
        header=(
            _("when (UTC)"),
            _("who"),
            _("what"),
            _("of what"),
            _("events"),
            _("checkpoint"),
            "",
            _("filters"),
        ),
    )

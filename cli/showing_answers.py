"""Pages about responses and answers: how many, which, and what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from cli.page import Cell, Mood, Page
from cli.speech import _
from desk.channels import CHANNELS
from desk.in_words.moments import short_day
from language import mark

if TYPE_CHECKING:
    from desk.answer_sheet import Wish
    from desk.answered import ResponseView
    from desk.answering import Answers, AnswerView, Coverage

_MOST: Final = 50
_LONGEST: Final = 60

STANDING: Final[Mapping[str, tuple[str, Mood]]] = {
    "adopted": (mark("adopted"), "good"),
    "partly": (mark("partly adopted"), "good"),
    "not": (mark("not adopted"), "good"),
    "left": (mark("no answer"), "quiet"),
    "waiting": (mark("waits for an answer"), "alarm"),
}
ACTS: Final[Mapping[str, str]] = {
    "left": mark("no answer"),
    "carried": mark("counts in a new round"),
}


def show_responses(
    page: Page, stream: str, found: Answers, wanted: Sequence[ResponseView]
) -> None:
    """Show responses by window, and how many were answered."""
    if not found.windows:
        page.line(_("No responses came in yet."))
        return
    if not wanted:
        page.line(_("Of all responses that came in, none is so."))
    for part in found.windows:
        mine = [view for view in wanted if view.window == part.window]
        if not mine:
            continue
        page.title(f"{part.title}  [{part.window}]")
        page.table((_row(view, found.zone) for view in mine[:_MOST]), indent=2)
        if len(mine) > _MOST:
            more = _("… and {n} more: see --json, or answers --csv FILE.")
            page.line(more.format(n=len(mine) - _MOST), "quiet", indent=2)
    show_coverage(page, found)
    missed = sorted({view.window for view in wanted if view.told is False})
    if missed:
        page.line()
        page.line(_("To send them again, once there is an address:"))
        page.command(f"polder dialogue tell-again {stream} {missed[0]}")
    waits = [view for view in found.responses if view.standing == "waiting"]
    if waits:
        page.line()
        page.line(_("To answer them:"))
        first = waits[0]
        page.command(
            f"polder dialogue answer {stream} {first.window} --numbers {first.number}"
            f' --outcome "{_("adopted|partly|not")}" --reason "{_("WHY")}"'
        )
        page.command(f"polder dialogue answers {stream} --csv reacties.csv --private")


def _row(view: ResponseView, zone: str) -> tuple[Cell, ...]:
    word, mood = STANDING[view.standing]
    marks = [_("too late")] if view.late else []
    marks += [_("earlier round")] if view.earlier else []
    marks += [_("not told")] if view.told is False else []
    marks += [_(CHANNELS[view.channel])] if view.channel else []
    marks += view.groups
    text = " ".join((view.text or "").split())
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return (
        Cell(str(view.number)),
        Cell(view.respondent),
        Cell(short_day(_moment(view.received, zone).date()), "quiet"),
        Cell(_(word), mood),
        Cell(", ".join(marks), "quiet"),
        Cell(shown),
    )


def _moment(told: str, zone: str) -> datetime:
    """Give an instant on the dialogue's wall clock: its day is the one people know."""
    return datetime.fromisoformat(told).astimezone(ZoneInfo(zone))


def show_coverage(page: Page, found: Answers) -> None:
    """Show how many responses got what, by window and together."""
    page.title(_("Answered"))
    rows = [(part.title, part.counts) for part in found.windows]
    if len(rows) > 1:
        rows.append((_("Together"), found.total))
    page.table(
        (_counts(title, counts) for title, counts in rows),
        header=(
            "",
            _("responses"),
            _("answered"),
            _("adopted"),
            _("partly"),
            _("not"),
            _("no answer"),
            _("waits"),
        ),
        indent=2,
    )


def _counts(title: str, counts: Coverage) -> tuple[Cell, ...]:
    from desk.answering import percent

    part = percent(counts.answered, counts.total).replace(".", _("."))
    share = f"{counts.answered} ({part} %)"
    waits: Mood = "alarm" if counts.waiting else "plain"
    return (
        Cell(title),
        Cell(str(counts.total)),
        Cell(share),
        Cell(str(counts.adopted)),
        Cell(str(counts.partly)),
        Cell(str(counts.rejected)),
        Cell(str(counts.left)),
        Cell(str(counts.waiting), waits),
    )


def show_answers(page: Page, stream: str, found: Answers, sheet: str | None) -> None:
    """Show each answer that was given: to which responses, what, and why."""
    for one in found.given:
        _show_answer(page, one)
    if not found.given:
        page.line(_("No answers were given yet."))
    show_coverage(page, found)
    if sheet is not None:
        page.line()
        page.line(_("The sheet is in {file}. Fill it in, and then:").format(file=sheet))
        page.command(f"polder dialogue answer-sheet {stream} {sheet}")


def _show_answer(page: Page, one: AnswerView) -> None:
    word = STANDING[one.outcome][0] if one.outcome else ACTS[one.act]
    group = f" ({one.group})" if one.group else ""
    page.line(f"{one.title}, {one.numbers}{group}: {_(word)}", "title")
    if one.reason:
        page.line(one.reason, indent=2)
    if one.reference:
        page.line(_("Reference: {reference}").format(reference=one.reference), indent=2)
    if one.told or one.untold:
        heard = _("told: {told}, not reached: {untold}")
        page.line(heard.format(told=one.told, untold=one.untold), "quiet", indent=2)


def show_sheet(
    page: Page, stream: str, wishes: Sequence[Wish], found: Answers, *, done: bool
) -> None:
    """Show what a sheet asked for, and where that leaves the dialogue."""
    if not wishes:
        page.line(_("All that the sheet says is on record already."))
    for wish in wishes:
        word = STANDING[wish.body.get("outcome", "left")][0]
        numbers = wish.body["numbers"]
        page.line(f"{wish.body['window']}, {numbers}: {_(word)}")
    if not done:
        page.line(_("Nothing has happened yet. Without --dry-run it will."), "quiet")
        return
    show_coverage(page, found)
    if found.total.waiting:
        page.command(f"polder dialogue responses {stream} --unanswered")

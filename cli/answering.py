"""What a dialogue answers to a command: what is on record now, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.advising import as_command
from cli.meetings import warn
from cli.page import Cell, Page, Result
from cli.settings import reader
from cli.speech import _, lang
from desk.in_words.events import told

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.history import Past
    from desk.overview import Overview
    from desk.sending import Answer


async def answered(
    desk: Desk,
    stream: str,
    command: str,
    answer: Answer,
    sent_as: str | None = None,
) -> Result:
    """Give the answer to a command, with its events told as sentences."""
    from desk.history import whole_history
    from desk.overview import overview

    view = await overview(desk, stream, lang())
    first = before(answer)
    past = [] if first is None else await whole_history(desk, stream, first)
    return told_of(view, past, command, answer, sent_as)


def before(answer: Answer) -> int | None:
    """Give the version before what an answer names; None where it names nothing."""
    return min((event["seq"] - 1 for event in answer.events), default=None)


def told_of(
    view: Overview,
    past: Sequence[Past],
    command: str,
    answer: Answer,
    sent_as: str | None = None,
) -> Result:
    """Tell an answer, with the dialogue as it is now and its events since."""
    from desk.needs_meetings import waiting

    seqs = {event["seq"] for event in answer.events}
    unreached = waiting(view.state, past, seqs)

    def show(page: Page) -> None:
        if answer.repeated:
            page.line(_("This was done before; nothing was done again."), "open")
        if not answer.recorded:
            page.line(_("Accepted. It will be recorded when the record answers again."))
        for event in past:
            if event.seq in seqs:
                page.line(f"{event.seq:>4}  {told(view, event.members)}")
        warn(page, unreached)
        for advice in view.next_for(reader(sent_as))[:1]:
            page.line(_("Next, for example:"), "quiet")
            page.command(as_command(view.stream, advice, sent_as))

    return Result(_document(view.stream, command, answer, unreached), show)


def _document(
    stream: str, command: str, answer: Answer, unreached: Sequence[str]
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "dialogue": stream,
        "version": answer.version,
        "recorded": answer.recorded,
        "events": answer.events,
    }
    if command:
        data["id"] = command
    if answer.repeated:
        data["repeated"] = True
    if unreached:
        data["notReached"] = list(unreached)
    return data


async def recovered(desk: Desk) -> Result:
    """Restore every dialogue that was lost, and say what became of each."""
    from desk.recovery import restore_all
    from desk.saying import said

    found = [each async for each in restore_all(desk)]
    rows: list[dict[str, Any]] = [
        {
            "dialogue": each.stream,
            "restored": each.restored,
            "trouble": said(each.trouble, lang()) if each.trouble else None,
        }
        for each in found
    ]

    def show(page: Page) -> None:
        page.table(
            (
                row["dialogue"],
                Cell(row["trouble"], "alarm")
                if row["trouble"]
                else Cell(_("restored") if row["restored"] else _("was running")),
            )
            for row in rows
        )

    troubled = any(each.trouble for each in found)
    return Result({"dialogues": rows}, show, 1 if troubled else 0)

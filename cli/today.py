"""`polder today`: what needs me, over all my dialogues, each with one command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from cli.frame import command
from cli.options import As, OfOrganisation
from cli.page import Page, Result
from cli.settings import Call, Usage, asker, reader
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.requests import Waiting
    from desk.today import Task, Today
    from desk.undelivered import Subscription

PAGE: Final = 100
"""How many tasks are told at once, unless another number is asked for."""


@command(
    "",
    "today",
    mark("Tell what needs you today, over all your dialogues."),
    "polder today --as p-1",
    "polder today --as p-1 --kind agreement_overdue --kind deadline_passed",
)
async def today(
    call: Call,
    *,
    as_: As = None,
    organisation: OfOrganisation = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", metavar="KIND", help=mark("Only this kind; can be repeated.")
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1000, help=mark("So many at once."))
    ] = PAGE,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="PAGE", help=mark("Go on after that page.")),
    ] = None,
) -> Result:
    """List what needs an actor; without --as over all dialogues."""
    from desk.requests import waiting_for
    from desk.today import ORDER
    from desk.today import today as find
    from desk.undelivered import undelivered

    asks = asker(as_)
    kinds = kind or []
    if wrong := [each for each in kinds if each not in ORDER or not each]:
        known = ", ".join(each for each in ORDER if each)
        text = _("{kind} is no kind. There are: {known}")
        raise Usage(text.format(kind=wrong[0], known=known))
    asked = (reader(as_), lang(), organisation)
    async with call.desk() as desk:
        try:
            found = await find(desk, *asked, kinds=kinds, after=after, limit=limit)
        except ValueError:
            raise Usage(_("No page of today ended there.")) from None
        beside = Beside()
        if not kinds and after is None:
            now = datetime.now(UTC)
            beside = Beside(
                await undelivered(desk, reader(as_), organisation),
                await waiting_for(desk, asks, organisation, now),
            )
    return told_today(found, as_, organisation, kinds, limit, beside)


class Beside(NamedTuple):
    """What comes with the first page of the whole list, and is of no dialogue.

    ``subscriptions`` are those in trouble; ``requests`` those to erase that wait.
    """

    subscriptions: Sequence[Subscription] = ()
    requests: Sequence[Waiting] = ()


def told_today(  # noqa: PLR0917 (what was asked, and what was found)
    found: Today,
    as_: str | None,
    organisation: str | None,
    kinds: Sequence[str],
    limit: int,
    beside: Beside,
) -> Result:
    """Tell a page of what needs a reader, with the command for the next page.

    Where there is nothing beside it nothing is told of that.
    """
    from desk.requests import waiting_told
    from desk.undelivered import undelivered_told

    data: dict[str, Any] = {
        "tasks": [document(task, as_) for task in found.tasks],
        "counts": dict(found.counts),
        "after": found.after,
    }
    if beside.subscriptions:
        told = [undelivered_told(each, lang()) for each in beside.subscriptions]
        data["subscriptions"] = told
    if beside.requests:
        data["requests"] = [waiting_told(each) for each in beside.requests]
    again = _again(as_, organisation, kinds, limit)

    def tell(page: Page) -> None:
        if beside.subscriptions:
            _show_undelivered(page, beside.subscriptions)
        if beside.requests:
            _show_requests(page, beside.requests)
        if found.counts or not any(beside):
            show(page, found, as_, again)

    return Result(data, tell)


def _show_undelivered(page: Page, subscriptions: Sequence[Subscription]) -> None:
    from cli.showing_subscriptions import in_trouble
    from desk.undelivered import helps

    page.title(_("Events that do not arrive"))
    for each in subscriptions:
        page.line(in_trouble(each), "alarm")
        page.command(helps(each))


def _show_requests(page: Page, requests: Sequence[Waiting]) -> None:
    from desk.in_words.moments import days_away, short_day
    from desk.requests import helps

    many = len(requests)
    page.title(
        _("Somebody asks to be erased")
        if many == 1
        else _("{n} people ask to be erased").format(n=many)
    )
    for each in requests:
        until = f"{short_day(each.last_day)} ({days_away(each.left)})"
        told = f"{each.organisation}: {_('To be decided by:')} {until}"
        page.line(told, "alarm" if each.left < 0 else "open")
    for act in dict.fromkeys(map(helps, requests)):
        page.command(act)


def _again(
    as_: str | None, organisation: str | None, kinds: Sequence[str], limit: int
) -> str:
    """Give the command that asks the same, up to where its next page begins."""
    parts = ["polder today"]
    parts += [f"--as {as_}"] if as_ else []
    parts += [f"--organisation {organisation}"] if organisation else []
    parts += [f"--kind {kind}" for kind in kinds]
    parts += [f"--limit {limit}"] if limit != PAGE else []
    return " ".join(parts)


def _command(task: Task, as_: str | None) -> str:
    from cli.advising import as_command

    actor = reader(as_)
    if task.advice is not None:
        named = f"{actor}/{task.role}" if task.role and actor else as_
        return as_command(task.stream, task.advice, named)
    if task.kind == "unreadable":
        return "polder audit verify --all"
    if task.kind == "window_overdue":
        return "polder doctor"
    if task.kind == "meeting_soon":
        return f"polder dialogue meetings {task.stream} --meeting {task.target}"
    if task.kind == "suspended":
        return f"polder organisation suspensions {task.stream.partition(':')[0]}"
    return f"polder dialogue show {task.stream}"


def document(task: Task, as_: str | None) -> dict[str, Any]:
    """Give a task as JSON, with the command that would help."""
    day = task.due.last_day if task.due else task.date
    return {
        "dialogue": task.stream,
        "title": task.dialogue,
        "kind": task.kind,
        "target": task.target,
        "what": task.what,
        "lastDay": day.isoformat() if day else None,
        "closes": task.due.closes.isoformat() if task.due else None,
        "workingDaysLeft": task.due.working_days if task.due else None,
        "silent": list(task.silent),
        "command": _command(task, as_),
    }


def show(page: Page, found: Today, as_: str | None, again: str) -> None:
    """Show what needs a reader, most urgent first, then what can be gone on with.

    ``again`` is the command that asks for all of it.
    """
    if not found.counts:
        page.line(_("Nothing needs you today."), "good")
        return
    urgent = [task for task in found.tasks if task.kind != "go_on"]
    if set(found.counts) == {"go_on"}:
        page.line(_("Nothing is urgent today."), "good")
    for task in urgent:
        _show_one(page, task, as_)
    rest = [task for task in found.tasks if task.kind == "go_on"]
    if rest:
        page.title(_("You can go on with"))
        for task in rest:
            page.line(f"{task.dialogue}: {task.what}")
            page.command(_command(task, as_))
    if found.after is not None:
        total = sum(found.counts.values())
        text = _("There is more: {total} in all. The next page:")
        page.line(text.format(total=total))
        page.command(f"{again} --after {found.after}")


def _show_one(page: Page, task: Task, as_: str | None) -> None:
    from desk.in_words.moments import days_away, due_in, short_day
    from desk.in_words.standings import task_in_words

    words, mood = task_in_words(task)
    parts = [words]
    if task.due:
        parts.append(due_in(task.due))
    if task.date is not None and task.days is not None:
        parts.append(f"{short_day(task.date)} ({days_away(task.days)})")
    if task.silent:
        parts.append(_("silent: {n}").format(n=len(task.silent)))
    page.line(f"{task.dialogue}: {'; '.join(parts)}", mood)
    page.command(_command(task, as_))

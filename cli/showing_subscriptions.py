"""How subscriptions are shown: what they are, how they do, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.page import Cell, Mood, Page, Result
from cli.speech import _, lang

if TYPE_CHECKING:
    from desk.subscribing import Attempt, Dead, Subscription

_WELL = 0
_NOT_TAKEN = 1


def made_known(found: Subscription, secret: str | None) -> Result:
    """Show one that was made or changed; its secret where it is new."""
    from desk.subscriptions_told import subscription_told

    document = subscription_told(found)
    if secret is not None:
        document["secret"] = secret

    def show(page: Page) -> None:
        _head(page, found)
        if secret is not None:
            page.line(_("The secret is {secret}").format(secret=secret))
            page.line(_("It is shown this once."), "quiet")
        _what_helps(page, found)

    return Result(document, show)


def listed(found: Sequence[Subscription]) -> Result:
    """Show all."""
    from desk.subscriptions_told import subscription_told

    def show(page: Page) -> None:
        if not found:
            page.line(_("Nobody is subscribed to anything."))
        page.table(
            (
                (each.id, each.organisation, each.target, _standing(each), _lag(each))
                for each in found
            ),
            header=(
                _("subscription"),
                _("organisation"),
                _("target"),
                _("standing"),
                _("behind"),
            ),
        )

    return Result({"subscriptions": [subscription_told(e) for e in found]}, show)


def one(
    found: Subscription, attempts: Sequence[Attempt], dead: Sequence[Dead]
) -> Result:
    """Show one with its deliveries and dead letters."""
    from desk.subscriptions_told import attempt_told, dead_told, subscription_told

    document = {
        **subscription_told(found),
        "deliveries": [attempt_told(each) for each in attempts],
        "dead": [dead_told(each) for each in dead],
    }

    def show(page: Page) -> None:
        _head(page, found)
        _what_helps(page, found)
        if attempts:
            page.title(_("Deliveries, newest first"))
            page.table((_attempt(each) for each in attempts), indent=2)
        if dead:
            page.title(_("Dead letters"))
            rows = ((e.stream, str(e.seq), e.type, _why(e.problem)) for e in dead)
            page.table(rows, (), 2)
            page.command(f"polder subscription replay {found.id} --dead")

    return Result(document, show)


def tested(answered: Attempt | None) -> Result:
    """Show what came of a test; exit code 1 unless it was taken."""
    from desk.subscriptions_told import attempt_told

    taken = answered is not None and answered.outcome == "delivered"
    document: dict[str, Any] = {"taken": taken}
    if answered is not None:
        document["delivery"] = attempt_told(answered)

    def show(page: Page) -> None:
        if answered is None:
            page.line(_("No worker sent the test yet. Is one running?"), "alarm")
        elif taken:
            text = _("The receiver took it: {status}, after {milliseconds} ms.")
            page.line(
                text.format(status=answered.status, milliseconds=answered.milliseconds),
                "good",
            )
        else:
            text = _("The receiver did not take it: {problem}.")
            page.line(text.format(problem=_why(answered.problem)), "alarm")

    return Result(document, show, _WELL if taken else _NOT_TAKEN)


def changed(document: dict[str, Any], text: str) -> Result:
    """Show what was done, in a sentence."""
    return Result(document, lambda page: page.line(text, "good"))


def in_trouble(found: Subscription) -> str:
    """Say in one line whose events do not arrive where, since when and why."""
    text = f"{found.organisation} -> {found.target}: {_standing(found).text}"
    return f"{text}; {_why(found.problem)}" if found.problem else text


def _head(page: Page, found: Subscription) -> None:
    about = ", ".join(found.types or ()) or _("all events")
    where = ", ".join(found.dialogues or ()) or _("all dialogues")
    page.line(f"{found.id}  {found.organisation} -> {found.target}")
    page.line(f"{about}; {where}", "quiet", 2)
    standing = _standing(found)
    page.line(f"{standing.text}  {_lag(found)}", standing.mood, 2)
    if found.problem:
        page.line(_why(found.problem), "alarm", 2)


def _what_helps(page: Page, found: Subscription) -> None:
    if found.status == "disabled":
        page.command(f"polder subscription enable {found.id}")
    elif found.failing_since is not None:
        page.line(_("It is tried again by itself. To try now:"))
        page.command(f"polder subscription test {found.id}")


def _why(problem: str | None) -> str:
    """Say a problem in the language of this run."""
    from desk.remarks_deliveries import why

    return why(problem or "?", lang())


def _standing(found: Subscription) -> Cell:
    from desk.in_words.subscriptions import standing

    return Cell(*standing(found))


def _lag(found: Subscription) -> str:
    from desk.in_words.subscriptions import lag

    return lag(found)


def _attempt(each: Attempt) -> tuple[str | Cell, ...]:
    mood: Mood = "good" if each.outcome == "delivered" else "alarm"
    said = str(each.status) if each.status else _why(each.problem)
    return (
        str(each.id),
        f"{each.at:%Y-%m-%d %H:%M:%S}",
        each.stream or "-",
        str(each.seq or ""),
        each.type,
        Cell(said, mood),
        f"{each.milliseconds} ms",
    )
